"""What happens next if nothing more is spent or edited."""

from dataclasses import replace
from datetime import datetime

from budgets.rules.clock import LocalClock
from budgets.rules.dated import days_of_change
from budgets.rules.decision import Facts, Figures, decide
from budgets.rules.reasons import PauseReason

MAX_STEPS = 500
"""Every step passes a midnight, an opening or a flight's start; more than this is no answer."""

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
    day = clock.day(at)
    if day == clock.day(known_at):
        return facts
    daily, brand_daily = unspent(facts.daily), unspent(facts.brand_daily)
    monthly, brand_monthly = facts.monthly, facts.brand_monthly
    if clock.month(at) != clock.month(known_at):
        monthly, brand_monthly = unspent(monthly), unspent(brand_monthly)
    return replace(
        facts,
        daily=daily.on(day),
        monthly=monthly.on(day),
        brand_daily=brand_daily.on(day),
        brand_monthly=brand_monthly.on(day),
    )


def unspent(figures: Figures) -> Figures:
    """Return the figures of a new period under the same budget."""
    return replace(figures, spent_micros=0)


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
    period_ends = clock.next_day(at) if reason in DAILY else clock.next_month(at)
    dated = days_of_change(figures.dated, after=clock.day(at))
    for moment in sorted({period_ends, *map(clock.start_of, dated)}):
        later = figures_of(reason, facts_at(facts, known_at=at, at=moment, clock=clock))
        if later is not None and not later.is_reached:
            return moment
    return None


def figures_of(reason: PauseReason, facts: Facts) -> Figures | None:
    """Return the spend and budget a budget reason is about, `None` for the other reasons."""
    return {
        PauseReason.DAILY_BUDGET: facts.daily,
        PauseReason.MONTHLY_BUDGET: facts.monthly,
        PauseReason.BRAND_DAILY_BUDGET: facts.brand_daily,
        PauseReason.BRAND_MONTHLY_BUDGET: facts.brand_monthly,
    }.get(reason)
