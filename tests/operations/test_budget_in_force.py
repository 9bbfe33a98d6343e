"""A period is judged by the budget in force at its end, however late it is closed (B2)."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from importlib import import_module
from random import Random
from typing import Any

import pytest
from django.apps import apps

from budgets.models import Brand, Campaign, DatedBudget, Period, Statement
from budgets.operations.close import close_periods
from budgets.operations.holds import hold
from budgets.rules.clock import next_month_of
from tests.builders import a_brand, a_campaign, an_instant, spend, the_clock_at

pytestmark = pytest.mark.django_db

PARIS = "Europe/Paris"
TENTH = date(2026, 3, 10)
NOON = an_instant("2026-03-10 12:00", PARIS)
MIDNIGHT = an_instant("2026-03-11 00:00", PARIS)
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)


def a_parisian(*, daily: str = "60", monthly: str | None = None) -> Campaign:
    """Save a campaign, and its brand of 100 a day, at noon of the tenth."""
    with the_clock_at(NOON):
        brand = a_brand(zone=PARIS, daily="100")
        return a_campaign(brand=brand, daily=daily, monthly=monthly)


def give(row: Brand | Campaign, at: datetime, **budgets: str) -> None:
    """Save new budgets at an instant."""
    for name, amount in budgets.items():
        setattr(row, f"{name}_budget", Decimal(amount))
    with the_clock_at(at):
        row.save()


def budgets(row: Brand | Campaign, period: Period = Period.DAY) -> dict[int, Any]:
    """Return the budgets of the row's statements, by day or month."""
    campaign = row if isinstance(row, Campaign) else None
    brand_id = row.brand_id if isinstance(row, Campaign) else row.pk
    rows = Statement.objects.filter(brand=brand_id, campaign=campaign, period=period)
    return {
        day.day if period == Period.DAY else day.month: budget
        for day, budget in rows.values_list("starts_on", "budget")
    }


def test_an_edit_after_midnight_leaves_yesterday_as_it_was() -> None:
    campaign = a_parisian()
    give(campaign, MIDNIGHT + 5 * MINUTE, daily="600")
    give(campaign.brand, MIDNIGHT + 6 * MINUTE, daily="1000")
    close_periods(now=MIDNIGHT + 15 * MINUTE)
    assert (budgets(campaign), budgets(campaign.brand)) == ({10: 60}, {10: 100})


def test_days_closed_late_are_each_judged_by_their_own_budget() -> None:
    campaign = a_parisian()
    give(campaign, MIDNIGHT + DAY / 2, daily="70")
    give(campaign, MIDNIGHT + DAY * 3 / 4, daily="80")
    give(campaign, MIDNIGHT + DAY * 5 / 2, daily="90")
    close_periods(now=MIDNIGHT + 4 * DAY)
    assert budgets(campaign) == {10: 60, 11: 80, 12: 80, 13: 90, 14: 90}


def test_an_edit_at_the_first_instant_of_a_day_is_of_that_day() -> None:
    campaign = a_parisian()
    give(campaign, MIDNIGHT, daily="70")
    close_periods(now=MIDNIGHT + DAY)
    assert budgets(campaign) == {10: 60, 11: 70}


def test_a_month_is_judged_by_the_budget_at_its_end() -> None:
    campaign = a_parisian(monthly="500")
    give(campaign, an_instant("2026-03-31 23:00", PARIS), monthly="600")
    give(campaign, an_instant("2026-04-01 00:05", PARIS), monthly="700")
    close_periods(now=an_instant("2026-04-02 00:05", PARIS))
    assert budgets(campaign, Period.MONTH) == {3: 600}


def test_a_campaign_made_today_has_no_statement_of_yesterday() -> None:
    campaign = a_parisian()
    with the_clock_at(MIDNIGHT + MINUTE):
        new = a_campaign(brand=campaign.brand, daily="5")
    close_periods(now=MIDNIGHT + 15 * MINUTE)
    assert (budgets(campaign), budgets(new)) == ({10: 60}, {})


def test_a_campaign_that_spent_before_it_was_made_had_no_budget_then() -> None:
    campaign = a_parisian()
    with the_clock_at(MIDNIGHT + MINUTE):
        new = a_campaign(brand=campaign.brand, daily="5")
    spend(new, "7", at=NOON, now=MIDNIGHT + 2 * MINUTE)
    close_periods(now=MIDNIGHT + 15 * MINUTE)
    assert budgets(new) == {10: None}


