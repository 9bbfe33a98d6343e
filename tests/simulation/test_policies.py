"""What policies make of a world, and how it is measured."""

import pytest

from budgets.simulation.feeds import Report
from budgets.simulation.laboratory import POLICIES, compare
from budgets.simulation.outcome import Meter, PeriodOutcome, accuracy
from budgets.simulation.policies import Books, EveryIngest, EveryTenMinutes, Oracle
from budgets.simulation.rehearsal import rehearse
from budgets.simulation.world import MINUTES_A_DAY, Feed, Scope, Span, World

A_DAY = World(days=1, feed=Feed.MINUTE)
STEADY = [[1_000_000] * MINUTES_A_DAY]
"""A unit a minute: the budget of 100 lasts for 100 minutes."""


def outcome_of(kind: type, world: World = A_DAY) -> PeriodOutcome:
    (outcome,) = rehearse(world, 0, STEADY, kind)
    return outcome


def test_who_knows_what_is_spent_stops_at_the_limit() -> None:
    outcome = outcome_of(Oracle)
    assert (outcome.spent, outcome.flips) == (100_000_000, 1)
    assert outcome.late_minutes == 0
    assert outcome.wanted == 1_440_000_000


def test_a_check_stops_at_the_next_tenth_minute() -> None:
    outcome = outcome_of(EveryTenMinutes)
    assert outcome.spent % 10_000_000 == 0
    assert 100_000_000 < outcome.spent <= 120_000_000
    assert outcome.late_minutes == (outcome.spent - 100_000_000) / 1_000_000


def test_an_ingest_stops_once_the_limit_is_reported() -> None:
    assert 100_000_000 < outcome_of(EveryIngest).spent < outcome_of(EveryTenMinutes).spent


def test_a_stop_within_a_minute_is_a_flip_and_spends_its_share() -> None:
    class Half(EveryIngest):
        def share_to_run(self, minute: int, *, has_news: bool) -> float:  # noqa: ARG002
            self.is_on = minute < 3
            return {3: 0.25}.get(minute, float(minute < 3))

    outcome = outcome_of(Half)
    assert (outcome.spent, outcome.flips) == (3_250_000, 1)


def test_a_new_day_begins_anew() -> None:
    world = World(days=2, feed=Feed.MINUTE)
    outcomes = list(rehearse(world, 0, [STEADY[0] * 2], Oracle))
    assert [each.spent for each in outcomes] == [100_000_000, 100_000_000]
    assert [each.flips for each in outcomes] == [1, 2]


def test_what_comes_late_counts_for_its_own_day() -> None:
    world = World(days=2, feed=Feed.HOURLY)
    one_unit_a_day = [[1] + [0] * (MINUTES_A_DAY - 1)]
    reported: list[int] = []
    list(
        rehearse(
            world,
            0,
            [one_unit_a_day[0] * 2],
            EveryIngest,
            watch=lambda _, books: reported.append(books.reported),
        )
    )
    assert max(reported) == 1
    assert reported[MINUTES_A_DAY] == 0


def test_a_meter_finds_the_moment_within_the_minute() -> None:
    meter = Meter(0, Books(100))
    meter.ran(0, 1.0, 90)
    meter.ran(1, 1.0, 40)
    meter.ran(2, 0.5, 20)
    outcome = meter.outcome(wanted=200)
    assert outcome.late_minutes == pytest.approx(0.75 + 0.5)
    assert (outcome.over, outcome.under) == (50, 0)


def test_figures_are_percents_of_limits() -> None:
    def period(spent: int, wanted: int) -> PeriodOutcome:
        return PeriodOutcome(limit=100, spent=spent, wanted=wanted, flips=4, late_minutes=2.0)

    found = accuracy([period(110, 500), period(90, 130), period(50, 129)], days=2)
    assert found.overspend == pytest.approx(100 * 10 / 300)
    assert found.underspend == pytest.approx(100 * 10 / 200)
    assert found.overspend_max == 10
    assert found.share_over_1 == pytest.approx(100 / 3)
    assert found.flips == 2
    assert found.late_minutes == 2.0


@pytest.mark.parametrize(
    "feed, at_most", [(Feed.MINUTE, 0.5), (Feed.QUARTER, 0.2), (Feed.HOURLY, 0.05)]
)
@pytest.mark.parametrize("scope", Scope)
@pytest.mark.parametrize("span", Span)
def test_a_forecast_overruns_a_small_part_of_what_reacting_does(
    feed: Feed, at_most: float, scope: Scope, span: Span
) -> None:
    campaigns = 20 if scope == Scope.CAMPAIGN else 80
    world = World(campaigns=campaigns, days=3, feed=feed, scope=scope, span=span)
    (found,) = compare([world], ["ingest", "forecast"], seeds=[1])
    ingest, forecast = found.accuracy["ingest"], found.accuracy["forecast"]
    assert ingest.overspend > 0
    assert forecast.overspend <= at_most * ingest.overspend
    assert forecast.underspend < 0.5
    assert forecast.flips <= 25


def test_all_policies_run_through_the_same_world() -> None:
    world = World(campaigns=4, days=1)
    (alone,) = compare([world], ["forecast"], seeds=[1, 2])
    told: list[float] = []
    (beside,) = compare([world], list(POLICIES), seeds=[1, 2], progress=told.append)
    assert beside.accuracy["forecast"] == alone.accuracy["forecast"]
    assert told[-1] == 1
    assert told == sorted(told)


def test_a_report_of_another_seed_is_another_world() -> None:
    (one,) = compare([World(campaigns=4, days=1)], ["ingest"], seeds=[1])
    (two,) = compare([World(campaigns=4, days=1)], ["ingest"], seeds=[2])
    assert one.accuracy != two.accuracy


def test_a_policy_hears_what_the_books_do() -> None:
    heard: list[Report] = []

    class Listening(EveryIngest):
        def hear(self, report: Report, minute: int) -> None:  # noqa: ARG002
            heard.append(report)

    outcome = outcome_of(Listening)
    assert sum(report.micros for report in heard) == outcome.spent
