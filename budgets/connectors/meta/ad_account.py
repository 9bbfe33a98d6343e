"""One ad account of Meta: its spend, its campaigns, their statuses and budgets."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Any, Self

from facebook_business.adobjects.adaccount import AdAccount
from facebook_business.adobjects.campaign import Campaign
from facebook_business.api import FacebookAdsApi, FacebookResponse

from budgets.connectors.base import (
    AccountFacts,
    Answer,
    BudgetOrder,
    ListedCampaign,
    Login,
    Order,
    ReportedDay,
)
from budgets.connectors.errors import ConnectorError, PermanentError
from budgets.connectors.meta.api import leave_room, opened
from budgets.connectors.meta.money import in_smallest, in_units
from budgets.connectors.meta.refusals import calling, refused
from budgets.rules.status import RunStatus

PAGE, MOST_IDS = 500, 50
ALL_BUT_DELETED = ["ACTIVE", "PAUSED", "ARCHIVED", "IN_PROCESS", "WITH_ISSUES"]
"""Archived ones are left out of lists unless they are asked for; deleted ones are in none."""

STATUSES = {"ACTIVE": RunStatus.RUNNING, "PAUSED": RunStatus.PAUSED}

UNKNOWN = "Meta does not know this campaign in this account; is its ID right, or was it deleted?"
REMOVED = "The campaign is archived on Meta."
NO_DAILY = "It has no daily budget of its own there: its ad sets have, or it has one for its run."


@dataclass(frozen=True, slots=True)
class OpenAdAccount:
    """An ad account, as its login opens it. All calls raise `ConnectorError`s."""

    there: AdAccount
    api: FacebookAdsApi
    login: Login

    @classmethod
    def of(cls, login: Login, *, timeout: timedelta) -> Self:
        api = opened(login.credentials, timeout=timeout)
        number = login.external_id.strip().removeprefix("act_")
        if not (number.isascii() and number.isdecimal()):
            raise PermanentError("Write the account ID as Meta shows it: digits only.")
        return cls(AdAccount(f"act_{number}", api=api), api, login)

    def leave_room(self) -> None:
        """Raise `RateLimited` where nothing should be read now that no stop waits for."""
        leave_room(self.login.credentials["access_token"])

    def describe(self) -> AccountFacts:
        with calling():
            facts = self.there.api_get(fields=["name", "timezone_name", "currency"])
        return AccountFacts(
            name=facts.get("name") or self.there.get_id(),
            timezone=facts["timezone_name"],
            currency=facts["currency"],
        )

    def days(self, campaigns: Iterable[str], *, first: date, last: date) -> Iterator[ReportedDay]:
        wanted, as_of = set(campaigns), datetime.now(UTC)
        if not wanted:
            return
        self.leave_room()
        params = {
            "level": "campaign",
            "time_increment": 1,
            "time_range": {"since": first.isoformat(), "until": last.isoformat()},
            "filtering": [status_among("campaign.effective_status", [*ALL_BUT_DELETED, "DELETED"])],
            "limit": PAGE,
        }
        fields = ["campaign_id", "spend", "account_currency", "date_start", "impressions"]
        with calling():
            for row in self.there.get_insights(fields=fields, params=params):
                if row["campaign_id"] in wanted:
                    yield ReportedDay(
                        campaign=row["campaign_id"],
                        day=date.fromisoformat(row["date_start"]),
                        total=Decimal(row["spend"]),
                        currency=row["account_currency"],
                        as_of=as_of,
                    )

    def statuses(self, campaigns: Iterable[str]) -> dict[str, RunStatus]:
        return {key: status_of(row) for key, row in self.found(campaigns, ["status"]).items()}

    def listed(self) -> Iterator[ListedCampaign]:
        self.leave_room()
        for row in self.campaigns(["name", "status", "daily_budget"]):
            budget = row.get("daily_budget")
            yield ListedCampaign(
                campaign=row["id"],
                name=row["name"],
                status=status_of(row),
                daily_budget=in_units(budget, self.login.currency) if budget else None,
            )

    def set_status(self, orders: Sequence[Order]) -> list[Answer]:
        """Set the statuses of campaigns of this account in one batch request."""
        names = {status: name for name, status in STATUSES.items()}
        return self.carry_out(
            [(campaign, {"status": names[status]}) for campaign, status in orders],
            lambda _row: None,
        )

    def set_budgets(self, orders: Sequence[BudgetOrder]) -> list[Answer]:
        """Set the daily budgets of campaigns of this account that have one of their own."""
        return self.carry_out(
            [
                (campaign, {"daily_budget": in_smallest(amount, self.login.currency)})
                for campaign, amount in orders
            ],
            lambda row: None if row.get("daily_budget") else PermanentError(NO_DAILY),
        )

    def carry_out(
        self,
        edits: Sequence[tuple[str, Mapping[str, object]]],
        why_not: Callable[[Any], ConnectorError | None],
    ) -> list[Answer]:
        """Edit campaigns, each by itself; what a request left open has no answer.

        IDs are good in every account that the token opens, so they are looked up in this one first.
        """
        found = self.found([campaign for campaign, _ in edits], ["status", "daily_budget"])
        answers: dict[str, ConnectorError | None] = {}
        batch = self.api.new_batch()
        for campaign, values in edits:
            row = found.get(campaign)
            if row is None:
                answers[campaign] = PermanentError(UNKNOWN)
            elif status_of(row) is RunStatus.REMOVED:
                answers[campaign] = PermanentError(REMOVED)
            elif refusal := why_not(row):
                answers[campaign] = refusal
            else:
                heard = partial(note, answers, campaign)
                batch.add("POST", campaign, params=values, success=heard, failure=heard)
        with calling():
            batch.execute()
        return [Answer(campaign, answers[campaign]) for campaign, _ in edits if campaign in answers]

    def found(self, campaigns: Iterable[str], fields: Sequence[str]) -> dict[str, Any]:
        """Return the campaigns of this account among those of the IDs."""
        ids = {campaign for campaign in campaigns if campaign.isascii() and campaign.isdecimal()}
        if not ids:
            return {}
        # So many IDs have room in an address; of more, all that there are cost fewer calls.
        among = [{"field": "id", "operator": "IN", "value": sorted(ids)}]
        rows = self.campaigns(fields, *(among if len(ids) <= MOST_IDS else []))
        return {row["id"]: row for row in rows if row["id"] in ids}

    def campaigns(self, fields: Sequence[str], *among: Mapping[str, object]) -> Iterator[Campaign]:
        filtering = [status_among("effective_status", ALL_BUT_DELETED), *among]
        params = {"filtering": filtering, "limit": PAGE}
        with calling():
            yield from self.there.get_campaigns(fields=["id", *fields], params=params)


def status_among(field: str, values: Sequence[str]) -> dict[str, object]:
    return {"field": field, "operator": "IN", "value": values}


def status_of(row: Any) -> RunStatus:
    """Return what a campaign's own status means."""
    return STATUSES.get(row["status"], RunStatus.REMOVED)


def note(
    answers: dict[str, ConnectorError | None], campaign: str, response: FacebookResponse
) -> None:
    """Note what became of one call of a batch."""
    answers[campaign] = refused(response.error()) if response.is_failure() else None
