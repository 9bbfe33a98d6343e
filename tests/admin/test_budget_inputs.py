"""Budgets are offered for editing as their currency writes them."""

from decimal import Decimal

import pytest

from budgets.admin.base.forms import BrandForm, CampaignForm
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
