"""Pace: is each brand's month on its way to its budget, and what may a day still spend?"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from budgets.models import Brand, Campaign, Spend
from budgets.models.fields import MoneySum
from budgets.reports.figures import BrandFigures
from budgets.rules.clock import DAY, month_of, next_month_of
from budgets.rules.hours import WeekHours
from budgets.rules.money import sum_to_micros, to_micros, to_units
from budgets.rules.pacing import (
    Progress,
    all_hours_of,
    band,
    pacing,
    progress,
    projected,
    recommended_daily,
    spending_days,
    target_to_date,
)

RECENT_DAYS = 28
"""Four of each weekday: what a projection learns from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """A brand's month so far against a plan spread over its scheduled hours.

    `pacing` is 1 on plan; `None` without a monthly budget. `verdict` is "on", "ahead" or "behind".
    """

    so_far: Progress
    pacing: Decimal | None
    target: Decimal | None
    projected: Decimal
    recommended: Decimal | None

    @property
    def verdict(self) -> str:
        """Say in a word whether the pacing lies within the band that tightens to the end."""
        if self.pacing is None:
            return ""
        off = self.pacing - 1
        if abs(off) <= band(self.so_far):
            return "on"
        return "ahead" if off > 0 else "behind"


def paces_for(
    brands: Iterable[Brand], figures: Mapping[int, BrandFigures], *, now: datetime
) -> dict[int, Pace]:
    """Return the pace of each brand's local month at the instant; two queries."""
    brands = list(brands)
    hours = hours_by_brand(brands)
    history = history_by_brand(brands, now=now)
    return {
        brand.pk: pace(brand, figures[brand.pk], hours[brand.pk], history[brand.pk], now=now)
        for brand in brands
    }


def pace(
    brand: Brand,
    figures: BrandFigures,
    hours: WeekHours | None,
    history: Mapping[date, int],
    *,
    now: datetime,
) -> Pace:
    """Work out one brand's pace from its figures, hours and recent days."""
    clock = brand.clock
    today = clock.day(now)
    month, following = month_of(today), next_month_of(today)
    so_far = progress(hours, clock.start_of(month), clock.start_of(following), now=now, clock=clock)
    spent = sum_to_micros(figures.month.spent)
    before_today = spent - sum_to_micros(figures.today.spent)
    budget = None if figures.month.budget is None else to_micros(figures.month.budget)
    last_day = following - DAY
    target = target_to_date(budget, so_far)
    share = recommended_daily(budget, before_today, spending_days(hours, today, last_day))
    ends_at = projected(before_today, spent - before_today, history, today=today, last_day=last_day)
    return Pace(
        so_far=so_far,
        pacing=pacing(spent, budget, so_far),
        target=None if target is None else to_units(target),
        projected=to_units(ends_at),
        recommended=None if share is None else to_units(share),
    )


def hours_by_brand(brands: list[Brand]) -> dict[int, WeekHours | None]:
    """Return when at least one campaign of each brand may run; `None` is always."""
    weeks: dict[int, list[WeekHours | None]] = defaultdict(list)
    rows = (
        Campaign.objects.filter(brand__in=[brand.pk for brand in brands])
        .order_by()
        .values_list("brand_id", "schedule_id", "schedule__week")
        .distinct()
    )
    for brand_id, schedule_id, week in rows:
        weeks[brand_id].append(WeekHours(week=bytes(week)) if schedule_id and week else None)
    return {brand.pk: all_hours_of(weeks[brand.pk]) for brand in brands}


def history_by_brand(brands: list[Brand], *, now: datetime) -> dict[int, dict[date, int]]:
    """Return what each brand spent on each recent whole day, from its first such day on."""
    days = {brand.pk: brand.clock.day(now) for brand in brands}
    history: dict[int, dict[date, int]] = {pk: {} for pk in days}
    if not days:
        return history
    rows = (
        Spend.objects.filter(
            campaign__brand__in=list(days),
            day__gte=min(days.values()) - RECENT_DAYS * DAY,
            day__lt=max(days.values()),
        )
        .order_by("day")
        .values_list("campaign__brand_id", "day")
        .annotate(total=MoneySum("amount"))
    )
    for brand_id, day, total in rows:
        if day < days[brand_id]:
            history[brand_id][day] = sum_to_micros(total)
    return {pk: without_gaps(spent, until=days[pk]) for pk, spent in history.items()}


def without_gaps(spent: dict[date, int], *, until: date) -> dict[date, int]:
    """Return every day from the first one with spend; days without any count as 0."""
    if not spent:
        return {}
    first = min(spent)
    days = (first + n * DAY for n in range((until - first).days))
    return {day: spent.get(day, 0) for day in days}
