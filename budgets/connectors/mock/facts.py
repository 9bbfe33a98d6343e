"""What the mock platform knows of an account and of a campaign."""

from dataclasses import dataclass
from datetime import datetime

from budgets.connectors.mock.traffic import Advertiser
from budgets.rules.status import RunStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class MockAccount:
    """An account, and what is wrong with it."""

    id: str
    name: str
    currency: str
    timezone: str
    token: str
    """Whoever shows it is let in."""
    latency_ms: int = 0
    lag_minutes: int = 0
    """At most so long after it was charged, a minute shows in reports."""
    restated_permille: int = 0
    """By at most so much a day's total is corrected, three times within the next three days."""
    is_down: bool = False
    timeout_permille: int = 0
    """So many of a thousand calls are carried out, and never answered."""
    error_permille: int = 0
    limited_permille: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class MockCampaign:
    """A campaign with its statuses through time, oldest first."""

    id: str
    name: str
    status: RunStatus
    daily_budget_micros: int | None
    since: datetime
    settled_until: datetime
    flips: tuple[tuple[datetime, RunStatus], ...] = ()
    budget_micros: int | None = None
    """A daily budget that somebody set there: it is kept and shown, and stops nothing."""

    def is_running_at(self, at: datetime) -> bool:
        last = next((status for since, status in reversed(self.flips) if since <= at), None)
        return last is RunStatus.RUNNING

    def advertiser(self, account: MockAccount) -> Advertiser:
        return Advertiser(
            key=self.id,
            currency=account.currency,
            timezone=account.timezone,
            daily_budget_micros=self.daily_budget_micros,
        )
