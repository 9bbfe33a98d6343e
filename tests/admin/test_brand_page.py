"""Making and editing brands in the admin."""

from decimal import Decimal

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from budgets.models import Brand, Campaign, Change
from tests.admin.pages import A_BRAND, address, confirm, errors_of, send, text_of, told
from tests.builders import a_brand, a_campaign, spend


def test_a_brand_is_made_with_its_first_campaign_on_one_page(signed_in: Client) -> None:
    campaign = {"campaigns-0-name": "Spring sale", "campaigns-0-daily_budget": "100"}
    data = A_BRAND | {"timezone": "Europe/Paris", "campaigns-TOTAL_FORMS": "1"} | campaign
    assert send(signed_in, "brand_add", data).status_code == 302
    made = Campaign.objects.get(brand__timezone="Europe/Paris")
    assert (made.name, made.daily_budget) == ("Spring sale", Decimal("100.00"))


@pytest.mark.parametrize(
    "field, text, words",
    [
        ("timezone", "Mars/Olympus", "is not a time zone"),
        ("currency", "XYZ", "is no ISO 4217 currency"),
        ("daily_budget", "-1", "cannot be negative"),
        ("daily_budget", "lots", "is not an amount"),
        ("monthly_budget", "0.0000001", "more than 6 decimal"),
        ("name", "", "required"),
    ],
)
def test_bad_input_is_named_at_its_field_and_nothing_is_saved(
    signed_in: Client, field: str, text: str, words: str
) -> None:
    response = send(signed_in, "brand_add", A_BRAND | {field: text})
    assert words in " ".join(errors_of(response)[field])
    assert not Brand.objects.exists()


def test_a_bad_campaign_keeps_its_new_brand_from_being_saved(signed_in: Client) -> None:
    campaign = {"campaigns-0-name": "Spring sale", "campaigns-0-daily_budget": "-5"}
    data = A_BRAND | {"campaigns-TOTAL_FORMS": "1"} | campaign
    assert "cannot be negative" in text_of(send(signed_in, "brand_add", data))
    assert not Brand.objects.exists()


def test_an_edit_pauses_at_once_and_names_the_person(signed_in: Client, owner: User) -> None:
    campaign = a_campaign()
    with_spend(campaign)
    edit = A_BRAND | {"monthly_budget": "50"}
    response = confirm(signed_in, send(signed_in, "brand_change", edit, campaign.brand_id))
    change = Change.objects.get(campaign=campaign)
    assert (change.by, change.trigger) == (owner, "edit")
    assert any("Stopped: “Spring sale” (Brand's monthly budget" in line for line in told(response))


def test_an_edit_that_makes_room_says_what_started(signed_in: Client) -> None:
    campaign = a_campaign(brand=a_brand(monthly="50"))
    with_spend(campaign)
    edit = A_BRAND | {"monthly_budget": "100"}
    response = confirm(signed_in, send(signed_in, "brand_change", edit, campaign.brand_id))
    assert "Started: “Spring sale”." in told(response)


def test_saving_an_old_form_does_not_lift_a_hold(signed_in: Client) -> None:
    brand = a_brand(is_held=True)
    send(signed_in, "brand_change", A_BRAND | {"name": "Acme Ltd"}, brand.pk)
    brand.refresh_from_db()
    assert (brand.name, brand.is_held) == ("Acme Ltd", True)


def test_the_currency_is_fixed_once_money_was_spent(signed_in: Client) -> None:
    campaign = a_campaign()
    with_spend(campaign)
    send(signed_in, "brand_change", A_BRAND | {"currency": "EUR"}, campaign.brand_id)
    assert Brand.objects.get().currency == "USD"


def test_zones_and_currencies_are_offered_by_name(signed_in: Client) -> None:
    page = signed_in.get(address("brand_add")).content.decode()
    assert "Europe/Paris · Paris · France · UTC+" in page
    assert "JPY · Japanese Yen" in page


def test_a_zone_that_came_in_past_every_check_can_be_mended(signed_in: Client) -> None:
    brand = a_brand()
    campaign = a_campaign(brand=brand)
    Brand.objects.update(timezone="Mars/Olympus")
    for page in ("brand_changelist", "campaign_changelist", "change_changelist"):
        assert signed_in.get(address(page)).status_code == 200
    assert signed_in.get(address("campaign_change", campaign.pk)).status_code == 200
    assert send(signed_in, "brand_change", A_BRAND, brand.pk).status_code == 302
    assert Brand.objects.get().timezone == "UTC"


def test_a_brand_with_campaigns_says_why_it_cannot_be_deleted(signed_in: Client) -> None:
    brand = a_campaign(name="Winter").brand
    page = signed_in.get(address("brand_delete", brand.pk))
    assert "The brand still has 1 campaign: “Winter”." in text_of(page)
    assert signed_in.post(address("brand_delete", brand.pk), {"post": "yes"}).status_code == 200
    assert Brand.objects.exists()


def test_a_brand_without_campaigns_is_deleted(signed_in: Client) -> None:
    brand = a_brand()
    signed_in.post(address("brand_delete", brand.pk), {"post": "yes"})
    assert not Brand.objects.exists()


def with_spend(campaign: Campaign) -> None:
    """Spend 60 on the campaign, in the month in which the test runs."""
    spend(campaign, "60", at=timezone.now())
