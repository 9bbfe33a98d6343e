"""Which of several dated budgets counts on a day, and on which days that changes."""

from datetime import date, datetime, timedelta

import pytest

from budgets.rules.clock import LocalClock
from budgets.rules.dated import DatedAmount, days_of_change, in_force
from budgets.rules.decision import Facts, Figures
from budgets.rules.outlook import clears_at, resumes_at
from budgets.rules.reasons import PauseReason
from tests.builders import an_instant

PARIS = LocalClock.of("Europe/Paris")
NOON = an_instant("2026-03-10 12:00", "Europe/Paris")


def march(day: int) -> date:
    return date(2026, 3, day)


def dated(micros: int | None, first: int, last: int | None = None) -> DatedAmount:
    ends_on = march(last) if last else None
    return DatedAmount(starts_on=march(first), ends_on=ends_on, micros=micros)


PLAN = [dated(60, 1), dated(200, 12, 20), dated(10, 14, 15), dated(None, 25)]


@pytest.mark.parametrize(
    "day, micros",
    [(1, 60), (11, 60), (12, 200), (14, 10), (15, 10), (16, 200), (20, 200), (21, 60), (25, None)],
)
def test_the_latest_start_that_covers_the_day_counts(day: int, micros: int | None) -> None:
    found = in_force(PLAN, march(day))
    assert found is not None
    assert found.micros == micros


def test_before_the_first_none_counts() -> None:
    assert in_force(PLAN, date(2026, 2, 28)) is None
    assert in_force([], march(1)) is None


def test_it_changes_where_one_begins_and_after_one_ends() -> None:
    days = days_of_change(PLAN, after=march(11))
    assert [day.day for day in days] == [12, 14, 16, 21, 25]


def test_one_that_ends_with_the_calendar_ends_nothing() -> None:
    forever = DatedAmount(starts_on=march(1), ends_on=date.max, micros=1)
    assert days_of_change([forever], after=march(1)) == []


def facts(
    daily: Figures | None = None,
    monthly: Figures | None = None,
    brand_daily: Figures | None = None,
    brand_monthly: Figures | None = None,
) -> Facts:
    no_limit = Figures(spent_micros=0, budget_micros=None)
    return Facts(
        is_held=False,
        brand_is_held=False,
        starts_on=None,
        ends_on=None,
        hours=None,
        daily=daily or no_limit,
        monthly=monthly or no_limit,
        brand_daily=brand_daily or no_limit,
        brand_monthly=brand_monthly or no_limit,
    )


def midnight_of(day: int) -> datetime:
    return PARIS.start_of(march(day))


def test_a_raise_planned_within_the_month_lets_it_run_again() -> None:
    plan = [dated(500, 1), dated(400, 12), dated(900, 20)]
    reached = Figures(spent_micros=500, budget_micros=500, dated=plan)
    given = facts(Figures(spent_micros=500, budget_micros=None), reached)
    assert clears_at(PauseReason.MONTHLY_BUDGET, given, at=NOON, clock=PARIS) == midnight_of(20)
    assert resumes_at(given, at=NOON, clock=PARIS) == midnight_of(20)


def test_a_budget_of_nothing_lasts_until_another_is_planned() -> None:
    nothing = Figures(spent_micros=0, budget_micros=0, dated=[dated(0, 1), dated(50, 14)])
    assert resumes_at(facts(nothing), at=NOON, clock=PARIS) == midnight_of(14)
    alone = Figures(spent_micros=0, budget_micros=0, dated=[dated(0, 1)])
    assert resumes_at(facts(alone), at=NOON, clock=PARIS) is None


@pytest.mark.parametrize("name", ["daily", "monthly", "brand_daily", "brand_monthly"])
def test_each_of_the_four_budgets_may_be_planned(name: str) -> None:
    nothing = Figures(spent_micros=0, budget_micros=0, dated=[dated(0, 1), dated(50, 14)])
    assert resumes_at(facts(**{name: nothing}), at=NOON, clock=PARIS) == midnight_of(14)


def test_a_day_without_budget_is_waited_for_past_days_of_nothing() -> None:
    plan = [dated(60, 1), dated(0, 11, 13)]
    reached = Figures(spent_micros=60, budget_micros=60, dated=plan)
    assert resumes_at(facts(reached), at=NOON, clock=PARIS) == midnight_of(14)


def test_a_reason_that_a_plan_brings_back_is_waited_for_too() -> None:
    month = [dated(500, 1), dated(900, 12, 12), dated(1000, 20)]
    day = [dated(60, 1), dated(0, 12, 12)]
    given = facts(
        Figures(spent_micros=60, budget_micros=60, dated=day),
        Figures(spent_micros=500, budget_micros=500, dated=month),
    )
    assert resumes_at(given, at=NOON, clock=PARIS) == midnight_of(20)
    assert resumes_at(given, at=NOON + timedelta(days=10), clock=PARIS) is not None
