"""Statements: what a day and a month cost when they were closed, and after what came late."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TransactionTestCase as HypothesisTestCase

from budgets.models import Brand, Campaign, Spend, Statement
from budgets.operations.close import close_periods
from budgets.operations.ingest import record_spend
from budgets.reports.diagnostics.audit import audit
from tests.builders import a_brand, a_campaign, an_entry, an_instant, spend, the_clock_at

pytestmark = pytest.mark.django_db

PARIS = "Europe/Paris"
TENTH = date(2026, 3, 10)
NOON = an_instant("2026-03-10 12:00", PARIS)
AFTER_MIDNIGHT = an_instant("2026-03-11 00:05", PARIS)


def a_parisian(**facts: Any) -> Campaign:
    """Save a campaign of a Parisian brand with daily and monthly budgets of 100 and 1000."""
    with the_clock_at(NOON):
        return a_campaign(brand=a_brand(zone=PARIS, daily="100", monthly="1000"), **facts)


def figures(statement: Statement) -> tuple[str, str, str]:
    """Return budget, spend at close and spend of a statement, as text."""
    return (str(statement.budget), str(statement.spent_at_close), str(statement.spent))


def test_closing_a_day_writes_budget_and_spend_of_brand_and_campaign() -> None:
    campaign = a_parisian(daily="60")
    spend(campaign, "70", at=NOON)

    close_periods(now=AFTER_MIDNIGHT)

    of_brand = Statement.objects.get(brand=campaign.brand, campaign=None)
    of_campaign = Statement.objects.get(campaign=campaign)
    assert (of_brand.period, of_brand.starts_on) == ("day", TENTH)
    assert figures(of_brand) == ("100.00", "70.00", "70.00")
    assert figures(of_campaign) == ("60.00", "70.00", "70.00")
    assert (of_brand.difference, of_campaign.difference) == (Decimal(-30), Decimal(10))


def test_a_campaign_with_neither_spend_nor_budget_has_no_statement() -> None:
    campaign = a_parisian()
    close_periods(now=AFTER_MIDNIGHT)
    assert not Statement.objects.filter(campaign=campaign).exists()


def test_the_month_closes_with_its_last_day() -> None:
    campaign = a_parisian(monthly="500")
    spend(campaign, "70", at=NOON)

    close_periods(now=an_instant("2026-04-01 00:05", PARIS))

    of_month = Statement.objects.get(campaign=campaign, period="month")
    assert of_month.starts_on == date(2026, 3, 1)
    assert figures(of_month) == ("500.00", "70.00", "70.00")
    assert Statement.objects.filter(campaign=None, period="day").count() == 22


def test_closing_again_changes_nothing() -> None:
    spend(a_parisian(), "70", at=NOON)
    close_periods(now=AFTER_MIDNIGHT)
    before = list(Statement.objects.order_by("pk").values())

    assert close_periods(now=AFTER_MIDNIGHT + timedelta(hours=1)) == 0

    assert list(Statement.objects.order_by("pk").values()) == before


def test_late_spend_restates_its_day_and_keeps_both_figures() -> None:
    campaign = a_parisian(daily="60")
    spend(campaign, "70", at=NOON)
    close_periods(now=AFTER_MIDNIGHT)
    later = AFTER_MIDNIGHT + timedelta(hours=1)

    spend(campaign, "5", at=NOON, now=later)

    for statement in Statement.objects.all():
        assert (str(statement.spent_at_close), str(statement.spent)) == ("70.00", "75.00")
        assert statement.restated_at == later


def test_late_spend_of_a_closed_month_restates_the_month_too() -> None:
    campaign = a_parisian()
    close_periods(now=an_instant("2026-04-01 00:05", PARIS))
    spend(campaign, "5", at=NOON, now=an_instant("2026-04-02 12:00", PARIS))
    restated = Statement.objects.filter(spent=5)
    assert {(row.campaign_id, row.period) for row in restated} == {
        (None, "day"),
        (None, "month"),
        (campaign.pk, "day"),
        (campaign.pk, "month"),
    }


def test_late_spend_that_cancels_out_restates_nothing() -> None:
    campaign = a_parisian(daily="60")
    close_periods(now=AFTER_MIDNIGHT)
    there_and_back = [an_entry(campaign, amount, at=NOON) for amount in ("5", "-5")]

    assert record_spend(there_and_back, now=AFTER_MIDNIGHT).accepted == 2

    assert {str(row.spent) for row in Statement.objects.all()} == {"0.00"}
    assert not Statement.objects.exclude(restated_at=None).exists()


def test_late_spend_of_a_campaign_without_a_statement_gives_it_one() -> None:
    campaign = a_parisian()
    spend(campaign, "70", at=NOON)
    with the_clock_at(NOON):
        late = a_campaign(brand=campaign.brand)
    close_periods(now=AFTER_MIDNIGHT)

    spend(late, "5", at=NOON, now=AFTER_MIDNIGHT)

    assert str(Statement.objects.get(campaign=late).spent) == "5.00"
    assert str(Statement.objects.get(campaign=None).spent) == "75.00"
    assert Statement.objects.get(campaign=campaign).restated_at is None


def test_late_spend_that_begins_a_statement_was_not_there_at_the_close() -> None:
    campaign = a_parisian()
    close_periods(now=an_instant("2026-04-01 00:05", PARIS))
    now = an_instant("2026-04-02 12:00", PARIS)

    spend(campaign, "5", at=NOON, now=now)
    spend(campaign, "2", at=NOON, now=now + timedelta(hours=1))

    of_campaign = Statement.objects.filter(campaign=campaign)
    assert of_campaign.count() == 2
    for statement in of_campaign:
        assert (str(statement.spent_at_close), str(statement.spent)) == ("0.00", "7.00")
        assert (statement.closed_at, statement.restated_at) == (now, now + timedelta(hours=1))


def test_what_was_there_before_a_late_entry_was_there_at_the_close() -> None:
    campaign = a_parisian()
    spend(campaign, "70", at=NOON)
    close_periods(now=AFTER_MIDNIGHT)
    Statement.objects.all().delete()

    spend(campaign, "5", at=NOON, now=AFTER_MIDNIGHT)

    for statement in Statement.objects.all():
        assert (str(statement.spent_at_close), str(statement.spent)) == ("70.00", "75.00")
        assert statement.is_restated


def test_late_spend_of_a_day_before_the_first_closed_one_gives_everybody_a_statement() -> None:
    campaign = a_parisian()
    close_periods(now=AFTER_MIDNIGHT)

    spend(campaign, "5", at=NOON - timedelta(days=3), now=AFTER_MIDNIGHT)

    early = Statement.objects.filter(starts_on=TENTH - timedelta(days=3))
    assert {(row.campaign_id, str(row.spent)) for row in early} == {
        (None, "5.00"),
        (campaign.pk, "5.00"),
    }


def test_late_spend_of_the_first_is_not_added_to_the_month_twice() -> None:
    campaign = a_parisian(daily="60", monthly="500")
    spend(campaign, "70", at=NOON)
    close_periods(now=an_instant("2026-04-01 00:05", PARIS))
    april = an_instant("2026-04-02 12:00", PARIS)

    spend(campaign, "5", at=an_instant("2026-03-01 12:00", PARIS), now=april)
    days = [an_instant(f"2026-03-0{day} 13:00", PARIS) for day in (1, 2)]
    record_spend([an_entry(campaign, "5", at=day) for day in days], now=april)

    first = Statement.objects.filter(starts_on=date(2026, 3, 1))
    assert {(row.campaign_id, row.period, str(row.spent)) for row in first} == {
        (None, "day", "10.00"),
        (None, "month", "85.00"),
        (campaign.pk, "day", "10.00"),
        (campaign.pk, "month", "85.00"),
    }


def test_late_spend_of_one_batch_is_added_to_days_and_months_of_several_brands() -> None:
    campaigns = [a_parisian(monthly="500"), a_parisian(), a_parisian()]
    campaigns.append(a_campaign(brand=campaigns[0].brand))
    close_periods(now=an_instant("2026-04-01 00:05", PARIS))
    days = [NOON, NOON + timedelta(days=1), NOON + timedelta(days=20)]
    batch = [an_entry(campaign, "2.50", at=day) for campaign in campaigns[:3] for day in days]
    batch.append(an_entry(campaigns[3], "1", at=NOON))

    record_spend(batch, now=an_instant("2026-04-03 12:00", PARIS))
    record_spend([an_entry(campaigns[3], "1", at=NOON)], now=an_instant("2026-04-03 12:00", PARIS))

    months = Statement.objects.filter(period="month").order_by("brand", "campaign")
    assert [(row.brand_id, str(row.spent)) for row in months.filter(campaign=None)] == [
        (campaigns[0].brand_id, "9.50"),
        (campaigns[1].brand_id, "7.50"),
        (campaigns[2].brand_id, "7.50"),
    ]
    assert audit() == []


def test_spend_of_an_open_day_restates_nothing() -> None:
    campaign = a_parisian()
    spend(campaign, "70", at=NOON)
    close_periods(now=AFTER_MIDNIGHT)
    spend(campaign, "5", at=AFTER_MIDNIGHT)
    assert not Statement.objects.exclude(restated_at=None).exists()


def test_a_raised_budget_leaves_closed_days_as_they_were() -> None:
    campaign = a_parisian(daily="60")
    close_periods(now=AFTER_MIDNIGHT)
    with the_clock_at(AFTER_MIDNIGHT):
        campaign.daily_budget = Decimal(600)
        campaign.save()
    assert Statement.objects.get(campaign=campaign).budget == Decimal(60)


class LateAndEarly(HypothesisTestCase):
    """Whatever comes before and after the closing, a statement says what its days say."""

    @settings(max_examples=25)
    @given(
        st.lists(
            st.tuples(st.integers(0, 40), st.integers(-5, 50), st.integers(0, 60)), max_size=12
        )
    )
    def test_statements_equal_the_days(self, reports: list[tuple[int, int, int]]) -> None:
        campaigns = [a_parisian()]
        campaigns.append(a_campaign(brand=campaigns[0].brand))
        began = an_instant("2026-02-20 09:00", PARIS)
        for turn, (occurred, amount, delay) in enumerate(
            sorted(reports, key=lambda each: each[0] + each[2])
        ):
            now = began + timedelta(days=occurred + delay)
            close_periods(now=now)
            spend(campaigns[turn % 2], str(amount), at=began + timedelta(days=occurred), now=now)
        close_periods(now=began + timedelta(days=120))

        for statement in Statement.objects.all():
            days = Spend.objects.filter(campaign__brand=campaigns[0].brand)
            if statement.campaign is not None:
                days = days.filter(campaign=statement.campaign)
            if statement.period == "day":
                assert statement.spent == days.filter(day=statement.starts_on).total()
            else:
                assert statement.spent == days.in_month(statement.starts_on).total()
        assert audit() == []
        assert Statement.objects.filter(campaign=None, period="month").count() >= 3
        assert Brand.objects.count() == 1
