"""Spend beside budget for many campaigns and brands at once."""

from datetime import timedelta
from decimal import Decimal

import pytest

from budgets.models import Brand, Campaign
from budgets.reports.figures import brand_figures_for, figures_for
from tests.builders import a_brand, a_campaign, an_instant, spend

NOON = an_instant("2026-03-10 12:00")
DAY = timedelta(days=1)

pytestmark = pytest.mark.django_db


def test_a_campaign_shows_todays_and_this_months_spend() -> None:
    campaign = a_campaign(daily="100", monthly="1000")
    spend(campaign, "30", at=NOON - DAY)
    spend(campaign, "20", at=NOON)
    figures = figures_for([campaign], now=NOON)[campaign.pk]
    assert (figures.today.spent, figures.month.spent) == (Decimal("20.00"), Decimal("50.00"))
    assert figures.today.utilisation == Decimal("0.2")


def test_yesterdays_total_is_not_todays() -> None:
    campaign = a_campaign()
    spend(campaign, "30", at=NOON)
    figures = figures_for([campaign], now=NOON + DAY)[campaign.pk]
    assert (figures.today.spent, figures.month.spent) == (Decimal("0.00"), Decimal("30.00"))


def test_a_total_that_lies_ahead_of_the_clock_is_read_from_the_days() -> None:
    campaign = a_campaign()
    spend(campaign, "30", at=NOON)
    spend(campaign, "5", at=NOON + 30 * DAY)
    campaign = Campaign.objects.select_related("brand").get()
    own = figures_for([campaign], now=NOON)[campaign.pk]
    of_brand = brand_figures_for([campaign.brand], now=NOON)[campaign.brand_id]
    assert own.today.spent == of_brand.today.spent == Decimal("30.00")
    assert own.month.spent == of_brand.month.spent == Decimal("30.00")


def test_a_brand_is_the_sum_of_its_campaigns_on_its_own_day() -> None:
    brand = a_brand(zone="Asia/Tokyo", daily="100")
    for amount in ("10", "20"):
        spend(a_campaign(brand=brand), amount, at=NOON)
    a_campaign(brand=brand, is_held=True)
    figures = brand_figures_for([brand], now=NOON)[brand.pk]
    assert figures.today.spent == Decimal("30.00")
    assert (figures.running, figures.paused) == (2, 1)
    next_morning_in_tokyo = an_instant("2026-03-11 00:00", "Asia/Tokyo")
    later = brand_figures_for([brand], now=next_morning_in_tokyo)[brand.pk]
    assert (later.today.spent, later.month.spent) == (Decimal("0.00"), Decimal("30.00"))


def test_brands_of_every_zone_are_read_at_once() -> None:
    brands = [a_brand(zone=zone) for zone in ("Pacific/Kiritimati", "UTC", "Pacific/Pago_Pago")]
    for brand in brands:
        spend(a_campaign(brand=brand), "7", at=NOON)
    figures = brand_figures_for(Brand.objects.all(), now=NOON)
    assert [figures[brand.pk].today.spent for brand in brands] == [Decimal("7.00")] * 3


def test_a_brand_without_campaigns_has_spent_nothing() -> None:
    brand = a_brand()
    figures = brand_figures_for([brand], now=NOON)[brand.pk]
    assert (figures.today.spent, figures.running) == (Decimal("0.00"), 0)


@pytest.mark.parametrize(
    "spent, budget, is_reached, is_over",
    [
        ("9", "10", False, False),
        ("10", "10", True, False),
        ("11", "10", True, True),
        ("-5", "0", True, False),
        ("5", None, False, False),
    ],
)
def test_reached_means_at_the_budget(
    spent: str, budget: str | None, is_reached: bool, is_over: bool
) -> None:
    campaign = a_campaign(daily=budget)
    spend(campaign, spent, at=NOON)
    today = figures_for([campaign], now=NOON)[campaign.pk].today
    assert (today.is_reached, today.is_over) == (is_reached, is_over)
