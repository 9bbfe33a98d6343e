"""Pacing: round numbers, days on which clocks change, and periods that are all or nothing."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from budgets.rules.clock import LocalClock
from budgets.rules.exceptions import parse_exceptions, with_exceptions
from budgets.rules.hours import WeekHours
from budgets.rules.pacing import (
    Progress,
    band,
    off_plan,
    open_seconds,
    pacing,
    progress,
    projected,
    recommended_daily,
    spending_days,
    target_to_date,
)

BERLIN = LocalClock.of("Europe/Berlin")
OFFICE = WeekHours.parse("Mon-Fri 09:00-17:00")
NIGHT = WeekHours.parse("Mon-Sun 22:00-04:00")
HOUR = 3600
MONDAY = date(2026, 3, 9)
SOME_TIME = datetime(2020, 1, 1, tzinfo=UTC)


def from_monday(*, days: int) -> dict[str, date]:
    return {
        "today": MONDAY,
        "first_day": date(2026, 3, 1),
        "last_day": MONDAY + timedelta(days=days - 1),
    }


def half() -> Progress:
    return Progress(elapsed_seconds=50, total_seconds=100)


def test_half_the_time_gone_is_half_the_target() -> None:
    assert target_to_date(1_000, half()) == 500


def test_on_plan_is_one() -> None:
    assert pacing(500, 1_000, half()) == 1


def test_without_a_budget_or_before_the_start_there_is_no_pacing() -> None:
    assert pacing(500, None, half()) is None
    assert pacing(500, 1_000, Progress(elapsed_seconds=0, total_seconds=100)) is None
    assert pacing(500, 0, half()) is None


def test_what_was_spent_before_the_plan_is_part_of_the_budget() -> None:
    assert target_to_date(1_000, half(), before_micros=200) == 200 + 400
    assert pacing(600, 1_000, half(), before_micros=200) == 1


def test_a_budget_that_was_spent_before_the_plan_leaves_nothing_to_spread() -> None:
    assert target_to_date(1_000, half(), before_micros=1_500) == 1_000
    assert pacing(1_500, 1_000, half(), before_micros=1_500) == Decimal("1.5")


@pytest.mark.parametrize(
    "pacing_, off", [("1.12", "0"), ("0.88", "0"), ("1.14", "0.14"), ("0.5", "-0.5"), ("1", "0")]
)
def test_within_the_band_nothing_is_off_plan(pacing_: str, off: str) -> None:
    assert band(half()) == Decimal("0.13")
    assert off_plan(Decimal(pacing_), half()) == Decimal(off)


def test_the_band_tightens_from_25_to_1_percent() -> None:
    assert band(Progress(elapsed_seconds=0, total_seconds=100)) == Decimal("0.25")
    assert band(Progress(elapsed_seconds=100, total_seconds=100)) == Decimal("0.01")


def test_only_open_hours_count() -> None:
    noon = BERLIN.start_of(MONDAY) + timedelta(hours=12)
    today = progress(OFFICE, *BERLIN.day_bounds(MONDAY), now=noon, clock=BERLIN)
    assert (today.elapsed_seconds, today.total_seconds) == (3 * HOUR, 8 * HOUR)


def test_a_minute_within_a_quarter_counts() -> None:
    at = BERLIN.start_of(MONDAY) + timedelta(hours=9, minutes=7)
    today = progress(OFFICE, *BERLIN.day_bounds(MONDAY), now=at, clock=BERLIN)
    assert today.elapsed_seconds == 7 * 60


@pytest.mark.parametrize(
    "day, hours",
    [(date(2026, 3, 28), 6), (date(2026, 3, 29), 5), (date(2026, 10, 25), 7)],
)
def test_an_hour_the_clock_skips_or_repeats_is_missing_or_counts_twice(
    day: date, hours: int
) -> None:
    assert open_seconds(NIGHT, *BERLIN.day_bounds(day), BERLIN) == hours * HOUR


def test_always_open_is_the_whole_period() -> None:
    assert open_seconds(None, *BERLIN.day_bounds(date(2026, 3, 29)), BERLIN) == 23 * HOUR


@given(
    start=st.integers(0, 10 * 366 * 86_400).map(lambda s: SOME_TIME + timedelta(seconds=s)),
    minutes=st.integers(0, 60 * 24 * 3),
    cut=st.integers(0, 60 * 24 * 3),
)
def test_open_time_adds_up_wherever_it_is_cut(start: datetime, minutes: int, cut: int) -> None:
    end = start + timedelta(minutes=minutes)
    middle = min(start + timedelta(minutes=cut), end)
    parts = open_seconds(NIGHT, start, middle, BERLIN) + open_seconds(NIGHT, middle, end, BERLIN)
    assert parts == open_seconds(NIGHT, start, end, BERLIN)


def test_a_period_without_scheduled_time_has_passed() -> None:
    sunday = date(2026, 3, 8)
    at = BERLIN.start_of(sunday)
    assert progress(OFFICE, *BERLIN.day_bounds(sunday), now=at, clock=BERLIN).share == 1


def test_the_projection_adds_a_usual_day_for_each_day_left() -> None:
    history = {MONDAY - timedelta(days=n): 10 for n in range(1, 15)}
    total = projected(100, 4, history, **from_monday(days=10))
    assert total == 100 + 10 + 9 * 10


def test_only_the_days_of_the_plan_are_projected() -> None:
    history = {MONDAY - timedelta(days=n): 10 for n in range(1, 15)}
    later = from_monday(days=10) | {"first_day": MONDAY + timedelta(days=8)}
    assert projected(100, 4, history, **later) == 100 + 4 + 2 * 10
    over = from_monday(days=1) | {"last_day": MONDAY - timedelta(days=1)}
    assert projected(100, 0, history, **over) == 100


def test_the_projection_knows_weekdays() -> None:
    week = {MONDAY - timedelta(days=n): 10 for n in range(1, 8)}
    week[date(2026, 3, 7)] = week[date(2026, 3, 8)] = 0  # nothing on the weekend
    assert projected(0, 0, week, **from_monday(days=7)) == 50


def test_a_day_that_already_spent_more_than_usual_counts_with_that() -> None:
    history = {MONDAY - timedelta(days=7): 10}
    assert projected(100, 40, history, **from_monday(days=1)) == 140


def test_without_history_only_what_was_spent_is_projected() -> None:
    assert projected(100, 5, {}, **from_monday(days=10)) == 105


def test_what_remains_is_shared_by_the_days_left() -> None:
    assert recommended_daily(1_000, 400, 6) == 100
    assert recommended_daily(1_000, 1_400, 6) == 0
    assert recommended_daily(None, 400, 6) is None
    assert recommended_daily(1_000, 400, 0) is None


def test_no_more_is_recommended_than_a_day_may_spend() -> None:
    assert recommended_daily(1_000, 400, 6, most_micros=60) == 60
    assert recommended_daily(1_000, 400, 6, most_micros=200) == 100
    assert recommended_daily(1_000, 1_000, 6, most_micros=60) == 0
    assert recommended_daily(1_000, 400, 6, most_micros=0) == 0


def test_a_day_on_which_nothing_opens_is_no_spending_day() -> None:
    assert spending_days(OFFICE, MONDAY, MONDAY + timedelta(days=13)) == 10
    assert spending_days(None, MONDAY, MONDAY) == 1


def test_a_date_with_other_hours_counts_in_a_plan() -> None:
    closed = parse_exceptions("2026-03-09 closed\n2026-03-14 10:00-12:00")
    hours = with_exceptions(OFFICE, {each.day: each.quarters for each in closed})
    assert spending_days(hours, MONDAY, MONDAY + timedelta(days=6)) == 5
    week = BERLIN.start_of(MONDAY), BERLIN.start_of(MONDAY + timedelta(days=7))
    assert open_seconds(hours, *week, BERLIN) == (4 * 8 + 2) * HOUR
    ten = BERLIN.start_of(MONDAY) + timedelta(hours=10)
    assert open_seconds(hours, ten, ten + timedelta(minutes=5), BERLIN) == 0
