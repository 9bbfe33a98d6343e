"""The decision: a set of reasons, each added and removed by its own cause alone."""

from dataclasses import replace
from datetime import date
from itertools import product
from typing import Any

import pytest

from budgets.rules.decision import Facts, Figures, decide, is_in_flight
from budgets.rules.hours import WeekHours
from budgets.rules.reasons import NO_REASON, PauseReason

TODAY = date(2026, 3, 10)  # a Tuesday
NOON = 1 * 96 + 12 * 4

NO_LIMIT = Figures(spent_micros=500, budget_micros=None)
REACHED = Figures(spent_micros=500, budget_micros=500)

FREE = Facts(
    is_held=False,
    brand_is_held=False,
    starts_on=None,
    ends_on=None,
    hours=None,
    daily=NO_LIMIT,
    monthly=NO_LIMIT,
    brand_daily=NO_LIMIT,
    brand_monthly=NO_LIMIT,
)

CAUSES: dict[PauseReason, dict[str, Any]] = {
    PauseReason.HELD: {"is_held": True},
    PauseReason.BRAND_HELD: {"brand_is_held": True},
    PauseReason.OUTSIDE_FLIGHT: {"starts_on": date(2026, 3, 11)},
    PauseReason.OUTSIDE_SCHEDULE: {"hours": WeekHours.parse("Mon 09:00-17:00")},
    PauseReason.DAILY_BUDGET: {"daily": REACHED},
    PauseReason.MONTHLY_BUDGET: {"monthly": REACHED},
    PauseReason.BRAND_DAILY_BUDGET: {"brand_daily": REACHED},
    PauseReason.BRAND_MONTHLY_BUDGET: {"brand_monthly": REACHED},
    PauseReason.FEED_SILENT: {"feed_is_silent": True},
}


def test_a_campaign_runs_when_it_has_no_reason_to_pause() -> None:
    assert decide(FREE, today=TODAY, slot=NOON) == NO_REASON


def test_reasons_are_the_sum_of_their_causes_in_every_combination() -> None:
    for applies in product([False, True], repeat=len(CAUSES)):
        facts, expected = FREE, NO_REASON
        for is_caused, (reason, cause) in zip(applies, CAUSES.items(), strict=True):
            if is_caused:
                facts, expected = replace(facts, **cause), expected | reason
        assert decide(facts, today=TODAY, slot=NOON) == expected


def test_no_cause_but_the_forecast_is_left_out() -> None:
    assert set(PauseReason) - set(CAUSES) == {PauseReason.FORECAST}


@pytest.mark.parametrize(
    "spent, budget, is_reached",
    [
        (99, 100, False),
        (100, 100, True),
        (101, 100, True),
        (10**15, None, False),
        (0, 0, True),
        (-5, 0, True),  # a budget of 0 spends nothing, also after a credit
        (-5, 1, False),
    ],
)
def test_reached_means_at_the_budget_or_above(
    spent: int, budget: int | None, is_reached: bool
) -> None:
    assert Figures(spent_micros=spent, budget_micros=budget).is_reached is is_reached


@pytest.mark.parametrize(
    "starts_on, ends_on, is_in",
    [
        (None, None, True),
        (date(2026, 3, 10), date(2026, 3, 10), True),
        (date(2026, 3, 11), None, False),
        (None, date(2026, 3, 9), False),
        (date(2026, 3, 9), date(2026, 3, 11), True),
    ],
)
def test_both_ends_of_a_flight_count(
    starts_on: date | None, ends_on: date | None, is_in: bool
) -> None:
    assert is_in_flight(starts_on, ends_on, TODAY) is is_in


def test_the_quarter_before_opening_is_closed_and_the_one_of_closing_too() -> None:
    office = replace(FREE, hours=WeekHours.parse("Tue 09:00-17:00"))
    opening, closing = 96 + 9 * 4, 96 + 17 * 4
    verdicts = {
        slot: decide(office, today=TODAY, slot=slot)
        for slot in (opening - 1, opening, closing - 1, closing)
    }
    assert verdicts == {
        opening - 1: PauseReason.OUTSIDE_SCHEDULE,
        opening: NO_REASON,
        closing - 1: NO_REASON,
        closing: PauseReason.OUTSIDE_SCHEDULE,
    }
