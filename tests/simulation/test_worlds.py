"""Worlds: what is wanted, and how what was spent is reported."""

from dataclasses import replace

import pytest

from budgets.simulation.feeds import outages, reporting
from budgets.simulation.world import MINUTES_A_DAY, Feed, Scope, Span, World


def test_a_seed_is_a_world() -> None:
    world = World(days=2)
    assert world.demand(3) == World(days=2).demand(3)
    assert world.demand(3) != world.demand(4)
    assert world.demand(3) != replace(world, seed=2).demand(3)


@pytest.mark.parametrize("scope", Scope)
@pytest.mark.parametrize("span", Span)
def test_demand_lies_within_its_bounds(scope: Scope, span: Span) -> None:
    world = World(days=7, scope=scope, span=span)
    for number in range(20):
        wanted = sum(map(sum, world.demand(number)))
        times = wanted / world.budget * world.days_a_period / world.days
        # A weekday differs from another by a fifth at the most.
        assert 0.8 * world.least_demand <= times <= 1.2 * world.most_demand


@pytest.mark.parametrize("feed", Feed)
@pytest.mark.parametrize("restated", [0.0, 0.1])
def test_all_that_was_spent_is_reported_once(feed: Feed, restated: float) -> None:
    world = World(days=4, feed=feed, scope=Scope.BRAND, restated=restated, outages=20.0)
    reports = reporting(world, 0)
    spent = [0] * world.campaigns_a_limit
    heard = [0] * world.campaigns_a_limit
    for minute in range(world.minutes):
        for report in reports.arriving(minute):
            assert report.spent_at <= minute
            heard[report.campaign] += report.micros
        if minute < MINUTES_A_DAY:
            amounts = [1_001 * (campaign + minute) for campaign in range(len(spent))]
            reports.spend(minute, 1.0, amounts)
            spent = [sum(pair) for pair in zip(spent, amounts, strict=True)]
    assert heard == spent


def test_corrections_come_a_day_later() -> None:
    world = World(days=3, feed=Feed.MINUTE, restated=0.25)
    reports = reporting(world, 0)
    reports.spend(100, 1.0, [1_000])
    arrived = {
        minute: [report.micros for report in found]
        for minute in range(world.minutes)
        if (found := reports.arriving(minute))
    }
    (first, at_once), (second, later) = arrived.items()
    assert (at_once, later) == ([750], [250])
    assert first < 120
    assert second == 100 + MINUTES_A_DAY


@pytest.mark.parametrize("restated", [0.0, 0.1])
def test_nothing_comes_in_an_outage(restated: float) -> None:
    world = World(days=7, feed=Feed.MINUTE, outages=7.0, restated=restated)
    reports = reporting(world, 0)
    dark = {
        minute
        for start, end in outages(world, 0)
        for minute in range(int(start) + 3, min(int(end), world.minutes))
    }
    assert len(dark) > 60
    heard = set()
    for minute in range(world.minutes):
        if reports.arriving(minute):
            heard.add(minute)
        reports.spend(minute, 1.0, [100])
    on_its_way = 3  # what was spent just before
    assert not {minute for minute in dark & heard if minute - on_its_way in dark}


def test_day_totals_come_once_an_hour_and_late() -> None:
    world = World(days=1, feed=Feed.HOURLY)
    reports = reporting(world, 0)
    as_of = {minute: [r.as_of for r in reports.arriving(minute)] for minute in range(world.minutes)}
    arrived = [(minute, instants) for minute, instants in as_of.items() if instants]
    assert [instant for _, instants in arrived for instant in instants] == [
        60.0 * hour for hour in range(1, len(arrived) + 1)
    ]
    assert all(15 <= minute - instants[0] <= 61 for minute, instants in arrived)
