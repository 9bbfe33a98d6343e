"""The audit recomputes every total from the entries and shows the first that differs."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from random import Random

import pytest

from budgets.models import Campaign, LedgerEntry, Spend, Statement
from budgets.operations.close import close_periods
from budgets.operations.ingest import record_spend, record_totals
from budgets.operations.ingest.types import DayTotal
from budgets.reports.diagnostics.audit import audit
from tests.builders import (
    a_brand,
    a_brand_at_the_most,
    a_campaign,
    a_statement,
    an_entry,
    an_instant,
    entries_at_the_most,
    spend,
    the_clock_at,
)

pytestmark = pytest.mark.django_db

NOON = an_instant("2026-03-10 12:00")
TODAY, YESTERDAY = date(2026, 3, 10), date(2026, 3, 9)


@pytest.fixture
def campaign() -> Campaign:
    """Return a campaign that spent yesterday, which is closed, and today."""
    with the_clock_at(an_instant("2026-03-09 09:00")):
        campaign = a_campaign(daily="100")
    spend(campaign, "10", at=an_instant("2026-03-09 12:00"))
    spend(campaign, "5", at=NOON)
    close_periods(now=NOON)
    return campaign


def found() -> dict[str, tuple[int, str]]:
    return {each.kind: (each.number, each.first) for each in audit()}


def test_books_kept_by_the_operations_agree(campaign: Campaign) -> None:
    assert audit() == []


def test_books_of_random_spend_agree() -> None:
    random = Random(5)
    campaigns = [a_campaign(brand=a_brand(zone=zone)) for zone in ("UTC", "Asia/Tokyo")]
    for _ in range(30):
        campaign, at = random.choice(campaigns), NOON - timedelta(hours=random.randint(0, 1500))
        record_spend([an_entry(campaign, str(random.randint(-50, 50)), at=at)], now=NOON)
        total = DayTotal(
            "meta", campaign.pk, at.date(), Decimal(random.randint(0, 90)), "USD", as_of=NOON
        )
        record_totals([total], now=NOON + timedelta(days=1))
        if random.random() < 0.2:
            close_periods(now=NOON)
    assert audit() == []


def test_a_day_total_that_is_not_its_entries_is_shown_with_both(campaign: Campaign) -> None:
    Spend.objects.filter(day=TODAY).update(amount=Decimal("7"))
    assert found()["day totals"] == (
        1,
        f"campaign {campaign.pk} on 2026-03-10: its total is 7.00, its entries sum to 5.00",
    )


def test_a_row_made_past_every_save_is_shown() -> None:
    campaign = a_campaign()
    Spend.objects.bulk_create([Spend(campaign=campaign, day=TODAY, amount=3)])
    number, first = found()["day totals"]
    assert number == 1
    assert "its total is 3.00, its entries sum to 0.00" in first


def test_entries_without_a_total_are_shown(campaign: Campaign) -> None:
    Spend.objects.filter(day=TODAY).delete()
    number, first = found()["day totals"]
    assert "its total is 0.00, its entries sum to 5.00" in first
    assert number == 1


STANDINGS: list[dict[str, object]] = [
    {"day_spent": 6},
    {"month_spent": 16},
    {"day": YESTERDAY},
    {"day": None},
    {"month": date(2026, 2, 1)},
    {"month": None},
]


@pytest.mark.parametrize("wrong", STANDINGS)
def test_a_campaign_that_stands_elsewhere_than_its_days_is_shown(
    campaign: Campaign, wrong: dict[str, object]
) -> None:
    Campaign.objects.update(**wrong)
    (kind,) = found()
    assert kind == "campaign totals"


def test_a_campaign_that_stands_somewhere_without_days_is_shown() -> None:
    a_campaign()
    Campaign.objects.update(day=TODAY, month=date(2026, 3, 1))
    assert set(found()) == {"campaign totals"}


WRONG_STATEMENTS: list[Callable[[], object]] = [
    lambda: Statement.objects.filter(campaign=None).update(spent=11),
    lambda: Statement.objects.exclude(campaign=None).update(spent=11),
]


@pytest.mark.parametrize("spoil", WRONG_STATEMENTS)
def test_a_statement_that_is_not_the_sum_of_its_days_is_shown(
    campaign: Campaign, spoil: Callable[[], object]
) -> None:
    spoil()
    number, first = found()["statements"]
    assert number == 1
    assert "day of 2026-03-09: the statement says 11.00, its days sum to 10.00" in first


def test_a_month_is_compared_with_the_days_of_that_month() -> None:
    with the_clock_at(an_instant("2026-01-31 09:00")):
        campaign = a_campaign()
    for day in ("2026-01-31", "2026-02-01", "2026-02-28", "2026-03-01"):
        spend(campaign, "1", at=an_instant(f"{day} 12:00"), now=NOON)
    close_periods(now=NOON)
    assert audit() == []
    Statement.objects.filter(period="month", starts_on=date(2026, 2, 1)).update(spent=3)
    assert found()["statements"][0] == 2  # the campaign's and its brand's


def test_closed_spend_without_a_statement_is_shown(campaign: Campaign) -> None:
    Statement.objects.exclude(campaign=None).delete()
    assert found()["missing statements"] == (
        1,
        f"campaign {campaign.pk} spent 10.00 on 2026-03-09, which is closed and has no statement",
    )


def test_differences_are_counted_and_the_first_is_shown(campaign: Campaign) -> None:
    LedgerEntry.objects.update(amount=Decimal("1"))
    number, first = found()["day totals"]
    assert (number, "on 2026-03-09" in first) == (2, True)


BEYOND_64_BITS = 100
"""So many times the largest amount no column holds."""


def test_a_sum_of_a_brand_beyond_64_bits_is_shown() -> None:
    with the_clock_at(NOON - timedelta(days=1)):
        brand = a_brand_at_the_most(campaigns=BEYOND_64_BITS, on=NOON)
    a_statement(brand, spent=11, on=NOON)
    number, first = found()["statements"]
    assert number == 1
    assert "the statement says 11.00, its days sum to 10000000000000.00" in first


def test_entries_whose_sum_is_beyond_64_bits_are_shown(campaign: Campaign) -> None:
    entries_at_the_most(campaign, on=NOON, number=BEYOND_64_BITS)
    number, first = found()["day totals"]
    assert number == 1
    assert "its total is 5.00, its entries sum to 10000000000005.00" in first


def test_sums_below_nothing_are_as_exact(campaign: Campaign) -> None:
    Spend.objects.filter(day=TODAY).update(amount=Decimal("-0.000001"))
    entries_at_the_most(campaign, on=NOON, number=BEYOND_64_BITS, sign=-1)
    assert (
        "its total is -0.000001, its entries sum to -9999999999995.00" in found()["day totals"][1]
    )
