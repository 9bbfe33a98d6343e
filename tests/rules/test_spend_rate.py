"""How fast a campaign spends, and how many minutes are under way, from what was reported."""

from math import exp, inf
from typing import TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from budgets.rules.forecast.events import FIRST_LAG, EventRate
from budgets.rules.forecast.rates import FAST, SLOW, first_guess, together
from budgets.rules.forecast.totals import TotalRate

STEP = 0.01
"""Minutes: how finely a sum over minutes is worked out by hand."""

SWITCHES = st.lists(st.floats(min_value=0.5, max_value=40), min_size=1, max_size=6)


Kind = TypeVar("Kind", EventRate, TotalRate)


def delivering(rate: Kind, *, until: float) -> Kind:
    rate.switch(0, is_on=True)
    rate.switch(until, is_on=False)
    return rate


@given(SWITCHES)
def test_minutes_under_way_are_the_sum_of_the_chances_that_each_is_unreported(
    lengths: list[float],
) -> None:
    rate, at, spans = EventRate(at=0, guess=1, lag=10.0), 0.0, []
    for number, length in enumerate(lengths):
        is_on = number % 2 == 0
        rate.switch(at, is_on=is_on)
        if is_on:
            spans.append((at, at + length))
        at += length
    minutes = [
        start + STEP * (n + 0.5) for start, end in spans for n in range(int((end - start) / STEP))
    ]
    by_hand = sum(STEP * exp(-(at - minute) / 10) for minute in minutes)
    reported = sum(
        STEP * (1 - exp(-(at - minute) / 10)) * exp(-(at - minute) / FAST) for minute in minutes
    )

    assert rate.under_way(at, of_today=False) == pytest.approx(by_hand, abs=0.05)
    assert rate.reported_minutes()[0] == pytest.approx(reported, abs=0.05)


def test_what_was_under_way_at_midnight_is_not_of_today() -> None:
    rate = EventRate(at=0, guess=1, lag=10.0)
    rate.switch(0, is_on=True)
    rate.begin_day(60)

    assert rate.under_way(60) == pytest.approx(0)
    assert rate.under_way(60, of_today=False) == pytest.approx(10, abs=0.1)
    assert rate.under_way(65) == pytest.approx(10 * (1 - exp(-0.5)))


def test_a_steady_campaign_has_its_rate() -> None:
    rate = EventRate(at=0, guess=50, lag=1.0)
    rate.switch(0, is_on=True)
    for minute in range(1000):
        rate.hear(7, occurred_at=minute, arrived_at=minute + 1)
    assert rate.rate().per_minute == pytest.approx(7, rel=0.03)
    assert rate.rate().minutes == pytest.approx(FAST, rel=0.1)


def test_an_entry_counts_for_when_it_was_spent() -> None:
    rate = EventRate(at=0, guess=1)
    rate.hear(100, occurred_at=0, arrived_at=SLOW)
    assert rate.slow_money == pytest.approx(100 * exp(-1))
    assert rate.fast_money == pytest.approx(100 * exp(-SLOW / FAST))


def test_what_comes_in_another_order_moves_no_sum_back() -> None:
    rate = delivering(EventRate(at=0, guess=1, lag=10.0), until=30)
    before = rate.under_way(40)
    assert rate.under_way(38) == before
    assert rate.at == 40


def test_after_a_long_pause_the_usual_rate_counts() -> None:
    rate = delivering(EventRate(at=0, guess=7, lag=1.0), until=1000)
    for minute in range(1000):
        rate.hear(7 if minute < 970 else 70, occurred_at=minute, arrived_at=minute + 1)
    assert rate.rate().per_minute > 30
    rate.advance(1000 + 10 * FAST)
    usual = rate.slow_money / rate.reported_minutes()[1]
    assert rate.rate().per_minute == pytest.approx(usual, rel=0.3)
    assert 7 < usual < 14


def test_the_lag_is_learned() -> None:
    rate = EventRate(at=0, guess=1)
    for minute in range(400):
        rate.hear(1, occurred_at=minute, arrived_at=minute + 20)
    assert rate.lag == pytest.approx(20, abs=0.5)


def test_corrections_of_the_day_before_do_not_make_the_lag_long() -> None:
    rate = EventRate(at=0, guess=1)
    for minute in range(1440, 2880):
        rate.hear(97, occurred_at=minute - 15, arrived_at=minute)
        rate.hear(3, occurred_at=minute - 1440, arrived_at=minute)
    assert 15 <= rate.lag <= 20


