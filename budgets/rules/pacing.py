"""Pace spend against the plan: is it on its way to the budget, and what may be spent a day?

Money is in micros, time in seconds. Formulas: Adpulse (pacing, target, recommended), ppchero and
Marin (projection by weekday), Optmyzr (a band that tightens towards the period's end).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from budgets.rules.clock import DAY, QUARTERS_PER_DAY, LocalClock
from budgets.rules.hours import OPEN, WeekHours

QUARTER_SECONDS = 900
WIDEST_BAND, TIGHTENING = 25, 24


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How much of a period's scheduled time has passed."""

    elapsed_seconds: int
    total_seconds: int

    @property
    def share(self) -> Decimal:
        """The elapsed share of the scheduled time, 0 to 1; a period without any has passed."""
        if not self.total_seconds:
            return Decimal(1)
        return Decimal(self.elapsed_seconds) / self.total_seconds


def progress(
    hours: WeekHours | None, start: datetime, end: datetime, *, now: datetime, clock: LocalClock
) -> Progress:
    """Return the progress of the period [start, end) at the instant; no hours are all hours."""
    reached = min(max(now, start), end)
    return Progress(
        elapsed_seconds=open_seconds(hours, start, reached, clock),
        total_seconds=open_seconds(hours, start, end, clock),
    )


def open_seconds(hours: WeekHours | None, start: datetime, end: datetime, clock: LocalClock) -> int:
    """Return for how many seconds of [start, end) the hours are open on the clock."""
    if hours is None or hours.always_open:
        return (end - start) // timedelta(seconds=1)
    return sum(open_in_day(hours, *span, clock) for span in days_between(start, end, clock))


def days_between(
    start: datetime, end: datetime, clock: LocalClock
) -> Iterator[tuple[datetime, datetime]]:
    """Cut [start, end) at the local midnights."""
    while start < end:
        following = min(clock.next_day(start), end)
        yield start, following
        start = following


def open_in_day(hours: WeekHours, start: datetime, end: datetime, clock: LocalClock) -> int:
    """Return the open seconds of a span within one local day."""
    day = clock.day(start)
    if (end - start) == DAY and clock.slot(start) % QUARTERS_PER_DAY == 0:
        return hours.on(day).count(OPEN) * QUARTER_SECONDS
    seconds = 0
    # A part of a day, or one on which clocks change: quarter by quarter, as the wall shows them.
    while start < end:
        following = min(clock.after_quarters(start, 1), end)
        if hours.is_open(clock.slot(start), day):
            seconds += (following - start) // timedelta(seconds=1)
        start = following
    return seconds


def pacing(
    spent_micros: int, budget_micros: int | None, so_far: Progress, *, before_micros: int = 0
) -> Decimal | None:
    """Return spend ÷ target to date: 1 is on plan; `None` where there is no target yet."""
    target = target_to_date(budget_micros, so_far, before_micros=before_micros)
    return None if not target else Decimal(spent_micros) / target


def target_to_date(
    budget_micros: int | None, so_far: Progress, *, before_micros: int = 0
) -> int | None:
    """Return what a plan spread over the scheduled time would have spent by now.

    What was spent `before` the plan began is part of the budget; the rest of it is spread.
    """
    if budget_micros is None:
        return None
    already = min(max(before_micros, 0), budget_micros)
    return already + int((budget_micros - already) * so_far.share)


def off_plan(pacing: Decimal, so_far: Progress) -> Decimal:
    """Return how far above or below plan the spend is, as a share of plan; 0 within the band."""
    off = pacing - 1
    return off if abs(off) > band(so_far) else Decimal(0)


def band(so_far: Progress) -> Decimal:
    """Return how far off 1 the pacing may be and still be on plan: ±25 % at first, ±1 % at last."""
    return (WIDEST_BAND - TIGHTENING * so_far.share) / 100


def daily_average(history: Mapping[date, int], weekday: int) -> int:
    """Return what a day of this weekday spends, from recent whole days; any day's if none is one.

    `history` maps each recent day to its spend, 0 where nothing was spent.
    """
    alike = [micros for day, micros in history.items() if day.weekday() == weekday]
    days = alike or list(history.values())
    return sum(days) // len(days) if days else 0


def projected(
    spent_before_today_micros: int,
    spent_today_micros: int,
    history: Mapping[date, int],
    *,
    today: date,
    first_day: date,
    last_day: date,
) -> int:
    """Return what the period ends at if its days go on as recent ones of the same weekday.

    Only the days [first_day, last_day] spend. Today counts with what it already spent when that is
    more.
    """
    averages = [daily_average(history, weekday) for weekday in range(7)]
    start = max(today, first_day)
    days = [start + n * DAY for n in range((last_day - start).days + 1)]
    coming = sum(averages[day.weekday()] for day in days if day > today)
    usual = averages[today.weekday()] if today in days else 0
    return spent_before_today_micros + max(spent_today_micros, usual) + coming


def recommended_daily(
    budget_micros: int | None,
    spent_before_today_micros: int,
    spending_days: int,
    *,
    most_micros: int | None = None,
) -> int | None:
    """Return what remains ÷ the remaining spending days, today among them.

    Never below 0, never above the `most` that a day may spend; `None` there is no limit.
    """
    if budget_micros is None or not spending_days:
        return None
    share = max(0, budget_micros - spent_before_today_micros) // spending_days
    return share if most_micros is None else min(share, most_micros)


def spending_days(hours: WeekHours | None, first: date, last: date) -> int:
    """Return on how many of the days [first, last] the hours open at all."""
    days = (first + n * DAY for n in range((last - first).days + 1))
    return sum(hours is None or OPEN in hours.on(day) for day in days)
