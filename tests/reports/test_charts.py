"""The figures behind the charts."""

from datetime import timedelta
from decimal import Decimal

import pytest

from budgets.models import Statement
from budgets.operations.close import close_periods
from budgets.reports.charts import burn_up, last_days, ranked, today_by_hour
from tests.builders import a_brand, a_campaign, a_schedule, an_instant, spend, the_clock_at

pytestmark = pytest.mark.django_db

NOON = an_instant("2026-03-10 12:00")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def test_the_day_adds_up_by_the_hour() -> None:
    campaign = a_campaign(daily="240")
    for hours, amount in ((9, "10"), (2, "5"), (0, "1")):
        spend(campaign, amount, at=NOON - hours * HOUR)
    today = today_by_hour(campaign, now=NOON + HOUR / 2)
    assert len(today.labels) == 24
    spent = [str(today.spent[hour]) for hour in (2, 3, 9, 10, 12)]
    assert spent == ["0.00", "10.00", "10.00", "15.00", "16.00"]
    assert len(today.spent) == 13
    assert today.plan[11] == Decimal("120")
    assert today.reached == Decimal("12.5")


def test_a_short_day_has_fewer_hours() -> None:
    campaign = a_campaign(brand=a_brand(zone="Europe/Paris"))
    today = today_by_hour(campaign, now=an_instant("2026-03-29 12:00", "Europe/Paris"))
    assert len(today.labels) == 23
    assert today.labels[1:3] == ["01:00", "03:00"]


def test_a_zone_off_the_full_hour_counts_its_own_hours() -> None:
    campaign = a_campaign(brand=a_brand(zone="Asia/Kathmandu"))
    spend(campaign, "7", at=an_instant("2026-03-10 00:50", "Asia/Kathmandu"))
    today = today_by_hour(campaign, now=an_instant("2026-03-10 02:00", "Asia/Kathmandu"))
    assert str(today.spent[0]) == "7.00"


def test_the_plan_follows_the_schedule() -> None:
    campaign = a_campaign(daily="80", schedule=a_schedule("Mon-Sun 09:00-17:00"))
    plan = today_by_hour(campaign, now=NOON).plan
    assert [plan[hour] for hour in (8, 9, 12, 23)] == [0, 10, 40, 80]


def test_without_a_budget_there_is_no_plan() -> None:
    assert today_by_hour(a_campaign(), now=NOON).plan == []


def test_forty_days_end_today_and_have_no_gaps() -> None:
    campaign = a_campaign(daily="10")
    for days in (0, 2, 50):
        spend(campaign, "3", at=NOON - days * DAY)
    shown = last_days(campaign, now=NOON)
    assert [str(each.spent) for each in shown.days[-3:]] == ["3.00", "0.00", "3.00"]
    assert len(shown.days) == 40


def test_forty_days_are_judged_by_the_budgets_of_their_ends() -> None:
    with the_clock_at(NOON - 3 * DAY):
        campaign = a_campaign(daily="10")
    with the_clock_at(NOON - DAY):
        campaign.daily_budget = Decimal(20)
        campaign.save()
    shown = last_days(campaign, now=NOON)
    assert [each.budget for each in shown.days[-5:]] == [None, 10, 10, 20, 20]


def test_a_closed_day_is_shown_beside_the_budget_of_its_statement() -> None:
    with the_clock_at(NOON - DAY):
        campaign = a_campaign(daily="10")
    close_periods(now=NOON)
    Statement.objects.filter(campaign=campaign).update(budget=7)
    assert [each.budget for each in last_days(campaign, now=NOON).days[-2:]] == [7, 10]


def test_the_month_of_a_brand_adds_up_over_its_campaigns() -> None:
    brand = a_brand(monthly="3100")
    for days, amount in ((9, "50"), (9, "50"), (0, "20"), (15, "999")):
        spend(a_campaign(brand=brand), amount, at=NOON - days * DAY)
    month = burn_up(brand, now=NOON)
    assert [str(amount) for amount in (month.spent[0], month.spent[8], month.spent[9])] == [
        "100.00",
        "100.00",
        "120.00",
    ]
    assert len(month.spent) == 10
    assert month.plan[9] == Decimal("1000")
    assert month.reached == Decimal("9.5")


def test_campaigns_are_ranked_by_their_share() -> None:
    brand = a_brand()
    for name, amount in (("Small", "25"), ("Big", "75"), ("Idle", "0")):
        spend(a_campaign(brand=brand, name=name), amount, at=NOON)
    a_campaign(brand=brand, name="New")
    rows = ranked(brand, now=NOON)
    assert [(row.campaign.name, row.share) for row in rows] == [
        ("Big", Decimal("0.75")),
        ("Small", Decimal("0.25")),
        ("Idle", Decimal("0")),
    ]


def test_shares_of_a_credit_are_not_shown() -> None:
    campaign = a_campaign()
    spend(campaign, "-5", at=NOON)
    assert ranked(campaign.brand, now=NOON)[0].share is None
