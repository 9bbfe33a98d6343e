"""One customer of Google Ads: its spend, its campaigns, their statuses and budgets."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Self

from google.ads.googleads.v26.enums.types.budget_period import BudgetPeriodEnum
from google.ads.googleads.v26.enums.types.campaign_status import CampaignStatusEnum

from budgets.connectors.base import (
    AccountFacts,
    Answer,
    BudgetOrder,
    ListedCampaign,
    Login,
    Order,
    ReportedDay,
)
from budgets.connectors.errors import ConnectorError, PermanentError, TemporaryError
from budgets.connectors.google_ads import queries
from budgets.connectors.google_ads.client import OpenClient, only_digits, opened
from budgets.connectors.google_ads.refusals import UNKNOWN, WRONG_ID, calling, error_of
from budgets.rules.money import to_micros, to_units
from budgets.rules.status import RunStatus

BudgetPeriod = BudgetPeriodEnum.BudgetPeriod
CampaignStatus = CampaignStatusEnum.CampaignStatus

DIGITS_OF_CUSTOMER = 10
LONGEST_ID = 19
"""Digits of an int64."""
READING = timedelta(seconds=60)

SHARED = "It shares its budget with other campaigns there; give it one of its own."
NO_DAILY = "It has no daily budget there, but one for its whole run."

UNSAID = "Google Ads did not say what became of it."

Refusals = dict[str, ConnectorError | None]

STATUS_NUMBERS = {
    RunStatus.RUNNING: CampaignStatus.ENABLED,
    RunStatus.PAUSED: CampaignStatus.PAUSED,
}
STATUSES_BY_NUMBER = {number: status for status, number in STATUS_NUMBERS.items()}


@dataclass(frozen=True, slots=True)
class Customer:
    """A customer, as its login opens it. All calls raise `ConnectorError`s."""

    id: str
    there: OpenClient
    timeout: timedelta

    @classmethod
    def of(cls, login: Login, *, timeout: timedelta) -> Self:
        there = opened(login.credentials, timeout=timeout)
        customer_id = only_digits(login.external_id)
        if not customer_id.isdecimal() or len(customer_id) != DIGITS_OF_CUSTOMER:
            raise PermanentError("Write the account ID as Google Ads shows it: 123-456-7890.")
        return cls(customer_id, there, timeout)

    def describe(self) -> AccountFacts:
        rows = self.rows(queries.FACTS)
        if not rows:
            raise PermanentError(WRONG_ID)
        there = rows[0].customer
        name = there.descriptive_name or self.id
        return AccountFacts(name=name, timezone=there.time_zone, currency=there.currency_code)

    def days(self, campaigns: Iterable[str], *, first: date, last: date) -> Iterator[ReportedDay]:
        as_of = datetime.now(UTC)
        for row in self.rows_of(queries.DAYS, campaigns, first=first, last=last):
            yield ReportedDay(
                campaign=str(row.campaign.id),
                day=date.fromisoformat(row.segments.date),
                total=to_units(row.metrics.cost_micros),
                currency=row.customer.currency_code,
                as_of=as_of,
            )

    def statuses(self, campaigns: Iterable[str]) -> dict[str, RunStatus]:
        rows = self.rows_of(queries.STATUSES, campaigns)
        return {str(row.campaign.id): status_of(row.campaign) for row in rows}

    def listed(self) -> Iterator[ListedCampaign]:
        for row in self.rows(queries.CAMPAIGNS):
            budget = row.campaign_budget
            yield ListedCampaign(
                campaign=str(row.campaign.id),
                name=row.campaign.name,
                status=status_of(row.campaign),
                daily_budget=to_units(budget.amount_micros) if is_daily(budget) else None,
            )

    def set_status(self, orders: Sequence[Order]) -> list[Answer]:
        """Set statuses in one call of which a part may fail."""
        operations = []
        for campaign, status in (each for each in orders if is_id(each.campaign)):
            operation = self.there.new("CampaignOperation")
            operation.update.resource_name = f"customers/{self.id}/campaigns/{campaign}"
            operation.update.status = STATUS_NUMBERS[status]
            operation.update_mask.paths.append("status")
            operations.append((campaign, operation))
        refused = self.mutate("Campaign", operations)
        unknown = PermanentError(UNKNOWN)
        return [Answer(each.campaign, refused.get(each.campaign, unknown)) for each in orders]

    def set_budgets(self, orders: Sequence[BudgetOrder]) -> list[Answer]:
        """Set the daily budgets of campaigns that have one to themselves."""
        rows = self.rows_of(queries.BUDGETS, (each.campaign for each in orders))
        found = {str(row.campaign.id): row for row in rows}
        refused: Refusals = {
            each.campaign: why_no_budget(found.get(each.campaign)) for each in orders
        }
        operations = []
        for campaign, amount in (each for each in orders if not refused[each.campaign]):
            operation = self.there.new("CampaignBudgetOperation")
            operation.update.resource_name = found[campaign].campaign.campaign_budget
            operation.update.amount_micros = to_micros(amount)
            operation.update_mask.paths.append("amount_micros")
            operations.append((campaign, operation))
        refused |= self.mutate("CampaignBudget", operations)
        return [Answer(each.campaign, refused[each.campaign]) for each in orders]

    def mutate(self, kind: str, operations: Sequence[tuple[str, Any]]) -> Refusals:
        """Carry out operations, each by itself; return what kept each campaign's from it."""
        if not operations:
            return {}
        request = self.there.new(f"Mutate{kind}sRequest")
        request.customer_id = self.id
        request.partial_failure = True
        request.operations.extend(operation for _, operation in operations)
        service = self.there.service(f"{kind}Service")
        call = {"Campaign": "mutate_campaigns", "CampaignBudget": "mutate_campaign_budgets"}[kind]
        with calling():
            response = getattr(service, call)(
                request=request, retry=None, timeout=self.timeout.total_seconds()
            )
        errors = self.partial_errors(response)
        return {
            campaign: None if result.resource_name else errors.get(at, TemporaryError(UNSAID))
            for at, ((campaign, _), result) in enumerate(
                zip(operations, response.results, strict=True)
            )
        }

    def partial_errors(self, response: Any) -> dict[int, ConnectorError]:
        """Return what went wrong, by the index of the operation."""
        errors: dict[int, ConnectorError] = {}
        for detail in response.partial_failure_error.details:
            failure = self.there.new("GoogleAdsFailure")
            if detail.Unpack(failure):
                for error in failure.errors:
                    where = error.location.field_path_elements
                    errors.setdefault(where[0].index if where else 0, error_of(error))
        return errors

    def rows_of(self, query: str, campaigns: Iterable[str], **values: object) -> list[Any]:
        """Return the rows of a query about campaigns; what is no ID of Google's has none."""
        ids = ", ".join(campaign for campaign in campaigns if is_id(campaign))
        return self.rows(query.format(ids=ids, **values)) if ids else []

    def rows(self, query: str) -> list[Any]:
        """Return the rows of a query, all of them.

        A stream that is left open is cancelled when it is collected, maybe by the thread for which
        the next call waits: gRPC would wait for itself, for ever.
        """
        service = self.there.service("GoogleAdsService")
        request = self.there.new("SearchGoogleAdsStreamRequest")
        request.customer_id, request.query = self.id, " ".join(query.split())
        with calling():
            parts = service.search_stream(
                request=request, retry=None, timeout=READING.total_seconds()
            )
            return [row for part in parts for row in part.results]


def why_no_budget(row: Any) -> ConnectorError | None:
    """Return why a campaign's budget cannot be set, as the platform has it."""
    if row is None:
        return PermanentError(UNKNOWN)
    if row.campaign_budget.explicitly_shared:
        return PermanentError(SHARED)
    return None if is_daily(row.campaign_budget) else PermanentError(NO_DAILY)


def status_of(campaign: Any) -> RunStatus:
    return STATUSES_BY_NUMBER.get(campaign.status, RunStatus.REMOVED)


def is_daily(budget: Any) -> bool:
    return bool(budget.period == BudgetPeriod.DAILY)


def is_id(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= LONGEST_ID
