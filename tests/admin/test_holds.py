"""Holding and releasing in the admin."""

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from budgets.models import Campaign, Change
from budgets.operations.holds import hold
from budgets.operations.reconcile import reconcile
from tests.admin.pages import A_CAMPAIGN, address, send, text_of, told
from tests.builders import a_brand, a_campaign


def test_a_hold_is_confirmed_before_anything_stops(signed_in: Client) -> None:
    campaign = a_campaign()
    page = signed_in.get(address("campaign_hold_one", campaign.pk))
    assert "Stop “Spring sale”?" in text_of(page)
    campaign.refresh_from_db()
    assert campaign.status == "running"


def test_a_hold_records_the_person_and_the_note(signed_in: Client, owner: User) -> None:
    campaign = a_campaign()
    response = signed_in.post(address("campaign_hold_one", campaign.pk), {"note": "Typo in the ad"})
    change = Change.objects.get()
    assert (change.by, change.note, change.trigger) == (owner, "Typo in the ad", "hold")
    assert "1 is on hold now." in told(response)
    assert "Stopped: “Spring sale” (On hold)." in told(response)


def test_before_a_hold_the_page_says_what_stops_and_what_stays(signed_in: Client) -> None:
    brand = a_brand()
    a_campaign(brand=brand, name="Search")
    a_campaign(brand=brand, name="Video", is_held=True)
    page = text_of(signed_in.get(address("brand_hold_one", brand.pk)))
    assert "1 campaign stops" in page
    assert "Search Acme Brand on hold" in page
    assert "1 is paused already, and now stays paused until the hold is released." in page
    assert Campaign.objects.running().exists()


def test_a_hold_of_what_is_paused_already_says_that_it_stays_so(signed_in: Client) -> None:
    brand = a_brand()
    for name in ("Search", "Video"):
        a_campaign(brand=brand, name=name, daily="0")
    reconcile(now=timezone.now())
    page = text_of(signed_in.get(address("brand_hold_one", brand.pk)))
    assert "No running campaign stops and none starts." in page
    assert "2 are paused already, and now stay paused until the hold is released." in page
    hold(brand, by=None, now=timezone.now())
    page = text_of(signed_in.get(address("brand_release_one", brand.pk)))
    assert "2 stay paused; their reasons change." in page


def test_holding_a_brand_stops_all_of_it(signed_in: Client) -> None:
    brand = a_brand()
    for name in ("Search", "Video"):
        a_campaign(brand=brand, name=name)
    signed_in.post(address("brand_hold_one", brand.pk), {"note": ""})
    assert not Campaign.objects.running().exists()


def test_a_release_starts_what_has_no_other_reason(signed_in: Client, owner: User) -> None:
    campaign = a_campaign(is_held=True)
    signed_in.post(address("campaign_release_one", campaign.pk), {"note": "Fixed"})
    campaign.refresh_from_db()
    assert campaign.status == "running"
    assert Change.objects.filter(trigger="release", by=owner, note="Fixed").exists()


def test_selected_campaigns_are_held_after_a_confirmation(signed_in: Client) -> None:
    pks = [a_campaign().pk, a_campaign().pk]
    choice = {"action": "hold_selected", "_selected_action": pks}
    page = signed_in.post(address("campaign_changelist"), choice)
    assert "2 selected" in text_of(page)
    assert Campaign.objects.running().count() == 2
    signed_in.post(address("campaign_changelist"), choice | {"confirmed": "1", "note": "Strike"})
    assert Campaign.objects.running().count() == 0
    assert set(Change.objects.values_list("note", flat=True)) == {"Strike"}


def test_too_long_a_note_is_refused_at_its_field(signed_in: Client) -> None:
    campaign = a_campaign()
    page = signed_in.post(address("campaign_hold_one", campaign.pk), {"note": "x" * 501})
    assert "at most 500 characters" in text_of(page)
    assert not Change.objects.exists()


@pytest.mark.parametrize("is_held, offered", [(False, "hold"), (True, "release")])
def test_the_page_offers_the_button_that_would_do_something(
    signed_in: Client, is_held: bool, offered: str
) -> None:
    campaign = a_campaign(is_held=is_held)
    page = signed_in.get(address("campaign_change", campaign.pk)).content.decode()
    for name in ("hold", "release"):
        assert (address(f"campaign_{name}_one", campaign.pk) in page) == (name == offered)


def test_an_edit_leaves_a_hold_alone(signed_in: Client) -> None:
    campaign = a_campaign(is_held=True)
    data = A_CAMPAIGN | {"brand": str(campaign.brand_id), "daily_budget": "5"}
    assert send(signed_in, "campaign_change", data, campaign.pk).status_code == 302
    campaign.refresh_from_db()
    assert campaign.is_held


def test_a_viewer_may_not_hold(viewer: Client) -> None:
    campaign = a_campaign()
    assert viewer.post(address("campaign_hold_one", campaign.pk), {}).status_code == 403
    assert address("campaign_hold_one", campaign.pk) not in text_of(
        viewer.get(address("campaign_change", campaign.pk))
    )
