"""What a person types wrong is refused at its field, in words, with nothing half-saved."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import ProtectedError

from budgets.models import Brand, Campaign, Change, Schedule
from tests.builders import a_brand, a_campaign, a_schedule, an_instant, spend, the_clock_at

pytestmark = pytest.mark.django_db

NOON = an_instant("2026-03-10 12:00")


def a_campaign_with_spend() -> Campaign:
    campaign = a_campaign()
    spend(campaign, "10", at=NOON)
    return campaign


REFUSALS: list[tuple[str, Callable[[], models.Model], dict[str, Any], str, str]] = [
    ("an unknown zone", a_brand, {"timezone": "Mars/Olympus"}, "timezone", "not a time zone"),
    ("no zone", a_brand, {"timezone": ""}, "timezone", "cannot be blank"),
    ("an unknown currency", a_brand, {"currency": "ZZZ"}, "currency", "no ISO 4217 currency"),
    ("small letters", a_brand, {"currency": "usd"}, "currency", "no ISO 4217 currency"),
    ("a negative budget", a_brand, {"daily_budget": -1}, "daily_budget", "cannot be negative"),
    ("a negative month", a_brand, {"monthly_budget": -1}, "monthly_budget", "cannot be negative"),
    ("a budget in words", a_brand, {"daily_budget": "lots"}, "daily_budget", "not an amount"),
    ("a seventh decimal", a_brand, {"daily_budget": "0.0000001"}, "daily_budget", "6 decimals"),
    ("a budget beyond all", a_brand, {"daily_budget": "1e13"}, "daily_budget", "largest amount"),
    ("a nameless brand", a_brand, {"name": ""}, "name", "cannot be blank"),
    ("bad hours", a_schedule, {"hours": "Mon 9-5"}, "hours", "At character 5"),
    ("no hours", a_schedule, {"hours": ""}, "hours", "cannot be blank"),
    ("a campaign's budget", a_campaign, {"daily_budget": -1}, "daily_budget", "negative"),
    ("no brand", a_campaign, {"brand": None}, "brand", "cannot be null"),
    (
        "a flight that ends before it starts",
        a_campaign,
        {"starts_on": date(2026, 3, 10), "ends_on": date(2026, 3, 9)},
        "ends_on",
        "ends before it starts",
    ),
]


@pytest.mark.parametrize(
    "build, edit, field, words",
    [refusal[1:] for refusal in REFUSALS],
    ids=[refusal[0] for refusal in REFUSALS],
)
def test_a_bad_edit_is_refused_at_its_field(
    build: Callable[[], models.Model], edit: dict[str, Any], field: str, words: str
) -> None:
    row = build()
    before = type(row)._default_manager.values().get()
    for name, value in edit.items():
        setattr(row, name, value)
    with pytest.raises(ValidationError) as refusal:
        row.save()
    assert words in " ".join(refusal.value.message_dict[field])
    assert type(row)._default_manager.values().get() == before
    assert not Change.objects.exists()


@pytest.mark.parametrize(
    "bad",
    [
        Brand(name="New", timezone="Mars/Olympus"),
        Brand(name="New", daily_budget=Decimal(-1)),
        Schedule(name="New", hours="sometimes"),
        Campaign(name="New"),
    ],
    ids=["zone", "budget", "hours", "no brand"],
)
def test_a_bad_new_row_is_not_saved(bad: models.Model) -> None:
    with pytest.raises(ValidationError):
        bad.save()
    assert not type(bad)._default_manager.exists()


def test_the_currency_is_fixed_once_money_was_spent() -> None:
    brand = a_campaign_with_spend().brand
    brand.currency = "EUR"
    with pytest.raises(ValidationError, match="make a new brand"):
        brand.save()
    brand.refresh_from_db()
    assert brand.currency == "USD"


def test_the_currency_may_change_before_money_was_spent() -> None:
    brand = a_campaign().brand
    brand.currency = "EUR"
    brand.save()
    brand.refresh_from_db()
    assert brand.currency == "EUR"


def test_a_campaign_with_spend_stays_with_its_brand() -> None:
    campaign = a_campaign_with_spend()
    old = campaign.brand
    campaign.brand = a_brand(name="Other")
    with pytest.raises(ValidationError, match="belongs to the old brand"):
        campaign.save()
    campaign.refresh_from_db()
    assert campaign.brand == old


def test_a_campaign_without_spend_may_move() -> None:
    campaign, held = a_campaign(), a_brand(name="Held", is_held=True)
    campaign.brand = held
    campaign.save()
    assert campaign.status == "paused"


def test_a_schedule_in_use_cannot_be_deleted() -> None:
    schedule = a_schedule()
    a_campaign(schedule=schedule)
    with pytest.raises(ProtectedError):
        schedule.delete()
    assert Schedule.objects.count() == 1


def test_money_that_was_spent_keeps_its_campaign_and_brand() -> None:
    campaign = a_campaign_with_spend()
    with pytest.raises(ProtectedError):
        campaign.delete()
    with pytest.raises(ProtectedError):
        campaign.brand.delete()
    assert Campaign.objects.count() == Brand.objects.count() == 1


def test_a_campaign_that_ever_paused_stays_however_it_is_deleted() -> None:
    campaign = a_campaign(is_held=True)
    with pytest.raises(ProtectedError, match="Hold it, or end its flight, instead"):
        campaign.delete()
    with pytest.raises(ProtectedError, match="Hold it, or end its flight, instead"):
        Campaign.objects.filter(pk=campaign.pk).delete()
    with pytest.raises(ProtectedError):
        Campaign._base_manager.filter(pk=campaign.pk).delete()
    assert campaign.changes.count() == 1


def test_a_schedule_out_of_use_and_a_campaign_without_spend_can_be_deleted() -> None:
    schedule = a_schedule()
    with the_clock_at(an_instant("2026-03-10 12:00")):
        campaign = a_campaign(schedule=schedule)
    campaign.delete()
    schedule.delete()
    assert not Campaign.objects.exists()
    assert not Schedule.objects.exists()


def test_an_external_id_is_unique_within_its_brand_alone() -> None:
    one, other = a_brand(), a_brand()
    Campaign.objects.create(brand=one, name="First", external_id="A-1")
    Campaign.objects.create(brand=other, name="Elsewhere", external_id="A-1")
    with pytest.raises(ValidationError, match=r"external_id_is_unique|already exists"):
        Campaign.objects.create(brand=one, name="Twin", external_id="A-1")
