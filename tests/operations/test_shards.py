"""The recurring check: alone at its shard, and the same result however it is split."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
from django.db import connection, transaction

from budgets.models import Campaign
from budgets.models.locks import LOCK_SLOTS, alone, lock_decisions, lock_slot
from budgets.operations.reconcile import decision_input as batches
from budgets.operations.reconcile.decision_input import Shard
from budgets.operations.reconcile.transitions import reconcile_shard
from tests.builders import a_brand, a_campaign, an_instant

NOON = an_instant("2026-03-10 12:00")


@pytest.fixture
def tiny_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Blocks of two brands, so that a handful of brands makes several shards."""
    monkeypatch.setattr(batches, "BRANDS_A_CHUNK", 2)


@pytest.mark.django_db
@pytest.mark.usefixtures("tiny_blocks")
@pytest.mark.parametrize("of", [1, 2, 3, 7])
def test_shards_together_decide_every_campaign_once(of: int) -> None:
    for _ in range(9):
        a_campaign(brand=a_brand())
    Campaign.objects.update(is_held=True)

    changed = [reconcile_shard(now=NOON, shard=Shard(number=number, of=of)) for number in range(of)]

    assert sum(changed) == 9
    assert Campaign.objects.paused().count() == 9
    assert of == 1 or max(changed) < 9


def test_a_brand_belongs_to_one_shard_of_any_split() -> None:
    for of in (1, 2, 3, 16):
        shards = [Shard(number=number, of=of) for number in range(of)]
        for brand_id in (1, 999, 1_000, 123_456):
            assert sum(shard.has(brand_id) for shard in shards) == 1


@pytest.mark.parametrize("of", [2, 3, 16])
def test_no_two_shards_share_a_lock(of: int) -> None:
    brand_ids = range(1, 1_001)
    slots = [
        {lock_slot(brand_id) for brand_id in brand_ids if Shard(number=number, of=of).has(brand_id)}
        for number in range(of)
    ]
    assert sum(map(len, slots)) == len(set().union(*slots)) == LOCK_SLOTS


@pytest.mark.django_db(transaction=True)
def test_a_shard_is_decided_while_another_is_being_decided() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer at a time")
    brand_ids = [a_campaign().brand_id for _ in range(10)]
    Campaign.objects.update(is_held=True)
    first, second = Shard(number=0, of=2), Shard(number=1, of=2)
    begun, ended = Event(), Event()
    with ThreadPoolExecutor() as elsewhere:
        theirs = [brand_id for brand_id in brand_ids if first.has(brand_id)]
        holding = elsewhere.submit(hold_locks, theirs, begun, ended)
        begun.wait(timeout=10)
        try:
            with connection.cursor() as cursor:
                cursor.execute("SET lock_timeout = '2s'")
            assert reconcile_shard(now=NOON, shard=second) == 5
        finally:
            ended.set()
            with connection.cursor() as cursor:
                cursor.execute("RESET lock_timeout")
        holding.result(timeout=10)


def hold_locks(brand_ids: list[int], begun: Event, ended: Event) -> None:
    """Be at deciding these brands, in a session of one's own, from one event to the other."""
    try:
        with transaction.atomic():
            lock_decisions(brand_ids)
            begun.set()
            ended.wait(timeout=10)
    finally:
        connection.close()


def test_a_shard_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ValueError, match="no shard 2 of 2"):
        Shard(number=2, of=2)


@pytest.mark.django_db(transaction=True)
def test_a_second_tick_leaves_at_once() -> None:
    brand_id = a_campaign().brand_id
    Campaign.objects.update(is_held=True)
    others = [Shard(number=1, of=3), Shard(number=2, of=3)]
    empty = next(shard for shard in others if not shard.has(brand_id))
    begun, ended = Event(), Event()

    with ThreadPoolExecutor() as elsewhere:
        first = elsewhere.submit(be_at_it, begun, ended)
        begun.wait(timeout=10)
        assert reconcile_shard(now=NOON, shard=Shard()) == 0
        assert reconcile_shard(now=NOON, shard=empty) == 0
        ended.set()
        assert first.result(timeout=10)

    assert reconcile_shard(now=NOON, shard=Shard()) == 1


def be_at_it(begun: Event, ended: Event) -> bool:
    """Be at a tick, in a session of one's own, from one event to the other."""
    try:
        with alone("tick") as is_alone:
            begun.set()
            ended.wait(timeout=10)
            return is_alone
    finally:
        connection.close()
