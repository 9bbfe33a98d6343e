"""The dashboard: every brand on one line, worst first, and whether the system_status is alive."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Subquery

from budgets.access.scope import within
from budgets.models import Brand, Campaign, LedgerEntry, LinkedCampaign
from budgets.models.brand_scope import BrandScope
from budgets.reports.diagnostics.health import Health, health
from budgets.reports.figures import BrandFigures, brand_figures_for
from budgets.reports.pace import Pace, paces_for
from budgets.reports.platforms import AccountState, troubled_accounts
from budgets.reports.ranking import CurrencyTotal, ranking
from budgets.rules.reasons import PauseReason, main_reason

LINES_A_PAGE = 25
ENTRIES_LOOKED_AT = 10_000
NEWEST_ENTRIES = 500
MOST_UNDELIVERED = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class BrandLine:
    """One brand of the dashboard."""

    brand: Brand
    figures: BrandFigures
    pace: Pace
    paused_by: list[tuple[PauseReason, int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class SystemStatus:
    """Whether money comes in, tasks run and the platform is told."""

    sources: list[tuple[str, datetime]]
    health: Health
    undelivered: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """One page of the dashboard."""

    lines: list[BrandLine]
    totals: list[CurrencyTotal]
    system_status: SystemStatus
    troubles: list[AccountState]
    brands: int
    campaigns: int
    page: int
    pages: int


def board(*, now: datetime, scope: BrandScope, page: int = 1) -> Board:
    """Return a page of the brands in scope at the instant, in a constant number of queries."""
    order = ranking(now=now, scope=scope)
    pages = max(1, -(-len(order.brand_ids) // LINES_A_PAGE))
    page = min(max(page, 1), pages)
    shown = order.brand_ids[(page - 1) * LINES_A_PAGE : page * LINES_A_PAGE]
    found = order.brands or within(scope, Brand.objects.filter(pk__in=shown)).in_bulk()
    brands = [found[brand_id] for brand_id in shown if brand_id in found]
    figures = order.figures or brand_figures_for(brands, now=now)
    return Board(
        lines=lines_of(brands, figures, now=now),
        totals=order.totals,
        system_status=system_status(now=now, scope=scope),
        troubles=troubled_accounts(scope),
        brands=len(order.brand_ids),
        campaigns=order.campaigns,
        page=page,
        pages=pages,
    )


def lines_of(
    brands: list[Brand], figures: Mapping[int, BrandFigures], *, now: datetime
) -> list[BrandLine]:
    paces = paces_for(brands, figures, now=now)
    paused = paused_by_main_reason(brands)
    return [
        BrandLine(
            brand=brand,
            figures=figures[brand.pk],
            pace=paces[brand.pk],
            paused_by=sorted(paused[brand.pk].items()),
        )
        for brand in brands
    ]


def paused_by_main_reason(brands: Iterable[Brand]) -> dict[int, dict[PauseReason, int]]:
    """Count each brand's paused campaigns, each once: by the first of its reasons."""
    counts: dict[int, dict[PauseReason, int]] = defaultdict(lambda: defaultdict(int))
    rows = (
        Campaign.objects.paused()
        .filter(brand__in=[brand.pk for brand in brands])
        .order_by()
        .values_list("brand_id", "reasons")
        .annotate(campaigns=Count("id"))
    )
    for brand_id, reasons, campaigns in rows:
        counts[brand_id][main_reason(PauseReason(reasons))] += campaigns
    return counts


def system_status(*, now: datetime, scope: BrandScope) -> SystemStatus:
    return SystemStatus(
        sources=newest_by_source(scope),
        health=health(now=now),
        undelivered=within(scope, LinkedCampaign.objects.unconfirmed())[:MOST_UNDELIVERED].count(),
    )


def newest_by_source(scope: BrandScope) -> list[tuple[str, datetime]]:
    """Return when each source of the brands in scope was last heard of, of those not long silent.

    It looks at the ids before the newest, so that the ledger of a small brand is not searched for.
    """
    last = Subquery(LedgerEntry.objects.order_by("-id").values("id")[:1])
    recent = within(scope, LedgerEntry.objects.filter(pk__gt=last - ENTRIES_LOOKED_AT))
    newest: dict[str, datetime] = {}
    rows = recent.order_by("-id").values_list("source", "recorded_at")
    for source, recorded_at in rows[:NEWEST_ENTRIES]:
        newest[source] = max(recorded_at, newest.get(source, recorded_at))
    return sorted(newest.items())
