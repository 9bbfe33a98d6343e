"""Each named constraint refuses rows that came past every check."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, models, transaction

from budgets.models import Brand, Campaign, Change, DatedBudget, LedgerEntry, Spend
from tests.builders import a_brand, a_campaign, an_instant

pytestmark = pytest.mark.django_db

NOON = an_instant("2026-03-10 12:00")
TODAY = date(2026, 3, 10)
BEYOND_THE_LEDGER = 10**18 + 1

VIOLATIONS: dict[str, Callable[[], object]] = {
    "brand_daily_budget_is_not_negative": lambda: write(a_brand(), daily_budget_micros=-1),
    "brand_monthly_budget_is_not_negative": lambda: write(a_brand(), monthly_budget_micros=-1),
    "campaign_daily_budget_is_not_negative": lambda: write(a_campaign(), daily_budget_micros=-1),
    "campaign_monthly_budget_is_not_negative": lambda: write(
        a_campaign(), monthly_budget_micros=-1
    ),
    "campaign_totals_are_within_the_ledger": lambda: write(
        a_campaign(), month_spent_micros=BEYOND_THE_LEDGER
    ),
    "campaign_flight_does_not_end_before_it_starts": lambda: write(
        a_campaign(), starts_on="2026-03-10", ends_on="2026-03-09"
    ),
    "campaign_external_id_is_unique_within_its_brand": lambda: Campaign.objects.bulk_create(
        Campaign(brand=brand, name="Twin", external_id="A-1") for brand in [a_brand()] * 2
    ),
    "a_change_changes_something": lambda: Change.objects.create(
        campaign=(campaign := a_campaign()),
        brand=campaign.brand,
        at=NOON,
        before=16,
        after=16,
        trigger="tick",
    ),
    "an_entry_counts_once_a_source_and_key": lambda: LedgerEntry.objects.bulk_create(
        LedgerEntry(
            source="meta",
            key="1",
            campaign=campaign,
            brand=campaign.brand,
            occurred_at=NOON,
            day=TODAY,
            amount=1,
            recorded_at=NOON,
        )
        for campaign in [a_campaign()] * 2
    ),
    "spend_is_one_row_a_campaign_and_day": lambda: Spend.objects.bulk_create(
        Spend(campaign=campaign, day=TODAY, amount=1) for campaign in [a_campaign()] * 2
    ),
    "spend_is_within_the_ledger": lambda: write(
        Spend.objects.bulk_create([Spend(campaign=a_campaign(), day=TODAY, amount=1)])[0],
        amount_micros=-BEYOND_THE_LEDGER,
    ),
    "a_brand_has_one_budget_a_period_and_start": lambda: DatedBudget.objects.bulk_create(
        DatedBudget(brand=brand, amount=1, starts_on=TODAY) for brand in [a_brand()] * 2
    ),
    "a_campaign_has_one_budget_a_period_and_start": lambda: DatedBudget.objects.bulk_create(
        DatedBudget(campaign=campaign, amount=1, starts_on=TODAY) for campaign in [a_campaign()] * 2
    ),
    "dated_budget_is_not_negative": lambda: DatedBudget.objects.bulk_create(
        [DatedBudget(brand=a_brand(), amount=-1, starts_on=TODAY)]
    ),
    "dated_budget_does_not_end_before_it_starts": lambda: DatedBudget.objects.bulk_create(
        [DatedBudget(brand=a_brand(), amount=1, starts_on=TODAY, ends_on=date(2026, 3, 9))]
    ),
}

TESTED_MODELS: tuple[type[models.Model], ...] = (
    *(Brand, Campaign, Change, DatedBudget, LedgerEntry, Spend),
)


def write(row: models.Model, **columns: int | str) -> None:
    """Type values straight into the row's columns."""
    assignments = ", ".join(f"{column} = %s" for column in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {row._meta.db_table} SET {assignments} WHERE id = %s",  # noqa: S608  # names from this file
            [*columns.values(), row.pk],
        )


@pytest.mark.parametrize("name", VIOLATIONS)
def test_the_constraint_refuses_what_it_names(name: str) -> None:
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        VIOLATIONS[name]()
    # SQLite names the columns of a broken unique constraint, not the constraint.
    assert name in str(refusal.value) or "UNIQUE constraint failed" in str(refusal.value)


def test_every_constraint_is_violated_here() -> None:
    names = {c.name for model in TESTED_MODELS for c in model._meta.constraints}
    assert names == set(VIOLATIONS)


def test_rows_typed_into_the_database_need_only_what_has_no_default() -> None:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO budgets_brand (name) VALUES ('Typed')")
    brand = Brand.objects.get()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO budgets_campaign (brand_id, name) VALUES (%s, 'Typed')", [brand.pk]
        )
    campaign = Campaign.objects.get()
    assert (brand.currency, brand.timezone, brand.is_held) == ("USD", "UTC", False)
    assert (campaign.daily_budget, campaign.is_held) == (None, False)
    assert (campaign.day_spent, campaign.month_spent) == (Decimal(0), Decimal(0))


def test_campaigns_without_an_external_id_are_no_twins() -> None:
    brand = a_brand()
    a_campaign(brand=brand)
    a_campaign(brand=brand)
    assert brand.campaigns.filter(external_id=None).count() == 2
