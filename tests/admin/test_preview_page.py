"""An edit that stops or starts campaigns is seen before it is saved."""

import re
from datetime import timedelta
from decimal import Decimal
from html import unescape
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from budgets.models import Brand, Campaign, Change
from budgets.operations.holds import hold
from tests.admin.pages import A_BRAND, A_CAMPAIGN, address, confirm, send, text_of, told
from tests.builders import a_brand, a_campaign, a_schedule, spend


def a_spender(**facts: Any) -> Campaign:
    """Save a campaign that has spent 60 this month and today."""
    campaign = a_campaign(**facts)
    spend(campaign, "60", at=timezone.now())
    return campaign


def lower(signed_in: Client, campaign: Campaign, to: str = "50") -> Any:
    """Send the brand's page with a monthly budget that its campaign has reached."""
    return send(signed_in, "brand_change", A_BRAND | {"monthly_budget": to}, campaign.brand_id)


def test_an_edit_that_would_stop_a_campaign_names_it_and_why(signed_in: Client) -> None:
    page = text_of(lower(signed_in, a_spender(brand=a_brand(monthly="100"))))
    assert "Nothing is saved yet." in page
    assert "Monthly budget $100.00 $50.00" in page
    assert "1 campaign stops" in page
    assert "Spring sale Acme Brand's monthly budget reached Brand month: $60.00 of $50.00" in page


def test_a_preview_writes_nothing(signed_in: Client) -> None:
    campaign = a_spender(brand=a_brand(monthly="100"))
    response = lower(signed_in, campaign)
    assert Brand.objects.get().monthly_budget == Decimal(100)
    assert Campaign.objects.get().status == "running"
    assert not Change.objects.exists()
    assert not LogEntry.objects.exists()
    assert told(response) == []


def test_confirming_saves_what_was_shown(signed_in: Client, owner: User) -> None:
    campaign = a_spender(brand=a_brand(monthly="100"))
    assert confirm(signed_in, lower(signed_in, campaign)).status_code == 302
    assert Brand.objects.get().monthly_budget == Decimal(50)
    assert Change.objects.get(campaign=campaign).by == owner
    assert LogEntry.objects.count() == 1


def test_an_edit_without_effect_is_saved_at_once(signed_in: Client) -> None:
    campaign = a_spender(brand=a_brand(monthly="100"))
    assert lower(signed_in, campaign, to="70").status_code == 302
    assert Brand.objects.get().monthly_budget == Decimal(70)


def test_making_room_names_what_would_start(signed_in: Client) -> None:
    campaign = a_spender(brand=a_brand(monthly="60"))
    page = text_of(lower(signed_in, campaign, to="100"))
    assert "1 campaign starts" in page
    assert "Brand's monthly budget reached" in page


def test_campaigns_that_stay_as_they_are_are_counted(signed_in: Client) -> None:
    brand = a_brand(monthly="100")
    for name in ("Held", "Held too"):
        a_campaign(brand=brand, name=name, is_held=True)
    page = text_of(lower(signed_in, a_spender(brand=brand)))
    assert "2 stay paused; their reasons change." in page


def test_when_the_effect_has_changed_it_is_shown_again(signed_in: Client, owner: User) -> None:
    campaign = a_spender(brand=a_brand(monthly="100"))
    other = a_campaign(brand=campaign.brand, name="Video")
    response = lower(signed_in, campaign)
    hold(other, by=owner, now=timezone.now())
    again = confirm(signed_in, response)
    assert "Things have changed since you looked." in text_of(again)
    assert Brand.objects.get().monthly_budget == Decimal(100)
    assert confirm(signed_in, again).status_code == 302


def test_when_somebody_edited_the_same_field_it_is_shown_again(signed_in: Client) -> None:
    campaign = a_spender(brand=a_brand(monthly="100"))
    response = lower(signed_in, campaign)
    brand = Brand.objects.get()
    brand.monthly_budget = Decimal(90)
    brand.save()
    assert "Monthly budget $90.00 $50.00" in text_of(confirm(signed_in, response))


def test_changing_something_returns_to_the_form_as_it_was_filled_in(signed_in: Client) -> None:
    campaign = a_spender(brand=a_brand(monthly="100"))
    form = confirm(signed_in, lower(signed_in, campaign), _revise="1")
    assert 'name="monthly_budget" value="50"' in form.content.decode()
    assert "correct the error" not in text_of(form)
    assert Brand.objects.get().monthly_budget == Decimal(100)


def test_the_button_that_was_pressed_still_counts(signed_in: Client) -> None:
    campaign = a_spender(brand=a_brand(monthly="100"))
    data = A_BRAND | {"monthly_budget": "50", "_continue": "1"}
    done = confirm(signed_in, send(signed_in, "brand_change", data, campaign.brand_id))
    assert done.url == address("brand_change", campaign.brand_id)


