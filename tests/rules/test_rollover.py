"""What a month hands to the next, and when a campaign runs again with it (B3)."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from budgets.rules.clock import LocalClock
from budgets.rules.dated import DatedAmount
from budgets.rules.decision import Facts, Figures
from budgets.rules.money import MAX_MICROS
from budgets.rules.outlook import resumes_at
from budgets.rules.rollover import NO_ROLLOVER, Rollover, RolloverRule, limit_of
from tests.builders import an_instant

NONE, UNSPENT, BOTH = Rollover
AMOUNTS = st.integers(-MAX_MICROS, MAX_MICROS)
BUDGETS = st.none() | st.integers(0, MAX_MICROS)
RULES = st.builds(RolloverRule, rollover=st.sampled_from(Rollover), most_micros=BUDGETS)

UTC = LocalClock.of("UTC")
TENTH = an_instant("2026-03-10 12:00")
FREE = Figures(spent_micros=0, budget_micros=None)


@pytest.mark.parametrize(
    "rollover,most,budget,carried,spent,handed",
    [
        (NONE, None, 100, 0, 40, 0),
        (UNSPENT, None, 100, 0, 40, 60),
        (UNSPENT, None, 100, 25, 40, 85),  # what was handed and not spent either
        (UNSPENT, 50, 100, 0, 40, 50),
        (UNSPENT, None, 100, 0, 140, 0),
        (BOTH, None, 100, 0, 140, -40),
        (BOTH, None, 100, -40, 20, 40),
        (BOTH, 30, 100, 0, 140, -30),
        (BOTH, 30, 100, 0, 40, 30),
        (BOTH, 0, 100, 0, 40, 0),
        (BOTH, None, None, 0, 40, 0),  # no budget to compare with
        (UNSPENT, None, 0, 60, 0, 60),  # a month of 0 keeps it for later
    ],
)
def test_what_a_month_hands_on(
    rollover: Rollover, most: int | None, budget: int | None, carried: int, spent: int, handed: int
) -> None:
    rule = RolloverRule(rollover=rollover, most_micros=most)
    assert rule.hands_on(budget=budget, carried=carried, spent=spent) == handed


@given(rule=RULES, budget=BUDGETS, carried=AMOUNTS, spent=AMOUNTS)
def test_what_is_handed_on_is_within_its_rule(
    rule: RolloverRule, budget: int | None, carried: int, spent: int
) -> None:
    handed = rule.hands_on(budget=budget, carried=carried, spent=spent)
    assert abs(handed) <= (MAX_MICROS if rule.most_micros is None else rule.most_micros)
    assert handed >= 0 or rule.rollover == BOTH
    assert handed == 0 or (budget is not None and rule.rollover != NONE)


@pytest.mark.parametrize(
    "budget,carried,limit",
    [(None, 50, None), (0, 50, 0), (100, 50, 150), (100, -50, 50), (100, -150, 0)],
)
def test_what_a_month_may_spend(budget: int | None, carried: int, limit: int | None) -> None:
    assert limit_of(budget, carried) == limit


def test_a_limit_that_a_debt_took_is_reached_even_after_a_credit() -> None:
    debt = Figures(spent_micros=-1, budget_micros=100, carried_micros=-150)
    assert debt.is_reached


def facts(**brand_monthly: object) -> Facts:
    figures = replace(
        Figures(spent_micros=0, budget_micros=100),
        **brand_monthly,  # type: ignore[arg-type]  # fields of any type
    )
    return Facts(
        is_held=False,
        brand_is_held=False,
        starts_on=None,
        ends_on=None,
        hours=None,
        daily=FREE,
        monthly=FREE,
        brand_daily=FREE,
        brand_monthly=figures,
    )


@pytest.mark.parametrize(
    "rollover,spent,again",
    [
        (NO_ROLLOVER, 250, "2026-04-01 00:00"),
        (RolloverRule(rollover=UNSPENT), 250, "2026-04-01 00:00"),
        # 150 over: April may spend nothing and hands on 50, May may spend 50.
        (RolloverRule(rollover=BOTH), 250, "2026-05-01 00:00"),
        (RolloverRule(rollover=BOTH), 200, "2026-05-01 00:00"),
        (RolloverRule(rollover=BOTH), 199, "2026-04-01 00:00"),
        (RolloverRule(rollover=BOTH, most_micros=99), 900, "2026-04-01 00:00"),
    ],
)
def test_it_runs_again_when_what_was_overspent_is_paid_off(
    rollover: RolloverRule, spent: int, again: str
) -> None:
    overspent = facts(spent_micros=spent, rollover=rollover)
    assert resumes_at(overspent, at=TENTH, clock=UTC) == an_instant(again)


def test_a_debt_beyond_sight_is_for_a_person() -> None:
    overspent = facts(spent_micros=100 * 100, rollover=RolloverRule(rollover=BOTH))
    assert resumes_at(overspent, at=TENTH, clock=UTC) is None


def test_a_month_is_judged_by_the_budget_of_its_last_day() -> None:
    raised = DatedAmount(starts_on=date(2026, 3, 31), ends_on=None, micros=260)
    overspent = facts(spent_micros=250, rollover=RolloverRule(rollover=BOTH), dated=[raised])
    assert resumes_at(overspent, at=TENTH, clock=UTC) == an_instant("2026-03-31 00:00")
    nearly = facts(spent_micros=480, rollover=RolloverRule(rollover=BOTH), dated=[raised])
    assert resumes_at(nearly, at=TENTH, clock=UTC) == an_instant("2026-04-01 00:00")
