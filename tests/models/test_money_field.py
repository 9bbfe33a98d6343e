"""Money at rest is whole micros; in Python it is a `Decimal`, and never a float."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import FieldError, ValidationError
from django.db import connection, transaction
from django.db.models import F, Max, Sum, Value

from budgets.models import Brand, Campaign, Spend
from budgets.models.fields import MoneyField
from budgets.rules.money import BadAmount
from tests.builders import a_brand, a_campaign, an_instant, spend

pytestmark = pytest.mark.django_db

NOON = an_instant("2026-03-10 12:00")


def test_ten_dimes_reach_a_dollar() -> None:
    campaign = a_campaign(daily="1.00")
    for _ in range(9):
        spend(campaign, "0.10", at=NOON)
    assert campaign.status == "running"
    spend(campaign, "0.10", at=NOON)
    assert campaign.status == "paused"
    assert Spend.objects.get().amount == Decimal("1.00")


def test_an_amount_comes_back_as_it_went_in() -> None:
    brand = a_brand(daily="1234567.123456", monthly="99999999999.999999")
    brand.refresh_from_db()
    assert brand.daily_budget == Decimal("1234567.123456")
    assert brand.monthly_budget == Decimal("99999999999.999999")


def test_the_column_holds_micros() -> None:
    a_brand(daily="10.50")
    with connection.cursor() as cursor:
        cursor.execute("SELECT daily_budget_micros FROM budgets_brand")
        assert cursor.fetchone() == (10_500_000,)


def test_no_budget_and_a_budget_of_nothing_are_told_apart() -> None:
    nothing, no_limit = a_brand(daily="0"), a_brand()
    nothing.refresh_from_db()
    no_limit.refresh_from_db()
    assert (nothing.daily_budget, no_limit.daily_budget) == (Decimal("0.00"), None)


def test_sums_and_comparisons_are_in_units() -> None:
    campaign = a_campaign()
    Spend.objects.bulk_create(
        Spend(campaign=campaign, day=date(2026, 3, day), amount="0.10") for day in range(1, 11)
    )
    assert Spend.objects.all().total() == Decimal("1.00")
    assert Spend.objects.aggregate(most=Max("amount"))["most"] == Decimal("0.10")
    assert Spend.objects.filter(amount__gte="0.10").count() == 10
    assert Spend.objects.filter(amount__gt=Decimal("0.10")).count() == 0
    assert Spend.objects.filter(amount__in=["0.10"]).count() == 10


def test_no_rows_sum_to_nothing() -> None:
    assert Spend.objects.none().total() == Decimal("0.00")
    assert Spend.objects.aggregate(total=Sum("amount"))["total"] is None


def test_budgets_can_be_edited_in_bulk() -> None:
    brand = a_brand(daily="10", monthly="100")
    Brand.objects.update(daily_budget=Decimal("12.50"), monthly_budget=F("monthly_budget") * 2)
    brand.refresh_from_db()
    assert (brand.daily_budget, brand.monthly_budget) == (Decimal("12.50"), Decimal("200.00"))


def test_a_bare_number_is_no_money_to_add() -> None:
    """It would count as micros; and a fraction of a budget would be kept as a float on SQLite."""
    a_brand(daily="10")
    budget = F("daily_budget")
    for wrong in (budget + 2, budget - Decimal("0.50"), budget / 2, Value(Decimal(5))):
        with pytest.raises(FieldError, match=r"MoneyField|BudgetField"), transaction.atomic():
            Brand.objects.update(daily_budget=wrong)
    two = Value(Decimal(2), output_field=MoneyField())
    Brand.objects.update(daily_budget=2 * F("daily_budget") + two)
    assert Brand.objects.get().daily_budget == Decimal("22.00")


def test_a_float_is_refused_at_every_door() -> None:
    campaign = a_campaign(daily="10")
    a_dime: Any = 0.1
    campaign.daily_budget = a_dime
    with pytest.raises(ValidationError, match="not exact money"):
        campaign.save()
    with pytest.raises(BadAmount), transaction.atomic():
        Campaign.objects.update(daily_budget=a_dime)
    with pytest.raises(BadAmount), transaction.atomic():
        Campaign.objects.bulk_create([campaign])
    campaign.refresh_from_db()
    assert campaign.daily_budget == Decimal("10.00")


def test_its_form_takes_decimals() -> None:
    field = MoneyField(null=True, blank=True).formfield()
    assert field is not None
    assert field.clean("10.50") == Decimal("10.50")
    with pytest.raises(ValidationError):
        field.clean("0.0000001")
