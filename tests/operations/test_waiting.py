"""Who waited for a lock decides for the instant at which it got it, not for the one it came at."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine
from django.core.management import call_command

from budgets import tasks
from budgets.models import Brand, Campaign, Change
from budgets.operations import edits
from budgets.operations.close import close_periods
from budgets.operations.holds import hold
from budgets.operations.ingest import record_spend
from budgets.operations.reconcile import reconcile, transitions
from budgets.operations.reconcile.decision_input import BrandBatch
from budgets.rules.reasons import NO_REASON, PauseReason
from tests.builders import a_campaign, an_entry, an_instant, spend, the_clock_at

pytestmark = pytest.mark.django_db

EVENING = an_instant("2030-03-10 20:00")
BEFORE_MIDNIGHT = an_instant("2030-03-10 23:59:59")
AFTER_MIDNIGHT = an_instant("2030-03-11 00:00:01")


@pytest.fixture
def campaign() -> Campaign:
    """A campaign that its daily budget stopped in the evening."""
    with the_clock_at(EVENING):
        stopped = a_campaign(daily="100")
        spend(stopped, "100", at=EVENING)
    return stopped


def after_midnight() -> Any:
    return AFTER_MIDNIGHT


def test_a_tick_that_began_before_midnight_pauses_nothing_that_the_new_day_resumed(
    campaign: Campaign,
) -> None:
    assert reconcile(now=AFTER_MIDNIGHT) == 1
    assert reconcile(now=BEFORE_MIDNIGHT, clock=after_midnight) == 0
    campaign.refresh_from_db()
    assert campaign.pause_reasons == NO_REASON


def test_each_transaction_of_a_tick_has_an_instant_of_its_own(
    campaign: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    with the_clock_at(EVENING):
        second = a_campaign(daily="100")
        spend(second, "100", at=EVENING)
    monkeypatch.setattr(transitions, "batches_of_shard", one_by_one)
    instants = iter([BEFORE_MIDNIGHT, AFTER_MIDNIGHT])
    assert reconcile(now=BEFORE_MIDNIGHT, clock=lambda: next(instants)) == 1
    assert list(Campaign.objects.running()) == [second]


def one_by_one(_shard: object) -> Iterator[Any]:
    for brand_id in Brand.objects.order_by("id").values_list("id", flat=True):
        yield BrandBatch(brand_ids=[brand_id])


def test_a_closing_decides_by_the_clock(campaign: Campaign) -> None:
    close_periods(now=AFTER_MIDNIGHT, clock=lambda: an_instant("2030-03-11 00:00:09"))
    assert Change.objects.latest("id").at == an_instant("2030-03-11 00:00:09")


def test_an_ingest_decides_by_the_clock(campaign: Campaign) -> None:
    late = [an_entry(campaign, "1", at=EVENING)]
    (change,) = record_spend(late, now=BEFORE_MIDNIGHT, clock=after_midnight).changes
    assert (change.at, change.reasons_after) == (AFTER_MIDNIGHT, NO_REASON)


def test_an_edit_is_made_and_decided_when_it_has_its_locks(campaign: Campaign) -> None:
    campaign.name = "Summer sale"
    edits.save([campaign], by=None, now=BEFORE_MIDNIGHT, clock=after_midnight)
    assert campaign.pause_reasons == NO_REASON
    assert Change.objects.latest("id").at == AFTER_MIDNIGHT
    assert Campaign.history.latest("history_id").history_date == AFTER_MIDNIGHT


def test_a_hold_is_made_when_it_has_its_lock(campaign: Campaign) -> None:
    hold(campaign, by=None, now=BEFORE_MIDNIGHT, clock=after_midnight)
    assert campaign.pause_reasons == PauseReason.HELD
    assert Change.objects.latest("id").at == AFTER_MIDNIGHT
    assert Campaign.history.latest("history_id").history_date == AFTER_MIDNIGHT


@pytest.mark.parametrize(
    "door",
    [
        tasks.check_spend,
        tasks.check_dayparts,
        lambda: tasks.check_shard("check_spend", 0, 1),
        lambda: call_command("reconcile"),
        lambda: Campaign.objects.get().save(),
    ],
    ids=["check_spend", "check_dayparts", "check_shard", "command", "save"],
)
def test_what_is_called_from_outside_looks_at_the_clock_again(
    campaign: Campaign, door: Callable[[], object], monkeypatch: pytest.MonkeyPatch
) -> None:
    with time_machine.travel(BEFORE_MIDNIGHT, tick=False) as traveller:

        def wait(_brand_ids: object) -> None:
            traveller.move_to(AFTER_MIDNIGHT)

        monkeypatch.setattr(transitions, "lock_decisions", wait)
        door()
    campaign.refresh_from_db()
    assert campaign.pause_reasons == NO_REASON
    assert Change.objects.latest("id").at == AFTER_MIDNIGHT
