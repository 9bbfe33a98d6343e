"""Spend beside budget, today and this month, for a page of campaigns or brands at once."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q

from budgets.models import Brand, Campaign, Spend
from budgets.models.facts import in_micros
from budgets.models.fields import MoneySum
from budgets.rules.clock import month_of, next_month_of

NOTHING = Decimal("0.00")
MOST_NAMED = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodFigures:
    """What was spent in one period and what may be; no budget means no limit."""

    spent: Decimal
    budget: Decimal | None
    currency: str
    carried: Decimal = NOTHING
    """What of the budget the month before handed to it, or took from it."""

    @property
    def utilisation(self) -> Decimal | None:
        """Spend ÷ budget; `None` where there is no budget, or a budget of 0, to divide by."""
        return self.spent / self.budget if self.budget else None

    @property
    def is_reached(self) -> bool:
        """Whether the budget is reached, by rule R1."""
        return in_micros(self.spent, self.budget).is_reached

    @property
    def is_over(self) -> bool:
        """Whether more was spent than the budget allows."""
        return self.budget is not None and self.spent > self.budget


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignFigures:
    """Where a campaign stands in its brand's local day and month."""

    today: PeriodFigures
    month: PeriodFigures


@dataclass(frozen=True, slots=True, kw_only=True)
class BrandFigures:
    """Where the sum over a brand's campaigns stands, and how many of them run."""

    today: PeriodFigures
    month: PeriodFigures
    running: int
    paused: int


def figures_for(campaigns: Iterable[Campaign], *, now: datetime) -> dict[int, CampaignFigures]:
    """Return the figures of campaigns whose brands are loaded, at the instant, by their ids."""
    campaigns = list(campaigns)
    days = {c.pk: c.brand.clock.day(now) for c in campaigns}
    ahead = [c.pk for c in campaigns if c.day is not None and c.day > days[c.pk]]
    read = spent_by_campaign({pk: days[pk] for pk in ahead})
    figures = {}
    for c in campaigns:
        spent_today, spent_month = read.get(c.pk) or standing(c, days[c.pk])
        currency = c.brand.currency
        figures[c.pk] = CampaignFigures(
            today=PeriodFigures(spent=spent_today, budget=c.daily_budget, currency=currency),
            month=PeriodFigures(spent=spent_month, budget=c.monthly_budget, currency=currency),
        )
    return figures


def standing(campaign: Campaign, today: date) -> tuple[Decimal, Decimal]:
    """Return the stored totals as far as they belong to the day and its month."""
    return (
        campaign.day_spent if campaign.day == today else NOTHING,
        campaign.month_spent if campaign.month == month_of(today) else NOTHING,
    )


def spent_by_campaign(days: dict[int, date]) -> dict[int, tuple[Decimal, Decimal]]:
    """Read day and month from the ledger's days: for totals that lie ahead of the clock."""
    if not days:
        return {}
    return sums("campaign_id", {day: Q(campaign__in=ids) for day, ids in grouped(days).items()})


def brand_figures_for(brands: Iterable[Brand], *, now: datetime) -> dict[int, BrandFigures]:
    """Return the figures of brands at the instant, by their ids: one query, two at most.

    A month's budget is what may be spent in it, with what was carried over.
    """
    brands = list(brands)
    days = {brand.pk: brand.clock.day(now) for brand in brands}
    rows = {row["brand_id"]: row for row in standings(brands, days)}
    ahead = {pk: days[pk] for pk, row in rows.items() if row["ahead"]}
    read = sums(
        "campaign__brand_id",
        {day: Q(campaign__brand__in=ids) for day, ids in grouped(ahead).items()},
    )
    return {
        b.pk: brand_figures(b, rows.get(b.pk, {}), read.get(b.pk), today=days[b.pk]) for b in brands
    }


def brand_figures(
    brand: Brand, row: dict[str, Any], read: tuple[Decimal, Decimal] | None, *, today: date
) -> BrandFigures:
    spent_today, spent_month = read or (row.get("today") or NOTHING, row.get("this") or NOTHING)
    currency, month = brand.currency, month_of(today)
    return BrandFigures(
        today=PeriodFigures(spent=spent_today, budget=brand.daily_budget, currency=currency),
        month=PeriodFigures(
            spent=spent_month,
            budget=brand.limit_in(month),
            currency=currency,
            carried=brand.carried_in(month) if brand.monthly_budget else NOTHING,
        ),
        running=row.get("running", 0),
        paused=row.get("paused", 0),
    )


def standings(brands: Collection[Brand], days: dict[int, date]) -> Iterable[dict[str, Any]]:
    """Sum the stored totals over each brand's campaigns, each where its own day is today's."""
    zones: dict[date, set[str]] = defaultdict(set)
    for brand in brands:
        zones[days[brand.pk]].add(brand.timezone)
    if not zones:
        return []
    today = this_month = ahead = Q()
    # At any instant the world shows three dates at most.
    for day, names in zones.items():
        here = Q(brand__timezone__in=names)
        today |= here & Q(day=day)
        this_month |= here & Q(month=month_of(day))
        ahead |= here & Q(day__gt=day)
    # A list of ids costs more than it saves once most brands are in it; rows of others are unused.
    some = {"brand__in": [brand.pk for brand in brands]} if len(brands) <= MOST_NAMED else {}
    rows: Any = (
        Campaign.objects.filter(**some)
        .order_by()
        .values("brand_id")
        .annotate(
            today=MoneySum("day_spent", filter=today),
            this=MoneySum("month_spent", filter=this_month),
            ahead=Count("id", filter=ahead),
            running=Count("id", filter=Q(reasons=0)),
            paused=Count("id", filter=Q(reasons__gt=0)),
        )
    )
    return list(rows)


def sums(key: str, groups: dict[date, Q]) -> dict[int, tuple[Decimal, Decimal]]:
    """Sum the ledger's days of each group's day and month, by the key; one query."""
    if not groups:
        return {}
    on_day = in_month = Q()
    for day, of_group in groups.items():
        on_day |= of_group & Q(day=day)
        in_month |= of_group & Q(day__gte=month_of(day), day__lt=next_month_of(day))
    rows = (
        Spend.objects.filter(in_month)
        .order_by()
        .values_list(key)
        .annotate(today=MoneySum("amount", filter=on_day), month=MoneySum("amount"))
    )
    return {pk: (today or NOTHING, month or NOTHING) for pk, today, month in rows}


def grouped(days: dict[int, date]) -> dict[date, list[int]]:
    ids: dict[date, list[int]] = defaultdict(list)
    for pk, day in days.items():
        ids[day].append(pk)
    return ids
