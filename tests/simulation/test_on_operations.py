"""The product in a simulated world: it must do what the rules alone say, to the micro."""

from unittest.mock import patch

import pytest

from budgets.models import Spend
from budgets.operations.ingest import record_spend
from budgets.simulation.on_operations import LostMoney, OnOperations
from budgets.simulation.policies import EveryIngest
from budgets.simulation.rehearsal import rehearse
from budgets.simulation.world import Feed, Scope, Span, World

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("feed", Feed)
@pytest.mark.parametrize("scope, span", [(Scope.CAMPAIGN, Span.DAY), (Scope.BRAND, Span.MONTH)])
def test_the_product_flips_and_spends_as_the_rules_say(
    feed: Feed, scope: Scope, span: Span
) -> None:
    """Takes a second or two: every minute of two days goes through ingest and its decision."""
    world = World(
        campaigns=2,
        campaigns_a_brand=2,
        days=2,
        feed=feed,
        scope=scope,
        span=span,
        least_demand=3,
        restated=0.02,
        outages=3,
    )
    product = [outcome for periods in OnOperations(world).run() for outcome in periods]
    rules = [
        list(rehearse(world, number, world.demand(number), EveryIngest))
        for number in range(world.limits)
    ]
    by_period = [outcome for periods in zip(*rules, strict=True) for outcome in periods]
    assert product == by_period
    assert all(outcome.over for outcome in product)


def test_money_that_does_not_arrive_is_noticed() -> None:
    world = World(campaigns=1, days=1, feed=Feed.HOURLY)
    minutes = OnOperations(world).run()
    for _ in range(300):
        next(minutes)
    Spend.objects.update(amount=1)
    with pytest.raises(LostMoney, match="micros were sent"):
        list(minutes)


def test_rows_that_are_refused_are_noticed() -> None:
    def refusing(entries, *, now):  # type: ignore[no-untyped-def]
        return record_spend([*entries, entries[0].__class__("", "", 0, now, "x", "USD")], now=now)

    with (
        patch("budgets.simulation.on_operations.record_spend", refusing),
        pytest.raises(LostMoney, match="1 rows were refused"),
    ):
        list(OnOperations(World(campaigns=1, days=1, feed=Feed.MINUTE)).run())
