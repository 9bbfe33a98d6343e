"""What every connector can do: read spend, and send whether a campaign may run."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignRef:
    """A campaign as a platform needs to know it."""

    campaign_id: int
    external_id: str | None
    currency: str
    timezone: str
    daily_budget: Decimal | None
    is_running: bool
    sources: frozenset[str] = frozenset()
    """The names of the spend sources that its brand has set up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SpendReport:
    """Money the platform says was spent: once for each key, in units of the currency."""

    key: str
    campaign_id: int
    occurred_at: datetime
    amount: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """What the platform answered about one campaign."""

    campaign_id: int
    is_confirmed: bool
    error: str = ""


class Connector(Protocol):
    """One ad platform. Calls may be repeated; none is made inside a transaction."""

    name: str

    def read_spend(
        self, campaigns: Sequence[CampaignRef], *, since: datetime, until: datetime
    ) -> Iterable[SpendReport]:
        """Yield what was spent in `[since, until)`; the same span yields the same keys."""
        ...

    def send_status(self, campaigns: Sequence[CampaignRef]) -> Iterable[Delivery]:
        """Tell the platform which campaigns may run; sending the same twice is harmless."""
        ...
