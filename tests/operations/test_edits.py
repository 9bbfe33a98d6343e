"""What is edited is obeyed in the same transaction: from the admin, the shell and the API alike."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest

from budgets.models import Brand, Campaign, Change, Trigger
from budgets.operations import edits
from budgets.operations.reconcile import reconcile
from budgets.rules.reasons import NO_REASON, PauseReason
from tests.builders import (
    a_brand,
    a_campaign,
    a_person,
    a_schedule,
    an_instant,
    spend,
    the_clock_at,
)

pytestmark = pytest.mark.django_db

NOON = an_instant("2026-03-10 12:00")


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    with the_clock_at(NOON):
        yield


def a_campaign_at_its_limit() -> Campaign:
    campaign = a_campaign(daily="100")
    spend(campaign, "100", at=NOON)
    return campaign


def test_a_new_campaign_that_may_not_run_is_paused_at_once() -> None:
    campaign = a_campaign(starts_on=date(2026, 3, 11))
    assert campaign.pause_reasons == PauseReason.OUTSIDE_FLIGHT


@pytest.mark.parametrize("budget", [Decimal("100.000001"), None])
def test_a_raised_or_cleared_budget_resumes_at_once_with_one_change(
    budget: Decimal | None,
) -> None:
    campaign = a_campaign_at_its_limit()
    campaign.daily_budget = budget
    campaign.save()
    assert campaign.pause_reasons == NO_REASON
    change = campaign.changes.latest("id")
    assert (campaign.changes.count(), change.trigger, change.may_start) == (2, "edit", True)
    assert reconcile(now=NOON) == 0


def test_a_lowered_budget_pauses_at_once() -> None:
    campaign = a_campaign(daily="100")
    spend(campaign, "60", at=NOON)
    campaign.daily_budget = Decimal(60)
    campaign.save()
    assert campaign.pause_reasons == PauseReason.DAILY_BUDGET


def test_a_brands_raised_budget_resumes_all_of_its_campaigns() -> None:
    brand = a_brand(monthly="100")
    campaigns = [a_campaign(brand=brand) for _ in range(3)]
    spend(campaigns[0], "100", at=NOON)
    assert brand.campaigns.running().count() == 0
    brand.monthly_budget = Decimal(101)
    brand.save()
    assert brand.campaigns.running().count() == 3


def test_a_brand_held_by_an_edit_stops() -> None:
    campaign = a_campaign()
    Brand.objects.update(is_held=False)
    campaign.brand.is_held = True
    campaign.brand.save()
    campaign.refresh_from_db()
    assert campaign.pause_reasons == PauseReason.BRAND_HELD


def test_a_brand_that_moves_to_another_clock_is_decided_on_it() -> None:
    with the_clock_at(NOON):
        campaign = a_campaign(starts_on=date(2026, 3, 11))
        brand = campaign.brand
        brand.timezone = "Pacific/Kiritimati"  # where it is tomorrow already
        brand.save()
        campaign.refresh_from_db()
        assert campaign.pause_reasons == NO_REASON
        brand.timezone = "UTC"
        brand.save()
    campaign.refresh_from_db()
    assert campaign.pause_reasons == PauseReason.OUTSIDE_FLIGHT


def test_new_hours_are_obeyed_by_every_campaign_on_them() -> None:
    schedule = a_schedule("Tue 09:00-17:00")
    campaigns = [a_campaign(schedule=schedule) for _ in range(2)]
    bystander = a_campaign()
    schedule.hours = "Wed 09:00-17:00"
    schedule.save()
    for campaign in campaigns:
        campaign.refresh_from_db()
        assert campaign.pause_reasons == PauseReason.OUTSIDE_SCHEDULE
    bystander.refresh_from_db()
    assert bystander.status == "running"


def test_a_campaign_given_or_freed_of_hours_obeys() -> None:
    campaign = a_campaign()
    campaign.schedule = a_schedule("Wed 09:00-17:00")
    campaign.save()
    assert campaign.pause_reasons == PauseReason.OUTSIDE_SCHEDULE
    campaign.schedule = None
    campaign.save(update_fields=["schedule"])
    assert campaign.pause_reasons == NO_REASON


def test_a_moved_flight_is_obeyed() -> None:
    campaign = a_campaign(ends_on=date(2026, 3, 9))
    campaign.ends_on = date(2026, 3, 10)
    campaign.save()
    assert campaign.pause_reasons == NO_REASON


def test_an_edit_that_matters_to_no_reason_writes_no_history() -> None:
    campaign = a_campaign()
    campaign.name = "Renamed"
    campaign.save()
    assert not Change.objects.exists()


def test_an_edit_is_attributed_to_the_person_who_made_it() -> None:
    campaign, ada = a_campaign(), a_person("ada")
    campaign.daily_budget = Decimal(0)
    edits.save([campaign], by=ada, now=NOON, note="Budget moved to search")
    change = campaign.changes.get()
    assert (change.by, change.trigger) == (ada, Trigger.EDIT)
    assert change.note == "Budget moved to search"
    campaign.daily_budget = None
    campaign.save()
    assert campaign.changes.latest("id").by is None


def test_one_save_is_decided_for_its_campaign_alone() -> None:
    campaign, neighbour = (a_campaign(brand=brand) for brand in [a_brand()] * 2)
    Campaign.objects.filter(pk=neighbour.pk).update(daily_budget=0)
    campaign.save()
    neighbour.refresh_from_db()
    assert neighbour.status == "running"  # typed past every check: obeyed from the next one
