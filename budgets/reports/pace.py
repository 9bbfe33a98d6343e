"""Pace: is a month on its way to its budget, and what may a day still spend?

One rule for brands and campaigns. A brand's hours are those of any of its campaigns; a campaign's
plan lies within its flight.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from budgets.models import Brand, Campaign, Schedule, Spend
from budgets.models.fields import MoneySum
from budgets.models.hours.opening import openings_of
from budgets.reports.figures import BrandFigures, CampaignFigures
from budgets.reports.plan import planned_since
from budgets.rules.clock import DAY, month_of, next_month_of
from budgets.rules.exceptions import any_of
from budgets.rules.hours import WeekHours
from budgets.rules.money import sum_to_micros, to_micros, to_units
from budgets.rules.pacing import (
    Progress,
    off_plan,
    pacing,
    progress,
    projected,
    recommended_daily,
    spending_days,
    target_to_date,
)

RECENT_DAYS = 28
"""Four of each weekday: what a projection learns from."""

Row = Brand | Campaign
SpentByDay = Mapping[date, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """A month so far against a plan spread over its scheduled hours.

    `pacing` is 1 on plan; `None` without a monthly budget, and while there is nothing to judge: the
    plan `starts_today`, or has yet to start.
    """

    so_far: Progress
    pacing: Decimal | None
    target: Decimal | None
    projected: Decimal
    recommended: Decimal | None
    starts_today: bool

    @property
    def off_plan(self) -> Decimal | None:
        """How far off the spend is, as a share of plan; 0 within the band that tightens."""
        return None if self.pacing is None else off_plan(self.pacing, self.so_far)


def paces_for(
    rows: Sequence[Row], figures: Mapping[int, BrandFigures | CampaignFigures], *, now: datetime
) -> dict[int, Pace]:
    """Return the pace of the local month of rows of one model, by their ids; five queries at most.

    Campaigns come with their brands loaded.
    """
    hours, history = hours_of(rows), history_of(rows, now=now)
    since = planned_since(rows, now=now)
    return {
        row.pk: pace(
            row, figures[row.pk], hours[row.pk], history[row.pk], since=since.get(row.pk), now=now
        )
        for row in rows
    }


def pace(
    row: Row,
    figures: BrandFigures | CampaignFigures,
    hours: WeekHours | None,
    history: SpentByDay,
    *,
    since: date | None,
    now: datetime,
) -> Pace:
    """Work out the pace of one row from its figures, hours and recent days."""
    clock = row.clock
    today = clock.day(now)
    month, last_of_month = month_of(today), next_month_of(today) - DAY
    opens, ends = flight_of(row)
    first = max(month, since or month, opens or month)
    last = max(first - DAY, min(last_of_month, ends or last_of_month))
    so_far = progress(
        hours, clock.start_of(first), clock.start_of(last + DAY), now=now, clock=clock
    )
    spent = sum_to_micros(figures.month.spent)
    before_today = spent - sum_to_micros(figures.today.spent)
    before_plan = sum(micros for day, micros in history.items() if month <= day < first)
    budget = None if figures.month.budget is None else sum_to_micros(figures.month.budget)
    is_planned = first <= today and first <= last and since != today
    planned = budget if is_planned else None
    target = target_to_date(planned, so_far, before_micros=before_plan)
    days = spending_days(hours, max(today, first), last)
    is_reached = budget is not None and spent >= budget  # paused: no day spends any more
    used = spent if is_reached else before_today
    share = recommended_daily(budget, used, days, most_micros=most_a_day(row))
    ends_at = projected(
        before_today,
        spent - before_today,
        recent_days(history, until=today),
        today=today,
        first_day=first,
        last_day=last,
    )
    if is_reached:
        ends_at = spent
    return Pace(
        so_far=so_far,
        pacing=pacing(spent, planned, so_far, before_micros=before_plan),
        target=None if target is None else to_units(target),
        projected=to_units(ends_at),
        recommended=None if share is None else to_units(share),
        starts_today=budget is not None and since == today,
    )


def flight_of(row: Row) -> tuple[date | None, date | None]:
    return (row.starts_on, row.ends_on) if isinstance(row, Campaign) else (None, None)


def most_a_day(row: Row) -> int | None:
    """Return the most that a day of the row may spend: a campaign's within its brand's."""
    limits = [row.daily_budget]
    if isinstance(row, Campaign):
        limits.append(row.brand.daily_budget)
    return min((to_micros(limit) for limit in limits if limit is not None), default=None)


def hours_of(rows: Sequence[Row]) -> dict[int, WeekHours | None]:
    """Return when each row may run; `None` is always."""
    brands = [row for row in rows if isinstance(row, Brand)]
    campaigns = [row for row in rows if isinstance(row, Campaign)]
    schedules = Schedule.objects.in_bulk({c.schedule_id for c in campaigns} - {None})
    known = openings_of(schedules.values(), [c.brand for c in campaigns])
    own = {c.pk: known.hours(c.schedule_id, c.brand_id) for c in campaigns}
    return own | (hours_by_brand(brands) if brands else {})


def hours_by_brand(brands: Sequence[Brand]) -> dict[int, WeekHours | None]:
    """Return when at least one campaign of each brand may run; `None` is always."""
    used: dict[int, set[int | None]] = defaultdict(set)
    schedules: dict[int, Schedule] = {}
    rows = Campaign.objects.filter(brand__in=[brand.pk for brand in brands]).order_by()
    columns = ("brand_id", "schedule_id", "schedule__week", "schedule__exceptions_read")
    for brand_id, pk, week, text in rows.values_list(*columns).distinct():
        used[brand_id].add(pk)
        if pk is not None:
            schedules[pk] = Schedule(pk=pk, week=week, exceptions_read=text)
    known = openings_of(schedules.values(), brands)
    return {
        brand.pk: any_of(known.hours(each, brand.pk) for each in used[brand.pk]) for brand in brands
    }


def history_of(rows: Sequence[Row], *, now: datetime) -> dict[int, SpentByDay]:
    """Return what each row spent on each whole day of this month and of the recent ones."""
    days = {row.pk: row.clock.day(now) for row in rows}
    history: dict[int, dict[date, int]] = {pk: {} for pk in days}
    if not days:
        return {}
    key = "campaign" if isinstance(rows[0], Campaign) else "campaign__brand"
    first = min(min(day - RECENT_DAYS * DAY, month_of(day)) for day in days.values())
    spent = (
        Spend.objects.filter(
            **{f"{key}__in": list(days)}, day__gte=first, day__lt=max(days.values())
        )
        .order_by("day")
        .values_list(f"{key}_id", "day")
        .annotate(total=MoneySum("amount"))
    )
    for pk, day, total in spent:
        if day < days[pk]:
            history[pk][day] = sum_to_micros(total)
    return {**history}


def recent_days(spent: SpentByDay, *, until: date) -> dict[date, int]:
    """Return every recent day from the first one with spend; days without any count as 0."""
    first = min((day for day in spent if day >= until - RECENT_DAYS * DAY), default=until)
    days = (first + n * DAY for n in range((until - first).days))
    return {day: spent.get(day, 0) for day in days}
