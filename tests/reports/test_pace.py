"""Pace of brands and campaigns: one rule, from the day on which there is a plan."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from budgets.admin.render.words import pacing_in_words
from budgets.models import Brand, Campaign
from budgets.reports.charts import burn_up
from budgets.reports.figures import brand_figures_for, figures_for
from budgets.reports.pace import Pace, paces_for
from tests.builders import a_brand, a_campaign, a_schedule, an_instant, spend, the_clock_at

pytestmark = pytest.mark.django_db

LONG_AGO = an_instant("2026-01-05 12:00")
# June has 30 days: at this midnight a half has gone, and the band is 13 % wide.
HALF = an_instant("2026-06-16 00:00")
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def made_long_ago() -> Iterator[None]:
    with the_clock_at(LONG_AGO):
        yield


def pace_of(row: Brand | Campaign, *, now: Any) -> Pace:
    figures: Any
    if isinstance(row, Brand):
        figures = brand_figures_for([row], now=now)
    else:
        row = Campaign.objects.select_related("brand").get(pk=row.pk)
        figures = figures_for([row], now=now)
    return paces_for([row], figures, now=now)[row.pk]


def words_of(row: Brand | Campaign, *, now: Any = HALF) -> str:
    return pacing_in_words(pace_of(row, now=now))[1]


@pytest.mark.parametrize(
    "spent, words",
    [
        ("1500", "on plan"),
        ("1690", "on plan"),
        ("1310", "on plan"),
        ("1800", "20 % ahead of plan"),
        ("1200", "20 % behind plan"),
        ("0", "100 % behind plan"),
        ("4500", "200 % ahead of plan"),
    ],
)
def test_a_month_is_so_far_off_its_plan(spent: str, words: str) -> None:
    campaign = a_campaign(brand=a_brand(monthly="3000"), monthly="3000")
    spend(campaign, spent, at=HALF - DAY)
    assert words_of(campaign.brand) == words
    assert words_of(campaign) == words


def test_without_a_monthly_budget_there_is_no_pacing_and_nothing_recommended() -> None:
    campaign = a_campaign(brand=a_brand(daily="100"), daily="100")
    for row in (campaign.brand, campaign):
        own = pace_of(row, now=HALF)
        assert (own.pacing, own.target, own.recommended) == (None, None, None)
        assert words_of(row) == ""


def test_what_was_added_today_is_neither_behind_nor_ahead() -> None:
    with the_clock_at(HALF + DAY / 2):
        campaign = a_campaign(brand=a_brand(monthly="3000"), monthly="3000")
    for row in (campaign.brand, campaign):
        assert words_of(row, now=HALF + DAY * 0.75) == "plan starts today"
        assert words_of(row, now=HALF + DAY) == "100 % behind plan"


def test_the_plan_of_a_budget_set_in_mid_month_starts_on_that_local_day() -> None:
    with the_clock_at(LONG_AGO):
        campaign = a_campaign(brand=a_brand(zone="Asia/Kolkata"))
        a_campaign(brand=campaign.brand, name="The other")
    spend(campaign, "600", at=an_instant("2026-06-10 12:00", "Asia/Kolkata"))
    with the_clock_at(an_instant("2026-06-21 01:00", "Asia/Kolkata")):  # the 20th in UTC
        campaign.brand.monthly_budget = Decimal(1600)
        campaign.brand.save()
    # 600 were spent before: the other 1000 are for ten days.
    on_the_26th = an_instant("2026-06-26 00:00", "Asia/Kolkata")
    assert pace_of(campaign.brand, now=on_the_26th).target == Decimal(1100)
    spend(campaign, "500", at=an_instant("2026-06-25 12:00", "Asia/Kolkata"))
    assert words_of(campaign.brand, now=on_the_26th) == "on plan"
    drawn = burn_up(campaign.brand, now=on_the_26th)
    assert drawn.plan[:19] == [None] * 19
    assert drawn.plan[19:21] == [Decimal(600), Decimal(700)]
    assert drawn.plan[-1] == Decimal(1600)


def test_a_budget_raised_in_mid_month_has_its_plan_from_the_first_on() -> None:
    campaign = a_campaign(brand=a_brand(monthly="1000"))
    with the_clock_at(HALF - DAY):
        campaign.brand.monthly_budget = Decimal(3000)
        campaign.brand.save()
    assert pace_of(campaign.brand, now=HALF).target == Decimal(1500)


def test_a_budget_that_was_cleared_last_month_starts_anew() -> None:
    brand = a_brand(monthly="1000")
    for at, budget in ((LONG_AGO + DAY, None), (an_instant("2026-06-11 12:00"), Decimal(2000))):
        with the_clock_at(at):
            brand.monthly_budget = budget
            brand.save()
    assert pace_of(brand, now=an_instant("2026-06-21 00:00")).target == Decimal(1000)


def test_a_row_that_came_past_every_save_counts_from_its_creation() -> None:
    old = Brand(name="Old", monthly_budget=3000, created_at=LONG_AGO)
    new = Brand(name="New", monthly_budget=3000, created_at=an_instant("2026-06-11 12:00"))
    Brand.objects.bulk_create([old, new])
    at = an_instant("2026-06-21 00:00")
    assert pace_of(old, now=at).target == Decimal(2000)
    assert pace_of(new, now=at).target == Decimal(1500)


def test_no_more_is_recommended_than_the_daily_budgets_allow() -> None:
    campaign = a_campaign(brand=a_brand(daily="50", monthly="3000"), daily="80", monthly="3000")
    assert pace_of(campaign.brand, now=HALF).recommended == Decimal(50)
    assert pace_of(campaign, now=HALF).recommended == Decimal(50)
    Campaign.objects.update(daily_budget=20)
    assert pace_of(campaign, now=HALF).recommended == Decimal(20)


def test_nothing_is_recommended_when_nothing_remains() -> None:
    brand = a_brand(daily="5000", monthly="3000")
    campaign = a_campaign(brand=brand)
    spend(campaign, "3000", at=HALF - DAY)
    assert pace_of(brand, now=HALF).recommended == 0


def test_a_campaign_is_planned_within_its_flight_and_hours() -> None:
    flight: dict[str, Any] = {"starts_on": date(2026, 6, 11), "ends_on": date(2026, 6, 20)}
    weekdays = a_schedule("Mon-Fri 00:00-24:00")
    campaign = a_campaign(monthly="700", schedule=weekdays, **flight)
    # Of its seven weekdays three have gone: Thursday, Friday, Monday.
    own = pace_of(campaign, now=HALF)
    assert (own.target, own.recommended) == (Decimal(300), Decimal(175))


@pytest.mark.parametrize(
    "flight", [{"starts_on": date(2026, 6, 20)}, {"ends_on": date(2026, 5, 9)}]
)
def test_outside_its_flight_a_campaign_has_no_pacing(flight: dict[str, Any]) -> None:
    assert words_of(a_campaign(monthly="800", **flight)) == ""


def test_a_campaign_is_projected_as_its_recent_days_went() -> None:
    campaign = a_campaign(ends_on=date(2026, 6, 20))
    for n in range(1, 15):
        spend(campaign, "10", at=HALF - n * DAY)
    # 14 days of June, the 16th, and four more.
    assert pace_of(campaign, now=HALF).projected == Decimal(14 * 10 + 10 + 4 * 10)


def test_a_page_of_rows_costs_as_many_queries_as_one(django_assert_max_num_queries: Any) -> None:
    with the_clock_at(HALF - DAY):
        brand = a_brand(monthly="3000")
        campaigns = [a_campaign(brand=brand, name=f"{n}", monthly="100") for n in range(5)]
    rows = list(Campaign.objects.select_related("brand"))
    assert len(rows) == len(campaigns)
    with django_assert_max_num_queries(5):
        paces_for(rows, figures_for(rows, now=HALF), now=HALF)
    with django_assert_max_num_queries(6):
        paces_for([brand], brand_figures_for([brand], now=HALF), now=HALF)


def test_a_month_that_reached_its_budget_ends_where_it_stands() -> None:
    campaign = a_campaign(brand=a_brand(monthly="3000"), monthly="3000")
    for days in range(1, 8):
        spend(campaign, "500", at=HALF - days * DAY)
    spend(campaign, "10", at=HALF)
    for row in (campaign, campaign.brand):
        pace = pace_of(row, now=HALF)
        assert pace.projected == Decimal(3510)
        assert pace.recommended == 0
