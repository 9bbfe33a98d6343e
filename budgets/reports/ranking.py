"""Which brand needs a look first, and what all of them spent: a view over every brand.

For a large agency this is a pass over all campaigns, so it is kept for half a minute. The figures
beside each brand shown are always of the instant.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal

from django.core.cache import cache

from budgets.access.scope import within
from budgets.models import Brand
from budgets.models.brand_scope import BrandScope
from budgets.reports.figures import NOTHING, BrandFigures, PeriodFigures, brand_figures_for

LIVE_BRANDS = 500
"""Up to this many brands are ranked at every look."""

KEPT_SECONDS = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class CurrencyTotal:
    """What all brands of one currency spent; money is never added across currencies."""

    currency: str
    brands: int
    today: Decimal
    month: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranking:
    """The brands within scope, nearest to a limit first, and their sums.

    One of the instant brings the brands and figures it was made from; one that was kept does not.
    """

    brand_ids: list[int]
    totals: list[CurrencyTotal]
    campaigns: int
    brands: dict[int, Brand] = field(default_factory=dict)
    figures: dict[int, BrandFigures] = field(default_factory=dict)


def ranking(*, now: datetime, scope: BrandScope) -> Ranking:
    """Return the ranking at the instant, or one that is up to half a minute old."""
    rows = within(scope, Brand.objects.order_by("name", "id"))
    some = list(rows[: LIVE_BRANDS + 1])
    if len(some) <= LIVE_BRANDS:
        return rank(some, now=now)
    whose = "all" if scope.all_brands else f"{scope._meta.label_lower}-{scope.pk}"
    kept: Ranking | None = cache.get(f"ranking-{whose}")
    if kept is None:
        kept = replace(rank(list(rows), now=now), brands={}, figures={})
        cache.set(f"ranking-{whose}", kept, KEPT_SECONDS)
    return kept


def rank(brands: list[Brand], *, now: datetime) -> Ranking:
    figures = brand_figures_for(brands, now=now)
    ranked = sorted(brands, key=lambda brand: trouble(figures[brand.pk]), reverse=True)
    return Ranking(
        brand_ids=[brand.pk for brand in ranked],
        totals=totals_of(brands, figures),
        campaigns=sum(each.running + each.paused for each in figures.values()),
        brands={brand.pk: brand for brand in brands},
        figures=figures,
    )


def trouble(figures: BrandFigures) -> Decimal:
    """Return how near a brand is to a limit, or how far beyond: the share of the tighter one."""
    return max(nearness(figures.today), nearness(figures.month))


def nearness(period: PeriodFigures) -> Decimal:
    """Return spend ÷ budget; a budget of 0 is reached, no budget is never near."""
    if period.budget == 0:
        return Decimal(1)
    return period.utilisation or NOTHING


def totals_of(brands: list[Brand], figures: Mapping[int, BrandFigures]) -> list[CurrencyTotal]:
    groups: dict[str, list[BrandFigures]] = defaultdict(list)
    for brand in brands:
        groups[brand.currency].append(figures[brand.pk])
    return [
        CurrencyTotal(
            currency=currency,
            brands=len(group),
            today=sum((each.today.spent for each in group), NOTHING),
            month=sum((each.month.spent for each in group), NOTHING),
        )
        for currency, group in sorted(groups.items())
    ]
