"""Holds: a person stops it, and only a person lets it run again."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from budgets.models import Brand, Campaign, Change, Trigger
from budgets.operations.close import close_periods
from budgets.operations.holds import hold, release
from budgets.operations.reconcile import reconcile
from budgets.rules.reasons import NO_REASON, PauseReason
from tests.builders import a_brand, a_campaign, a_person, an_instant, spend

pytestmark = pytest.mark.django_db

NOON = an_instant("2026-03-10 12:00")


def test_a_hold_stops_at_once_and_tells_who_and_why() -> None:
    campaign, ada = a_campaign(), a_person("ada")
    hold(campaign, by=ada, now=NOON, note="Client asked on the phone")
    assert (campaign.is_held, campaign.pause_reasons) == (True, PauseReason.HELD)
    change = campaign.changes.get()
    assert (change.at, change.trigger, change.by) == (NOON, Trigger.HOLD, ada)
    assert change.note == "Client asked on the phone"


def test_a_release_starts_at_once() -> None:
    campaign, ada, bob = a_campaign(), a_person("ada"), a_person("bob")
    hold(campaign, by=ada, now=NOON)
    release(campaign, by=bob, now=NOON + timedelta(hours=1))
    assert (campaign.is_held, campaign.status) == (False, "running")
    change = Change.objects.latest("id")
    assert (change.trigger, change.by, change.may_start) == (Trigger.RELEASE, bob, True)


def test_a_release_lifts_no_other_reason() -> None:
    campaign = a_campaign(daily="100")
    hold(campaign, by=a_person(), now=NOON)
    spend(campaign, "100", at=NOON)
    release(campaign, by=None, now=NOON)
    assert campaign.pause_reasons == PauseReason.DAILY_BUDGET


def test_a_held_campaign_survives_checks_and_midnight() -> None:
    campaign = a_campaign(daily="100", monthly="1000")
    hold(campaign, by=a_person(), now=NOON)
    spend(campaign, "100", at=NOON)
    for instant in ("2026-03-10 12:10", "2026-03-11 00:00", "2026-04-01 00:00"):
        reconcile(now=an_instant(instant))
        close_periods(now=an_instant(instant))
    spend(campaign, "-100", at=an_instant("2026-04-01 00:01"))
    assert campaign.pause_reasons == PauseReason.HELD


def test_a_held_brand_stops_all_of_its_campaigns_and_no_others() -> None:
    brand, bystander = a_brand(), a_campaign()
    campaigns = [a_campaign(brand=brand) for _ in range(3)]
    hold(brand, by=a_person(), now=NOON)
    assert brand.is_held
    assert all(c.pause_reasons == PauseReason.BRAND_HELD for c in brand.campaigns.all())
    bystander.refresh_from_db()
    assert bystander.status == "running"
    release(brand, by=a_person("bob"), now=NOON)
    assert brand.campaigns.running().count() == len(campaigns)


def test_the_two_holds_are_lifted_one_by_one() -> None:
    campaign = a_campaign()
    hold(campaign, by=None, now=NOON)
    hold(campaign.brand, by=None, now=NOON)
    release(campaign, by=None, now=NOON)
    assert campaign.pause_reasons == PauseReason.BRAND_HELD
    release(campaign.brand, by=None, now=NOON)
    campaign.refresh_from_db()
    assert campaign.pause_reasons == NO_REASON


def test_holding_what_is_held_changes_nothing() -> None:
    campaign = a_campaign()
    hold(campaign, by=a_person("ada"), now=NOON)
    hold(campaign, by=a_person("bob"), now=NOON)
    assert campaign.changes.count() == 1
    release(campaign, by=None, now=NOON)
    release(campaign, by=None, now=NOON)
    assert campaign.changes.count() == 2


def test_a_hold_from_a_stale_copy_writes_nothing_else() -> None:
    campaign = a_campaign(daily="100")
    stale = Campaign.objects.get(pk=campaign.pk)
    Campaign.objects.update(name="Renamed")
    spend(campaign, "10", at=NOON)
    hold(stale, by=None, now=NOON)
    campaign.refresh_from_db()
    assert (campaign.name, str(campaign.day_spent)) == ("Renamed", "10.00")


def test_a_note_too_long_for_the_history_is_refused_and_nothing_held() -> None:
    brand = a_brand()
    with pytest.raises(ValidationError, match="501 characters"):
        hold(brand, by=None, now=NOON, note="x" * 501)
    assert not Brand.objects.get().is_held


def test_the_history_outlives_the_person() -> None:
    campaign, ada = a_campaign(), a_person("ada")
    hold(campaign, by=ada, now=NOON, note="Client asked")
    ada.delete()
    change = campaign.changes.get()
    assert (change.by, change.note) == (None, "Client asked")