def test_a_flight_that_is_over_is_previewed(signed_in: Client) -> None:
    campaign = a_campaign()
    ended = (timezone.now() - timedelta(days=3)).date().isoformat()
    data = A_CAMPAIGN | {"brand": str(campaign.brand_id), "ends_on": ended}
    page = text_of(send(signed_in, "campaign_change", data, campaign.pk))
    assert "Outside its flight" in page
    assert "Last day none" in page


def test_hours_that_close_are_previewed_for_every_campaign_that_runs_by_them(
    signed_in: Client,
) -> None:
    schedule = a_schedule("Mon-Sun 00:00-24:00")
    for name in ("Search", "Video"):
        a_campaign(schedule=schedule, name=name)
    now = timezone.now()
    closed = f"{(now + timedelta(days=3)):%a} 00:00-01:00"
    data = {"name": "Office hours", "hours": closed}
    response = send(signed_in, "schedule_change", data, schedule.pk)
    assert "2 campaigns stop" in text_of(response)
    assert confirm(signed_in, response).status_code == 302
    assert not Campaign.objects.running().exists()


def test_what_is_due_anyway_is_not_the_edits_doing(signed_in: Client) -> None:
    campaign = a_campaign()
    yesterday = timezone.now() - timedelta(days=2)
    Campaign.objects.update(ends_on=yesterday.date())
    data = A_CAMPAIGN | {
        "brand": str(campaign.brand_id),
        "ends_on": yesterday.date().isoformat(),
        "name": "Renamed",
    }
    assert send(signed_in, "campaign_change", data, campaign.pk).status_code == 302
    assert Change.objects.get().trigger == "tick"


def test_a_new_campaign_needs_no_confirmation(signed_in: Client) -> None:
    data = A_CAMPAIGN | {"brand": str(a_brand().pk), "daily_budget": "0"}
    assert send(signed_in, "campaign_add", data).status_code == 302


def test_a_campaign_added_on_its_brands_page_is_not_one_that_stops(signed_in: Client) -> None:
    brand = a_brand()
    campaign = {"campaigns-0-name": "New", "campaigns-0-daily_budget": "0"}
    data = A_BRAND | {"campaigns-TOTAL_FORMS": "1"} | campaign
    assert send(signed_in, "brand_change", data, brand.pk).status_code == 302


@pytest.mark.parametrize("after", ["501", "19"])
def test_a_budget_that_jumps_is_asked_about(signed_in: Client, after: str) -> None:
    brand = a_brand(daily="100")
    response = send(signed_in, "brand_change", A_BRAND | {"daily_budget": after}, brand.pk)
    assert "Yes, these amounts are meant." in text_of(response)
    assert "No campaign stops and none starts." in text_of(response)


def test_a_jump_is_saved_only_when_it_is_said_to_be_meant(signed_in: Client) -> None:
    brand = a_brand(daily="100")
    response = send(signed_in, "brand_change", A_BRAND | {"daily_budget": "5000"}, brand.pk)
    asked = confirm(signed_in, response)
    assert "Tick the box to save" in text_of(asked)
    assert confirm(signed_in, asked, _meant="1").status_code == 302
    assert Brand.objects.get().daily_budget == Decimal(5000)


def test_how_far_a_budget_may_jump_is_a_setting(signed_in: Client, settings: Any) -> None:
    settings.BUDGET_JUMP = Decimal(100)
    brand = a_brand(daily="100")
    data = A_BRAND | {"daily_budget": "5000"}
    assert send(signed_in, "brand_change", data, brand.pk).status_code == 302


def test_a_preview_names_the_first_hundred_and_counts_the_others(signed_in: Client) -> None:
    brand = a_brand(monthly="100")
    Campaign.objects.bulk_create(Campaign(brand=brand, name=f"No {n}") for n in range(101))
    response = lower(signed_in, a_spender(brand=brand))
    page = text_of(response)
    assert "102 campaigns stop" in page
    assert "and 2 more" in page
    assert len(re.findall(r"Brand month: ", page)) == 100


def test_names_are_shown_as_text(signed_in: Client) -> None:
    campaign = a_spender(brand=a_brand(monthly="100"), name="<script>alert(1)</script>")
    page = lower(signed_in, campaign).content.decode()
    assert "<script>alert(1)" not in page
    assert "<script>alert(1)" in unescape(page)


def test_a_budget_that_is_cleared_has_to_be_meant(signed_in: Client) -> None:
    brand = a_brand(daily="100")
    page = send(signed_in, "brand_change", A_BRAND, brand.pk)
    assert "no limit after $100.00, nothing limits it then." in text_of(page)
    assert "Tick the box to save" in text_of(confirm(signed_in, page))
    confirm(signed_in, page, _meant="1")
    assert Brand.objects.get().daily_budget is None


def test_a_new_campaign_that_does_not_run_is_not_said_to_have_stopped(signed_in: Client) -> None:
    brand = a_brand()
    new = A_CAMPAIGN | {"brand": str(brand.pk), "daily_budget": "0"}
    answer = send(signed_in, "campaign_add", new)
    assert "New, and not running yet: “Spring sale” (Daily budget reached)." in told(answer)
    assert not [words for words in told(answer) if words.startswith("Stopped")]
