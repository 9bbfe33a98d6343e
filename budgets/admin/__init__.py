"""The admin: where people work. Importing the package registers every page."""

from budgets.admin import (
    brand,
    campaign,
    campaign_matches,
    changes,
    dashboard,
    periodic_tasks,
    recurring_tasks,
    schedule,
    sign_in,
    sources,
    statements,
)
from budgets.admin.api_keys import admin as api_keys
from budgets.admin.dated import admin as dated_budgets
from budgets.admin.jobs import admin as jobs
from budgets.admin.people import roles, users
from budgets.admin.platforms import accounts as platform_accounts
from budgets.admin.platforms import links as linked_campaigns
from budgets.admin.sign_in import gate
from budgets.admin.spend import admin as spend

__all__ = [
    "api_keys",
    "brand",
    "campaign",
    "campaign_matches",
    "changes",
    "dashboard",
    "dated_budgets",
    "gate",
    "jobs",
    "linked_campaigns",
    "periodic_tasks",
    "platform_accounts",
    "recurring_tasks",
    "roles",
    "schedule",
    "sign_in",
    "sources",
    "spend",
    "statements",
    "users",
]
