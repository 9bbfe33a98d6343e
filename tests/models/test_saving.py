"""A save writes what people edit, and never brings back what operations have written since."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction

from budgets.models import Brand, Campaign, Schedule
from budgets.operations.close import close_periods
from budgets.operations.holds import hold
from budgets.rules.hours import WeekHours
from budgets.rules.reasons import PauseReason
from tests.builders import (
    a_brand,
    a_campaign,
    a_link,
    a_person,
    a_schedule,
    an_instant,
    spend,
    the_clock_at,
)

pytestmark = pytest.mark.django_db

NOON = an_instant("2026-03-10 12:00")


def test_a_form_opened_an_hour_ago_brings_back_no_old_counter() -> None:
    campaign = a_campaign(daily="100")
    stale = Campaign.objects.get(pk=campaign.pk)
    spend(campaign, "100", at=NOON)
    with the_clock_at(NOON):
        stale.name = "Summer sale"
        stale.save()
    campaign.refresh_from_db()
    assert campaign.name == "Summer sale"
    assert campaign.day_spent == campaign.month_spent == Decimal("100.00")
    assert (campaign.day, campaign.month) == (date(2026, 3, 10), date(2026, 3, 1))
    assert campaign.pause_reasons == PauseReason.DAILY_BUDGET


def test_a_save_with_named_fields_brings_back_no_old_status() -> None:
    campaign = a_campaign(daily="100")
    stale = Campaign.objects.get(pk=campaign.pk)
    spend(campaign, "100", at=NOON)
    with the_clock_at(NOON):
        stale.save(update_fields=["reasons", "day_spent", "month_spent", "name"])
    campaign.refresh_from_db()
    assert campaign.status == "paused"
    assert campaign.day_spent == Decimal("100.00")


def test_a_save_shows_the_status_it_led_to() -> None:
    campaign = a_campaign(daily="100")
    with the_clock_at(NOON):
        campaign.daily_budget = Decimal(0)
        campaign.save()
        assert campaign.status == "paused"


def test_a_row_loaded_in_part_saves_that_part() -> None:
    a_campaign(daily="100")
    partly = Campaign.objects.only("name", "brand").get()
    partly.name = "Renamed"
    partly.save()
    campaign = Campaign.objects.get()
    assert (campaign.name, campaign.daily_budget) == ("Renamed", Decimal("100.00"))


@pytest.mark.parametrize("forget_key", ["pk", "pk_and_state"])
def test_a_copy_of_a_campaign_starts_at_nothing(forget_key: str) -> None:
    campaign = a_campaign(daily="100")
    spend(campaign, "100", at=NOON)
    copy = Campaign.objects.get(pk=campaign.pk)
    copy.pk = None
    if forget_key == "pk_and_state":
        copy._state.adding = True
    with the_clock_at(NOON):
        copy.save()
    copy.refresh_from_db()
    assert copy.pk != campaign.pk
    assert (copy.day, copy.day_spent, copy.month_spent) == (None, Decimal(0), Decimal(0))
    assert copy.status == "running"
    campaign.refresh_from_db()
    assert campaign.day_spent == Decimal("100.00")


def test_a_copy_of_a_held_campaign_is_held_and_has_a_change_of_its_own() -> None:
    campaign = a_campaign()
    hold(campaign, by=a_person(), now=NOON)
    campaign.pk = None
    campaign.save()
    assert campaign.pause_reasons == PauseReason.HELD
    assert campaign.changes.count() == 1


def test_a_save_of_a_brand_reopens_no_closed_day() -> None:
    brand = a_brand()
    stale = Brand.objects.get(pk=brand.pk)
    Brand.objects.update(created_at=an_instant("2026-03-08 12:00"))
    close_periods(now=NOON)
    stale.name = "Acme Ltd"
    stale.save()
    brand.refresh_from_db()
    assert (brand.name, brand.closed_day) == ("Acme Ltd", date(2026, 3, 9))


def test_a_schedule_knows_the_week_of_its_hours_however_it_is_saved() -> None:
    schedule = a_schedule("Mon 09:00-17:00")
    schedule.hours = "Tue 09:00-17:00"
    schedule.save(update_fields=["hours"])
    schedule.refresh_from_db()
    assert bytes(schedule.week) == WeekHours.parse("Tue 09:00-17:00").week
    Schedule.objects.bulk_create([Schedule(name="Bulk", hours="Wed 09:00-17:00")])
    bulk = Schedule.objects.get(name="Bulk")
    assert bytes(bulk.week) == WeekHours.parse("Wed 09:00-17:00").week


def test_an_edit_that_fails_later_leaves_nothing_behind() -> None:
    campaign = a_campaign(daily="100")
    spend(campaign, "100", at=NOON)
    with the_clock_at(NOON), transaction.atomic():
        campaign.daily_budget = Decimal(200)
        campaign.save()
        assert campaign.status == "running"
        transaction.set_rollback(True)
    campaign.refresh_from_db()
    assert campaign.daily_budget == Decimal("100.00")
    assert campaign.status == "paused"
    assert campaign.changes.count() == 1


def test_a_deletion_says_all_that_went() -> None:
    _, deleted = a_campaign().delete()
    assert deleted == {"budgets.Campaign": 1}


def test_querysets_speak_of_status_and_reasons() -> None:
    running, spent, held = a_campaign(), a_campaign(daily="10"), a_campaign(daily="10")
    hold(held, by=a_person(), now=NOON)
    spend(spent, "10", at=NOON)
    spend(held, "10", at=NOON)
    assert list(Campaign.objects.running()) == [running]
    assert set(Campaign.objects.paused()) == {spent, held}
    assert set(Campaign.objects.paused_by(PauseReason.DAILY_BUDGET)) == {spent, held}
    assert list(Campaign.objects.paused_by(PauseReason.HELD)) == [held]
    with the_clock_at(NOON):
        assert spent.daily_spend == spent.monthly_spend == Decimal("10.00")
    with the_clock_at(an_instant("2026-03-11 00:00")):
        assert (spent.daily_spend, spent.monthly_spend) == (Decimal(0), Decimal("10.00"))
    with the_clock_at(an_instant("2026-04-01 00:00")):
        assert spent.monthly_spend == Decimal(0)


def test_a_linked_campaign_stays_with_the_brand_of_its_account() -> None:
    campaign = a_campaign()
    a_link(campaign)
    campaign.brand = a_brand(name="Another")

    with pytest.raises(ValidationError, match="linked to accounts of the old brand"):
        campaign.full_clean()
