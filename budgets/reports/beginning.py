"""The beginning: how far an installation is on its way to work by itself, for somebody's brands."""

from dataclasses import dataclass
from datetime import datetime

from budgets.access.scope import within
from budgets.connectors.mock import MockConnector
from budgets.models import PlatformAccount, Spend
from budgets.models.brand_scope import BrandScope
from budgets.reports.dashboard import Board


@dataclass(frozen=True, slots=True, kw_only=True)
class Beginning:
    """What is there already, and by when the checks are to have run."""

    has_brands: bool
    has_campaigns: bool
    has_spend: bool
    is_checked: bool
    checked_by: datetime | None

    @property
    def is_over(self) -> bool:
        return self.has_brands and self.has_campaigns and self.has_spend and self.is_checked


def beginning(shown: Board, *, scope: BrandScope) -> Beginning | None:
    """Return how far the beginning is; nothing once it is over, or where a demo shows it all."""
    health = shown.system_status.health
    found = Beginning(
        has_brands=bool(shown.brands),
        has_campaigns=bool(shown.campaigns),
        has_spend=any(total.month for total in shown.totals) or has_spend(shown, scope),
        is_checked=health.is_checked,
        checked_by=health.checked_by,
    )
    return None if found.is_over or (found.has_spend and is_demo()) else found


def has_spend(shown: Board, scope: BrandScope) -> bool:
    return bool(shown.campaigns) and within(scope, Spend.objects.all()).exists()


def is_demo() -> bool:
    return PlatformAccount.objects.filter(connector=MockConnector.name).exists()
