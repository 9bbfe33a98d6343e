"""What happens next if nothing more is spent or edited."""

from dataclasses import replace
from datetime import date, datetime

from budgets.rules.clock import DAY, LocalClock, month_of, next_month_of
from budgets.rules.dated import days_of_change
from budgets.rules.decision import Facts, Figures, decide
from budgets.rules.reasons import PauseReason
from budgets.rules.rollover import Rollover

MAX_STEPS = 500
"""Every step passes a midnight, an opening or a flight's start; more than this is no answer."""

MONTHS_OF_DEBT = 24
"""How far ahead to look for the month that has paid off what was overspent."""

DAILY = PauseReason.DAILY_BUDGET | PauseReason.BRAND_DAILY_BUDGET


def resumes_at(facts: Facts, *, at: datetime, clock: LocalClock) -> datetime | None:
    """Return the first instant from `at` on, in UTC, at which no reason to pause is left.

    `facts` are those at `at`. `None` when only a person can bring the campaign back.
    """
    moment = at
    for _ in range(MAX_STEPS):
        later = facts_at(facts, known_at=at, at=moment, clock=clock)
        reasons = decide(later, today=clock.day(moment), slot=clock.slot(moment))
        if not reasons:
            return moment
        clears = [clears_at(reason, later, at=moment, clock=clock) for reason in reasons]
        known = [clear for clear in clears if clear is not None]
        if len(known) < len(clears):
            return None
        moment = max(known)
    return None


def facts_at(facts: Facts, *, known_at: datetime, at: datetime, clock: LocalClock) -> Facts:
    """Return what the facts known at one instant become at a later one.

    New periods start at 0, and budgets are those dated for the day.
    """
    known, day = clock.day(known_at), clock.day(at)
    if day == known:
        return facts
    return replace(
        facts,
        daily=facts.daily.handed_on().on(day),
        monthly=in_month_of(day, facts.monthly, known=known),
        brand_daily=facts.brand_daily.handed_on().on(day),
        brand_monthly=in_month_of(day, facts.brand_monthly, known=known),
    )


def in_month_of(day: date, figures: Figures, *, known: date) -> Figures:
    """Return what figures known on one day become by a later one, each month handing to the next.

    A month is judged by the budget of its last day.
    """
    month, last = month_of(known), month_of(day)
    while month < last:
        month = next_month_of(month)
        figures = figures.on(month - DAY).handed_on()
    return figures.on(day)


def clears_at(
    reason: PauseReason, facts: Facts, *, at: datetime, clock: LocalClock
) -> datetime | None:
    """Return the first instant after `at`, in UTC, at which this one reason is gone by itself.

    `None` when only a person can lift it: a hold, an ended flight, a budget of 0 to which no other
    is planned.
    """
    if reason == PauseReason.OUTSIDE_FLIGHT:
        starts_on = facts.starts_on
        return clock.start_of(starts_on) if starts_on and clock.day(at) < starts_on else None
    if reason == PauseReason.OUTSIDE_SCHEDULE:
        return facts.hours.next_opening(at, clock) if facts.hours else None
    figures = figures_of(reason, facts)
    if figures is None:
        return None
    period_ends = {clock.next_day(at) if reason in DAILY else clock.next_month(at)}
    if figures.rollover.rollover == Rollover.BOTH:
        period_ends |= coming_months(at, clock)
    dated = days_of_change(figures.dated, after=clock.day(at))
    for moment in sorted({*period_ends, *map(clock.start_of, dated)}):
        later = figures_of(reason, facts_at(facts, known_at=at, at=moment, clock=clock))
        if later is not None and not later.is_reached:
            return moment
    return None


def coming_months(at: datetime, clock: LocalClock) -> set[datetime]:
    """Return the beginnings of the months after an instant in which a debt may be paid off."""
    month, beginnings = clock.month(at), set()
    for _ in range(MONTHS_OF_DEBT):
        month = next_month_of(month)
        beginnings.add(clock.start_of(month))
    return beginnings


def figures_of(reason: PauseReason, facts: Facts) -> Figures | None:
    """Return the spend and budget a budget reason is about, `None` for the other reasons."""
    return {
        PauseReason.DAILY_BUDGET: facts.daily,
        PauseReason.MONTHLY_BUDGET: facts.monthly,
        PauseReason.BRAND_DAILY_BUDGET: facts.brand_daily,
        PauseReason.BRAND_MONTHLY_BUDGET: facts.brand_monthly,
    }.get(reason)