def test_money_of_nothing_teaches_nothing() -> None:
    rate = EventRate(at=0, guess=1)
    rate.hear(0, occurred_at=0, arrived_at=60)
    assert rate.lag == FIRST_LAG


def test_a_correction_cannot_make_the_rate_negative() -> None:
    rate = EventRate(at=0, guess=1)
    rate.hear(-1000, occurred_at=1, arrived_at=2)
    assert rate.rate().per_minute == 0


def test_so_few_are_under_way_after_the_minutes_it_says() -> None:
    rate = EventRate(at=0, guess=1, lag=10.0)
    delivering(rate, until=30)
    wait = rate.minutes_until(2, rate.under_way(30))
    assert rate.under_way(30 + wait) == pytest.approx(2)
    assert rate.minutes_until(5, 4) == 0
    assert rate.minutes_until(0, 4) == inf


def test_of_totals_all_minutes_since_the_last_one_are_under_way() -> None:
    rate = TotalRate(at=0, guess=1)
    rate.switch(0, is_on=True)
    rate.hear(600, as_of=60)
    rate.switch(70, is_on=False)
    rate.switch(80, is_on=True)

    assert rate.under_way(95) == 25
    assert rate.minutes_until(24, 25) == inf
    rate.hear(50, as_of=85)
    assert rate.under_way(95) == 10
    slow = SLOW * (1 - exp(-60 / SLOW)) * exp(-25 / SLOW)
    slow += SLOW * (exp(-15 / SLOW) - exp(-25 / SLOW)) + SLOW * (1 - exp(-5 / SLOW))
    assert rate.slow_minutes == pytest.approx(slow)


def test_a_total_counts_for_the_minutes_it_is_about() -> None:
    rate = delivering(TotalRate(at=0, guess=1), until=60)
    rate.hear(600, as_of=60)
    # Evenly spent, the newer minutes weigh more; so do they in money.
    assert rate.fast_money == pytest.approx(10 * rate.fast_minutes)
    assert rate.fast_minutes == pytest.approx(FAST * (1 - exp(-2)))
    assert rate.slow_money == pytest.approx(10 * rate.slow_minutes)
    assert rate.slow_minutes == pytest.approx(SLOW * (1 - exp(-60 / SLOW)))


def test_an_older_total_changes_nothing() -> None:
    rate = delivering(TotalRate(at=0, guess=1), until=60)
    rate.hear(600, as_of=60)
    before = rate.rate()
    rate.hear(9999, as_of=30)
    assert rate.rate() == before


def test_money_of_no_minute_was_spent_before_the_last_total() -> None:
    rate = delivering(TotalRate(at=0, guess=1), until=60)
    rate.hear(600, as_of=60)
    assert rate.delivered == []
    slower = TotalRate(at=60, guess=1, fast_money=rate.fast_money, slow_money=rate.slow_money)
    rate.hear(30, as_of=90)
    slower.hear(0, as_of=90)
    assert rate.fast_money - slower.fast_money == pytest.approx(30 * exp(-30 / FAST))
    assert rate.slow_money - slower.slow_money == pytest.approx(30 * exp(-30 / SLOW))


def test_of_totals_only_minutes_of_the_day_are_of_today() -> None:
    rate = TotalRate(at=0, guess=1)
    rate.switch(0, is_on=True)
    rate.begin_day(60)
    assert rate.under_way(100) == 40
    assert rate.under_way(100, of_today=False) == 100


def test_nothing_known_is_ten_times_the_budget() -> None:
    assert first_guess(1440) == 10
    assert EventRate(at=0, guess=10).rate().per_minute == 10


def test_campaigns_together_spend_the_sum_and_the_slowest_is_waited_for() -> None:
    quick, slow = EventRate(at=0, guess=1, lag=1.0), EventRate(at=0, guess=3, lag=20.0)
    quick.switch(0, is_on=True)
    slow.switch(0, is_on=True)
    rate, under_way, slowest = together([quick, slow], 10)

    money = sum(each.rate().per_minute * each.under_way(10) for each in (quick, slow))
    assert rate.per_minute * under_way == pytest.approx(money)
    assert 1 < rate.campaigns < 2
    assert slowest is slow


def test_of_campaigns_that_spend_nothing_nothing_is_under_way() -> None:
    still = EventRate(at=0, guess=0)
    still.switch(0, is_on=True)
    rate, under_way, _ = together([still], 10)
    assert rate.per_minute == 0
    assert under_way > 0
