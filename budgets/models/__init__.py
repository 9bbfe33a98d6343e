"""What the system remembers."""

from budgets.models.brand import Brand
from budgets.models.brand_access import BrandAccess
from budgets.models.campaign import Campaign
from budgets.models.change import Change, Trigger
from budgets.models.feed_numbering import FeedNumbering
from budgets.models.heartbeat import Heartbeat, UndecidedBrand
from budgets.models.hours.exception_day import ExceptionDay
from budgets.models.job import Job, JobState
from budgets.models.keys.api_key import ApiKey, KeyScope
from budgets.models.keys.given_answer import GivenAnswer
from budgets.models.keys.key_secret import KeySecret
from budgets.models.ledger.campaign_match import CampaignMatch
from budgets.models.ledger.column_mapping import ColumnMapping
from budgets.models.ledger.folded_key import FoldedKey
from budgets.models.ledger.imported_batch import ImportedBatch
from budgets.models.ledger.reported_total import ReportedTotal
from budgets.models.ledger.source import Source
from budgets.models.password_link import PasswordLink
from budgets.models.periods.dated_budget import DatedBudget
from budgets.models.periods.period import Period
from budgets.models.periods.rollover import RolledOver
from budgets.models.platforms.account_exchange import AccountExchange, Direction, Failure
from budgets.models.platforms.found_campaign import FoundCampaign
from budgets.models.platforms.linked_campaign import LinkedCampaign
from budgets.models.platforms.platform_account import PlatformAccount
from budgets.models.platforms.platform_budget import PlatformBudget
from budgets.models.schedule import Schedule
from budgets.models.sign_in.access_event import AccessEvent, AccessKind
from budgets.models.sign_in.two_step_role import TwoStepRole
from budgets.models.spend import LedgerEntry, Spend
from budgets.models.statement import Statement

__all__ = [
    "AccessEvent",
    "AccessKind",
    "AccountExchange",
    "ApiKey",
    "Brand",
    "BrandAccess",
    "Campaign",
    "CampaignMatch",
    "Change",
    "ColumnMapping",
    "DatedBudget",
    "Direction",
    "ExceptionDay",
    "Failure",
    "FeedNumbering",
    "FoldedKey",
    "FoundCampaign",
    "GivenAnswer",
    "Heartbeat",
    "ImportedBatch",
    "Job",
    "JobState",
    "KeyScope",
    "KeySecret",
    "LedgerEntry",
    "LinkedCampaign",
    "PasswordLink",
    "Period",
    "PlatformAccount",
    "PlatformBudget",
    "ReportedTotal",
    "RolledOver",
    "Schedule",
    "Source",
    "Spend",
    "Statement",
    "Trigger",
    "TwoStepRole",
    "UndecidedBrand",
]
