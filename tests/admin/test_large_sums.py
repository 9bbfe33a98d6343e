"""Sums beyond the largest amount, and beyond 64 bits, are shown like any other."""

from decimal import Decimal

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from budgets.models import Brand, Campaign, Spend
from budgets.reports.explain import explain
from budgets.reports.figures import brand_figures_for
from tests.admin.pages import address, text_of
from tests.builders import a_brand, a_brand_at_the_most, an_instant, the_clock_at

NOON = an_instant("2026-03-10 12:00")
MOST = Decimal(10) ** 11
BEYOND_AMOUNTS, BEYOND_64_BITS = 2, 100


@pytest.fixture(params=[BEYOND_AMOUNTS, BEYOND_64_BITS])
def brand(request: pytest.FixtureRequest, db: None) -> Brand:
    """A brand whose campaigns spent the most that a campaign can, today."""
    with the_clock_at(NOON):
        return a_brand_at_the_most(campaigns=request.param, on=NOON)


def spent_by(brand: Brand) -> Decimal:
    return MOST * brand.campaigns.count()


@pytest.mark.parametrize("listed", ["brand_changelist", "campaign_changelist", "spend_changelist"])
def test_lists_open(signed_in: Client, brand: Brand, listed: str) -> None:
    with the_clock_at(NOON):
        assert signed_in.get(address(listed)).status_code == 200


def test_the_dashboard_shows_them(signed_in: Client, brand: Brand) -> None:
    with the_clock_at(NOON):
        assert f"${spent_by(brand):,.2f}" in text_of(signed_in.get(reverse("admin:index")))


def test_the_pages_of_brand_and_campaign_show_them(signed_in: Client, brand: Brand) -> None:
    campaign = brand.campaigns.all()[0]
    with the_clock_at(NOON):
        assert f"${spent_by(brand):,.2f}" in text_of(
            signed_in.get(address("brand_change", brand.pk))
        )
        page = signed_in.get(address("campaign_change", campaign.pk))
        assert f"${spent_by(brand):,.2f} of $1,000.00 spent." in text_of(page)


def test_a_campaign_is_explained_by_them(brand: Brand) -> None:
    explained = explain(brand.campaigns.all()[0], now=NOON)
    assert f"${spent_by(brand):,.2f} of $5,000.00 spent." in explained.sentence
    with the_clock_at(NOON):
        call_command("explain", str(brand.campaigns.all()[0].pk))


def test_totals_that_lie_ahead_of_the_clock_are_read_as_large(db: None) -> None:
    brand = a_brand_at_the_most(campaigns=BEYOND_64_BITS, on=NOON)
    Campaign.objects.update(day=an_instant("2026-03-11 12:00").date())
    figures = brand_figures_for([brand], now=NOON)[brand.pk]
    assert figures.today.spent == figures.month.spent == spent_by(brand)


@pytest.mark.parametrize(
    "amounts",
    [["0.000001", "-0.000002"], ["-5", "3.999999"], ["100000000000"] * 95, ["-100000000000"] * 95],
)
def test_a_sum_is_exact_whatever_its_size(db: None, amounts: list[str]) -> None:
    brand = a_brand()
    rows = Campaign.objects.bulk_create(Campaign(brand=brand, name=str(n)) for n in amounts)
    days = zip(rows, amounts, strict=True)
    Spend.objects.bulk_create(
        Spend(campaign=row, day=NOON.date(), amount=Decimal(amount)) for row, amount in days
    )
    assert Spend.objects.all().total() == sum(map(Decimal, amounts))
