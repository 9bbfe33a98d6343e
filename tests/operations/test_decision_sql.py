"""The SQL that decides a million campaigns says what `rules.decide()` says, of every campaign."""

import logging
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from random import Random

import pytest
from django.db import DatabaseError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from budgets.models import Campaign, Change
from budgets.models.facts import facts_of
from budgets.operations.reconcile import reconcile
from budgets.operations.reconcile import transitions as reconciling
from budgets.rules.decision import decide
from tests.operations.mutants import Mutant, mutants_of
from tests.operations.worlds import World, a_world, numbered_world, written_changes

pytestmark = pytest.mark.django_db

WORLDS = 200

# Slips that cannot change a decision: the ledger is read more often than needed, and says the same.
# Of a campaign the arm before takes the very day and month; one whose newest day is over has no row
# for today to read.
HARMLESS = re.compile(
    r"(c\.|newest_)day > \w\.⟨today → month⟩|(c\.|newest_)month > \w\.⟨month → today⟩"
)


@pytest.fixture(autouse=True)
def quiet(caplog: pytest.LogCaptureFixture) -> None:
    """Keep the complaints about Mars out of the report of a failure."""
    caplog.set_level(logging.CRITICAL, logger="budgets.rules.clock")


@contextmanager
def written(world: World) -> Iterator[World]:
    """Have the world in the tables, for a while."""
    with transaction.atomic():
        world.write()
        yield world
        transaction.set_rollback(True)


def assert_sql_agrees_with_the_rules(world: World) -> None:
    """Reconcile the world; fail where a campaign or the history is not what the rules say."""
    changed = reconcile(now=world.now, brand_ids=world.brand_ids)
    campaigns = Campaign.objects.filter(brand__in=world.brands)
    assert dict(campaigns.values_list("id", "reasons")) == world.decisions()
    assert written_changes(world) == world.changes()
    assert changed == len(world.changes())


def fixed_worlds() -> list[World]:
    """Return the worlds that also the mutants have to survive."""
    return [numbered_world(number) for number in range(WORLDS)]


@settings(max_examples=100, suppress_health_check=list(HealthCheck))
@given(random=st.randoms(use_true_random=False))
def test_sql_and_rules_agree_on_any_world(random: Random) -> None:
    with written(a_world(random)) as world:
        assert_sql_agrees_with_the_rules(world)
        assert reconcile(now=world.now, brand_ids=world.brand_ids) == 0


def test_sql_and_rules_agree_on_fixed_worlds() -> None:
    for world in fixed_worlds():
        with written(world):
            assert_sql_agrees_with_the_rules(world)


def test_the_rules_read_the_same_facts_from_the_rows() -> None:
    with written(numbered_world(0, brands=6)) as world:
        for campaign in Campaign.objects.filter(brand__timezone__contains="/").exclude(
            brand__timezone__startswith="Mars"
        ):
            clock = campaign.brand.clock
            facts = facts_of(campaign, now=world.now)
            reasons = decide(facts, today=clock.day(world.now), slot=clock.slot(world.now))
            assert reasons == world.decisions()[campaign.pk]


def test_all_brands_in_one_pass_are_decided_as_each_by_itself() -> None:
    now = numbered_world(0).now
    worlds = [world for world in fixed_worlds() if world.now == now]
    for world in worlds:
        world.write()
    reconcile(now=now)
    decisions = {pk: after for world in worlds for pk, after in world.decisions().items()}
    assert dict(Campaign.objects.values_list("id", "reasons")) == decisions
    assert Change.objects.count() == sum(len(world.changes()) for world in worlds)


def test_any_slip_in_the_sql_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    mutants = [m for m in mutants_of(reconciling.WRITE_CHANGES) if not HARMLESS.search(m.name)]

    def survivors_of(mutants: list[Mutant], agrees: Callable[[World], bool]) -> list[Mutant]:
        survivors = []
        for mutant in mutants:
            monkeypatch.setattr(reconciling, "WRITE_CHANGES", mutant.text)
            if all(map(agrees, worlds)):
                survivors.append(mutant)
        return survivors

    worlds = fixed_worlds()
    with transaction.atomic():
        for world in worlds:
            world.write()
        assert all(map(agrees, worlds))
        survivors = survivors_of(mutants, agrees)
        transaction.set_rollback(True)
    # A slip that looks at other worlds too finds later days there, and then reads the ledger.
    assert [mutant.name for mutant in survivors_of(survivors, agrees_alone)] == []


def agrees_alone(world: World) -> bool:
    """Say whether SQL and rules agree on the world where there is no other."""
    with written(world):
        return agrees(world)


def agrees(world: World) -> bool:
    """Say whether SQL and rules agree on the world, and leave it as it was."""
    try:
        with transaction.atomic():
            assert_sql_agrees_with_the_rules(world)
            transaction.set_rollback(True)
    except (AssertionError, DatabaseError):
        return False
    return True