def test_a_hold_after_midnight_changes_no_budget_of_yesterday() -> None:
    campaign = a_parisian()
    hold(campaign, by=None, now=MIDNIGHT + MINUTE)
    close_periods(now=MIDNIGHT + 15 * MINUTE)
    assert budgets(campaign) == {10: 60}


def test_a_budget_written_past_every_edit_counts_until_an_edit_says_otherwise() -> None:
    campaign = a_parisian()
    Campaign.objects.filter(pk=campaign.pk).update(daily_budget=70)
    close_periods(now=MIDNIGHT)
    campaign.refresh_from_db()
    give(campaign, MIDNIGHT + MINUTE, daily="80")
    close_periods(now=MIDNIGHT + DAY)
    assert budgets(campaign) == {10: 70, 11: 80}


def test_a_row_made_past_every_edit_had_what_it_was_first_seen_with() -> None:
    with the_clock_at(NOON):
        brand = a_brand(zone=PARIS)
        (campaign,) = Campaign.objects.bulk_create(
            [Campaign(brand=brand, name="Late", daily_budget=60)]
        )
    campaign = Campaign.objects.get(pk=campaign.pk)
    give(campaign, MIDNIGHT + MINUTE, daily="70")
    close_periods(now=MIDNIGHT + DAY)
    assert budgets(campaign) == {10: 60, 11: 70}


def test_a_statement_that_late_spend_begins_has_the_budget_of_its_day() -> None:
    campaign = a_parisian()
    close_periods(now=MIDNIGHT)
    Statement.objects.all().delete()
    give(campaign, MIDNIGHT + MINUTE, daily="600")
    give(campaign.brand, MIDNIGHT + MINUTE, daily="1000")
    spend(campaign, "5", at=NOON, now=MIDNIGHT + 2 * MINUTE)
    assert (budgets(campaign), budgets(campaign.brand)) == ({10: 60}, {10: 100})


def test_the_running_day_and_those_to_come_are_judged_by_the_budget_of_today() -> None:
    campaign = a_parisian()
    give(campaign, NOON + MINUTE, daily="70", monthly="300")
    assert campaign.budget_on(TENTH - DAY, Period.DAY) is None
    assert campaign.budget_on(TENTH, Period.DAY) == 70
    assert campaign.budget_on(TENTH + 30 * DAY, Period.DAY) == 70
    assert campaign.budget_on(TENTH, Period.MONTH) == 300


@pytest.mark.parametrize("number", range(10))
def test_one_row_and_a_set_of_rows_get_the_same_answer(number: int) -> None:
    random = Random(number)
    campaign = a_parisian()
    at = NOON
    for _ in range(random.randint(0, 8)):
        at += random.choice([MINUTE, DAY / 4, MIDNIGHT - NOON, DAY, 9 * DAY])
        row = Campaign.objects.get(pk=campaign.pk)
        amount = str(random.randint(1, 99))
        if random.random() < 0.3:
            Campaign.objects.filter(pk=row.pk).update(daily_budget=Decimal(amount))
        else:
            give(row, at, daily=amount, monthly=amount)
            give(row.brand, at, daily=amount)
    close_periods(now=at + 31 * DAY)
    campaign = Campaign.objects.get(pk=campaign.pk)
    statements = list(Statement.objects.all())
    assert len(statements) > 30
    for each in statements:
        whose = campaign if each.campaign_id else campaign.brand
        is_day = each.period == Period.DAY
        last = each.starts_on if is_day else next_month_of(each.starts_on) - DAY
        assert each.budget == whose.budget_on(last, Period(each.period)), each


def test_budgets_edited_before_they_were_dated_are_dated_by_the_history() -> None:
    campaign = a_parisian(monthly="500")
    give(campaign, NOON + MINUTE, daily="65")
    give(campaign, MIDNIGHT + DAY / 2, daily="70")
    give(campaign, MIDNIGHT + DAY * 3 / 4, daily="80", monthly="400")
    give(campaign.brand, MIDNIGHT + 3 * DAY, daily="200")
    days = [TENTH + n * DAY for n in range(-1, 6)]

    def all_budgets() -> list[Any]:
        rows: list[Any] = [Campaign.objects.get(pk=campaign.pk)]
        rows.append(rows[0].brand)
        return [row.budget_on(day, period) for row in rows for day in days for period in Period]

    known = all_budgets()
    DatedBudget.objects.all().delete()
    assert all_budgets() != known
    import_module("budgets.migrations.0021_budgets_of_the_history").date_budgets(apps, None)
    assert all_budgets() == known
    assert DatedBudget.objects.filter(is_current=True).count() == 3
