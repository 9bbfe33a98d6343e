"""Budgets are shown as their currency writes them, and read as people type them."""

from decimal import Decimal

import pytest
from django.forms.models import model_to_dict
from django.test import Client

from budgets.admin.base.forms import BrandForm, CampaignForm
from budgets.models import Brand, Campaign
from tests.admin.pages import A_BRAND, A_CAMPAIGN, address, send
from tests.builders import a_brand, a_campaign

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "currency, shown", [("JPY", "60000"), ("EUR", "60000.00"), ("KWD", "60000.000")]
)
def test_a_budget_has_the_decimals_of_its_currency(currency: str, shown: str) -> None:
    brand = a_brand(currency=currency, daily="60000")
    campaign = a_campaign(brand=brand, daily="60000")
    assert str(BrandForm(instance=brand).initial["daily_budget"]) == shown
    assert str(CampaignForm(instance=campaign).initial["daily_budget"]) == shown


def test_parts_of_a_cent_are_never_hidden() -> None:
    campaign = a_campaign(brand=a_brand(currency="JPY"), daily="0.5")
    assert CampaignForm(instance=campaign).initial["daily_budget"] == Decimal("0.5")


def brand_form(amount: str, currency: str = "USD") -> BrandForm:
    """Return the form of a new brand in which somebody typed a daily budget."""
    return BrandForm(A_BRAND | {"currency": currency, "daily_budget": amount})


@pytest.mark.parametrize(
    "amount, currency, budget",
    [
        ("1000", "USD", "1000"),
        ("1,000", "USD", "1000"),
        ("1,000.50", "USD", "1000.50"),
        ("$1,000", "USD", "1000"),
        ("€1000", "EUR", "1000"),
        ("1000 EUR", "EUR", "1000"),
        ("12,50", "EUR", "12.50"),
        ("1.000,50", "EUR", "1000.50"),
        ("1 000", "EUR", "1000"),
        ("2,345", "JPY", "2345"),
        ("1.234", "KWD", "1.234"),
    ],
)
def test_a_budget_is_read_as_people_type_it(amount: str, currency: str, budget: str) -> None:
    form = brand_form(amount, currency)
    assert form.is_valid(), form.errors
    assert form.cleaned_data["daily_budget"] == Decimal(budget)


@pytest.mark.parametrize(
    "amount, currency, words",
    [
        ("1.000", "USD", "“1.000” is 1000 or 1.000"),
        ("1.000", "JPY", "“1.000” is 1000 or 1.000"),
        ("10.50", "JPY", "JPY has no decimals"),
        ("10.505", "USD", "10505 or 10.505"),
        ("0.005", "USD", "USD has 2 decimals"),
        ("€10", "USD", "amounts here are in USD"),
        ("20 %", "USD", "is a percentage"),
        ("lots", "USD", "is not an amount"),
        ("-1", "USD", "cannot be negative"),
        ("1e11", "USD", "was shortened"),
        ("200,000,000,000", "USD", "beyond the largest amount"),
    ],
)
def test_what_is_no_budget_for_certain_is_refused_at_its_box(
    amount: str, currency: str, words: str
) -> None:
    assert words in str(brand_form(amount, currency).errors["daily_budget"])


def test_a_campaigns_budget_is_in_its_brands_currency(signed_in: Client) -> None:
    yen = a_brand(currency="JPY")
    campaign = A_CAMPAIGN | {"brand": str(yen.pk)}
    send(signed_in, "campaign_add", campaign | {"daily_budget": "¥2,345"})
    assert Campaign.objects.get().daily_budget == Decimal(2345)
    refused = CampaignForm(campaign | {"daily_budget": "10.50"})
    assert "JPY has no decimals" in str(refused.errors["daily_budget"])


@pytest.mark.parametrize("stored", ["0.5", "1.234", "0.000001", "12.505"])
def test_a_finer_budget_there_is_already_stays(stored: str) -> None:
    brand = a_brand(currency="USD", daily=stored)
    shown = {name: value or "" for name, value in BrandForm(instance=brand).initial.items()}
    form = BrandForm({**model_to_dict(brand), **shown, "name": "New"}, instance=brand)
    assert form.is_valid(), form.errors
    assert form.cleaned_data["daily_budget"] == Decimal(stored)
    assert form.changed_data == ["name"]


def test_a_campaign_typed_in_beside_its_brand_is_in_the_brands_currency(
    signed_in: Client,
) -> None:
    new = {f"campaigns-0-{name}": value for name, value in A_CAMPAIGN.items()}
    new |= {"campaigns-TOTAL_FORMS": "1", "campaigns-0-daily_budget": "¥2,345"}
    send(signed_in, "brand_add", A_BRAND | {"currency": "JPY"} | new)
    assert Campaign.objects.get().daily_budget == Decimal(2345)
    page = send(signed_in, "brand_add", A_BRAND | new)
    assert "amounts here are in USD" in page.content.decode()
    assert Brand.objects.count() == 1


@pytest.mark.parametrize("typed", ["1.2021E+17", "1,2021E+17"])
def test_an_external_id_that_a_spreadsheet_shortened_is_refused(typed: str) -> None:
    form = CampaignForm(A_CAMPAIGN | {"brand": str(a_brand().pk), "external_id": typed})
    assert "was shortened by a spreadsheet" in str(form.errors["external_id"])


def test_a_page_opens_for_a_limited_budget(signed_in: Client) -> None:
    brand = a_brand(daily="100")
    assert signed_in.get(address("brand_change", brand.pk)).status_code == 200
