"""What stands behind every stand-in for a platform: one account with campaigns, and its bills."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from typing import NamedTuple

from budgets.connectors.mock import MockPlatform
from budgets.connectors.mock.billing import Billing
from budgets.connectors.mock.facts import MockAccount, MockCampaign
from budgets.connectors.mock.platform import IN_MEMORY
from budgets.connectors.mock.traffic import Traffic
from budgets.rules.status import RunStatus

CAMPAIGNS = {"1": RunStatus.RUNNING, "2": RunStatus.PAUSED, "3": RunStatus.REMOVED}
"""The campaigns that an account is opened with."""


class Billed(NamedTuple):
    campaign: str
    day: date
    micros: int


class Behind:
    """An account in Kolkata, in rupees, whose clock is ours to set."""

    def __init__(self, account_id: str, *, token: str = "") -> None:
        self.clock: Callable[[], datetime] = lambda: datetime.now(UTC)
        self.platform = MockPlatform(IN_MEMORY)
        self.account = MockAccount(
            id=account_id, name="Chai", currency="INR", timezone="Asia/Kolkata", token=token
        )
        self.platform.save_account(self.account)

    def open(self, key: str, status: RunStatus) -> None:
        """Make a campaign."""
        now = self.clock()
        campaign = MockCampaign(
            id=key,
            name=f"Tea | {status}",
            status=status,
            daily_budget_micros=500_000_000,
            since=now,
            settled_until=now,
        )
        self.platform.add_campaigns(self.account.id, [campaign], now=now)

    def open_all(self) -> None:
        for key, status in CAMPAIGNS.items():
            self.open(key, status)

    def campaigns(self) -> list[MockCampaign]:
        return self.platform.campaigns(self.account.id)

    def billed(self, first: date, last: date, *campaigns: str) -> Iterator[Billed]:
        """Yield what campaigns, or these of them, were charged on the days."""
        billing = Billing(self.platform, self.account, Traffic())
        chosen = self.platform.campaigns(self.account.id, campaigns or None)
        for campaign, days in billing.totals(chosen, now=self.clock()):
            for day, micros in sorted(days.items()):
                if first <= day <= last:
                    yield Billed(campaign.id, day, micros)
