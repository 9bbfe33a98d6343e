"""The connector to the mock platform: it answers, and fails, as real ones do."""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from random import Random

from django.conf import settings

from budgets.connectors.base import (
    AccountFacts,
    Answer,
    BudgetOrder,
    Capability,
    Connector,
    CredentialField,
    Limits,
    ListedCampaign,
    Login,
    Order,
    ReportedDay,
    ReportedEvent,
)
from budgets.connectors.errors import (
    CredentialsError,
    PermanentError,
    RateLimited,
    TemporaryError,
)
from budgets.connectors.mock.billing import Billing
from budgets.connectors.mock.facts import MockAccount
from budgets.connectors.mock.platform import MockPlatform
from budgets.connectors.mock.traffic import Traffic
from budgets.rules.clock import Clock
from budgets.rules.money import to_micros, to_units
from budgets.rules.status import RunStatus

RETRY_AFTER = timedelta(seconds=2)


def installed_platform() -> MockPlatform:
    """Return the mock platform of this installation, whose processes share its file."""
    return MockPlatform(settings.VAR_DIR / "mock_platform.sqlite3")


class MockConnector(Connector):
    """Spend that depends on the status, late and restated reports, and faults on demand."""

    name = "mock"
    title = "Mock platform"
    capabilities = (
        Capability.DAY_TOTALS
        | Capability.EVENTS
        | Capability.SET_STATUS
        | Capability.READ_STATUS
        | Capability.LIST_CAMPAIGNS
        | Capability.SET_BUDGETS
    )
    limits = Limits(batch_size=500, calls_a_minute=600, timeout=timedelta(seconds=10))
    credential_fields: tuple[CredentialField, ...] = (
        CredentialField(
            name="token",
            label="Access token",
            help="Shown on the account's own page at the mock platform.",
        ),
    )

    def __init__(
        self,
        platform: MockPlatform | None = None,
        *,
        clock: Clock = lambda: datetime.now(UTC),
        sleep: Callable[[float], None] = time.sleep,
        seed: object = None,
        traffic: Traffic | None = None,
    ) -> None:
        self.platform = platform or installed_platform()
        self.clock = clock
        self.sleep = sleep
        self.random = Random(repr(seed)) if seed is not None else Random()
        self.traffic = traffic or Traffic()

    @contextmanager
    def calling(self, login: Login) -> Iterator[MockAccount]:
        """Let a call in, or fail it in one of the ways that the account is set to fail in."""
        account = self.platform.account(login.external_id)
        if account is None:
            raise PermanentError(
                f"The mock platform has no account “{login.external_id}”; is its ID right?"
            )
        self.sleep(account.latency_ms / 1_000)
        if account.is_down:
            raise TemporaryError("The mock platform does not answer.")
        if not account.token or login.credentials.get("token") != account.token:
            raise CredentialsError(
                "The access token is not valid; enter the account's present one."
            )
        if self.fails(account.limited_permille):
            raise RateLimited("Too many calls to the mock platform.", retry_after=RETRY_AFTER)
        if self.fails(account.error_permille):
            raise TemporaryError("The mock platform answered 503.")
        yield account
        if self.fails(account.timeout_permille):
            raise TemporaryError("The mock platform did not answer in time.")

    def fails(self, permille: int) -> bool:
        return self.random.randrange(1_000) < permille

    def describe(self, login: Login) -> AccountFacts:
        with self.calling(login) as account:
            return AccountFacts(
                name=account.name, timezone=account.timezone, currency=account.currency
            )

    def read_days(
        self, login: Login, campaigns: Sequence[str], *, first: date, last: date
    ) -> Iterable[ReportedDay]:
        with self.calling(login) as account:
            now = self.clock()
            billing = Billing(self.platform, account, self.traffic)
            known = self.platform.campaigns(account.id, campaigns)
            return [
                ReportedDay(campaign.id, day, to_units(micros), account.currency, now)
                for campaign, days in billing.totals(known, now=now)
                for day, micros in sorted(days.items())
                if first <= day <= last
            ]

    def read_events(
        self, login: Login, campaigns: Sequence[str], *, since: datetime, until: datetime
    ) -> Iterable[ReportedEvent]:
        """Yield a charge for each minute; corrections of days are not events."""
        with self.calling(login) as account:
            now = self.clock()
            billing = Billing(self.platform, account, self.traffic)
            return [
                ReportedEvent(
                    key=f"{campaign.id}:{charge.at.isoformat()}",
                    campaign=campaign.id,
                    occurred_at=charge.at,
                    amount=to_units(charge.micros),
                    currency=account.currency,
                )
                for campaign in self.platform.campaigns(account.id, campaigns)
                for charge in billing.charges(campaign, since, min(until, now))
                if billing.shown_at(campaign, charge.at) <= now
            ]

    def set_status(self, login: Login, orders: Sequence[Order]) -> Sequence[Answer]:
        with self.calling(login) as account:
            stands = self.platform.set_status(account.id, orders, now=self.clock())
            return [
                Answer(
                    campaign, None if stands.get(campaign) is status else refusal(stands, campaign)
                )
                for campaign, status in orders
            ]

    def read_status(self, login: Login, campaigns: Sequence[str]) -> Mapping[str, RunStatus]:
        with self.calling(login) as account:
            return self.platform.statuses(account.id, campaigns)

    def list_campaigns(self, login: Login) -> Iterable[ListedCampaign]:
        with self.calling(login) as account:
            return [
                ListedCampaign(
                    campaign.id,
                    campaign.name,
                    campaign.status,
                    None if campaign.budget_micros is None else to_units(campaign.budget_micros),
                )
                for campaign in self.platform.campaigns(account.id)
            ]

    def set_budgets(self, login: Login, orders: Sequence[BudgetOrder]) -> Sequence[Answer]:
        with self.calling(login) as account:
            wanted = {campaign: to_micros(amount) for campaign, amount in orders}
            stands = self.platform.set_budgets(account.id, wanted)
            can = {key for key, status in stands.items() if status is not RunStatus.REMOVED}
            return [
                Answer(campaign, None if campaign in can else refusal(stands, campaign))
                for campaign, _ in orders
            ]


def refusal(stands: Mapping[str, RunStatus], campaign: str) -> PermanentError:
    if campaign in stands:
        return PermanentError("The campaign was removed on the mock platform.")
    return PermanentError("The mock platform does not know this campaign; is its ID right?")
