"""Until when a campaign may run when its reports come late."""

from math import inf, sqrt
from random import Random

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from budgets.rules.forecast.events import EventRate
from budgets.rules.forecast.prediction import (
    LEAST_RUN,
    MOST_OVERSHOOT,
    Limit,
    expected_overshoot,
    most_under_way,
    predict,
)
from budgets.rules.forecast.rates import Rate
from budgets.rules.forecast.totals import TotalRate

RATES = st.builds(Rate, st.floats(0.01, 50), st.floats(0, 30), st.floats(1, 20))
ROOMS = st.floats(0.1, 1000)


def test_the_overshoot_is_the_mean_of_what_lies_beyond() -> None:
    room, rate, minutes = 100.0, Rate(5.0, 30.0), 18.0
    mean = 90.0
    deviation = mean * sqrt(0.05 + 0.3 / 18.5 + 0.3 / 31)
    random = Random(1)
    drawn = (max(0.0, random.gauss(mean, deviation) - room) for _ in range(200_000))
    bursts = 0.02 * (3 * mean - room)
    assert expected_overshoot(room, rate, minutes) - bursts == pytest.approx(
        sum(drawn) / 200_000, rel=0.02
    )


@given(RATES, ROOMS)
def test_as_many_minutes_as_may_be_are_under_way_and_no_more(rate: Rate, room: float) -> None:
    most = most_under_way(Limit(1000, room, 0), rate)
    allowed = MOST_OVERSHOOT * 1000
    assert expected_overshoot(room, rate, most) <= allowed
    assert most > 2 * room / rate.per_minute * 0.999 or (
        expected_overshoot(room, rate, most + room / rate.per_minute * 0.001) > allowed
    )


@given(RATES, ROOMS, st.floats(1, 3))
def test_more_room_never_stops_earlier_and_more_speed_never_later(
    rate: Rate, room: float, times: float
) -> None:
    most = most_under_way(Limit(1000, room, 0), rate)
    assert most_under_way(Limit(1000, room * times, 0), rate) >= most * 0.999
    faster = rate._replace(per_minute=rate.per_minute * times)
    assert most_under_way(Limit(1000, room, 0), faster) <= most * 1.001


def test_a_reached_limit_stops_and_nothing_starts_by_itself() -> None:
    campaign = EventRate(at=0, guess=1)
    assert predict([Limit(100, 0, 0)], campaign, Rate(1, 10)) == (0, inf)


def test_what_spends_nothing_is_never_stopped() -> None:
    campaign = EventRate(at=0, guess=0)
    assert predict([Limit(100, 50, 9)], campaign, Rate(0, 10)) == (inf, 0)


def test_the_strictest_limit_counts() -> None:
    campaign, rate = EventRate(at=0, guess=1), Rate(1, 30)
    tight, wide = Limit(100, 10, 2), Limit(3000, 2500, 2)
    assert predict([tight, wide], campaign, rate) == predict([tight], campaign, rate)


def test_a_stopped_campaign_starts_when_what_was_under_way_has_come() -> None:
    campaign, rate = EventRate(at=0, guess=1, lag=10.0), Rate(1, 30)
    waiting = predict([Limit(100, 20, 15)], campaign, rate)
    assert waiting.stops_in == 0
    settled = 15 * 2.718281828 ** (-waiting.starts_in / 10)
    assert predict([Limit(100, 20, settled * 0.999)], campaign, rate).starts_in == 0


def test_of_totals_only_a_report_starts_it_again() -> None:
    campaign, rate = TotalRate(at=0, guess=1), Rate(1, 30)
    assert predict([Limit(100, 20, 15)], campaign, rate).starts_in == inf
    assert predict([Limit(100, 20, 0)], campaign, rate).starts_in == 0


def test_nothing_starts_for_next_to_nothing() -> None:
    campaign, rate = EventRate(at=0, guess=1), Rate(1, 30)
    assert predict([Limit(100, 0.5 * LEAST_RUN * 100, 0)], campaign, rate).starts_in == inf


@given(RATES, ROOMS, st.floats(0, 200))
def test_what_starts_does_not_stop_at_once(rate: Rate, room: float, under_way: float) -> None:
    found = predict([Limit(1000, room, under_way)], EventRate(at=0, guess=1), rate)
    assume(found.starts_in == 0)
    assert found.stops_in > 0
