"""`manage.py move_zone BRAND ZONE`."""

import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from budgets.models import Brand
from tests.builders import a_brand, a_campaign, an_instant, spend, the_clock_at

pytestmark = pytest.mark.django_db

PARIS, NEW_YORK = "Europe/Paris", "America/New_York"
NOON = an_instant("2026-03-10 12:00", PARIS)
EARLY = an_instant("2026-03-10 00:30", PARIS)


@pytest.fixture
def brand() -> Brand:
    """A brand in Paris whose campaign reached its limit at half past midnight."""
    with the_clock_at(NOON):
        campaign = a_campaign(brand=a_brand(zone=PARIS), daily="10")
        spend(campaign, "10", at=EARLY)
    return campaign.brand


def told(*arguments: str, **options: Any) -> str:
    """Run the command at noon and return what it says."""
    out = StringIO()
    with the_clock_at(NOON):
        call_command("move_zone", *arguments, stdout=out, **options)
    return out.getvalue()


def test_it_moves_the_brand_and_says_what_that_did(brand: Brand) -> None:
    said = told(str(brand.pk), NEW_YORK, note="The office moved")
    assert f"Moved Acme ({brand.pk}) from {PARIS} to {NEW_YORK}." in said
    assert "Entries on another day: 1, of $10.00." in said
    assert "Campaigns that stop: 0; that start: 1." in said
    assert Brand.objects.get().timezone == NEW_YORK
    assert Brand.history.first().history_change_reason == "The office moved"


def test_a_dry_run_says_what_would_happen_and_writes_nothing(brand: Brand) -> None:
    said = told("Acme", NEW_YORK, dry_run=True)
    assert "Would move Acme" in said
    assert "Nothing was written." in said
    assert Brand.objects.get().timezone == PARIS
    assert brand.campaigns.get().spend_days.get().day == NOON.date()


def test_programs_get_it_as_json(brand: Brand) -> None:
    assert json.loads(told("Acme", NEW_YORK, json=True, dry_run=True)) == {
        "dry_run": True,
        "brand": brand.pk,
        "before": PARIS,
        "after": NEW_YORK,
        "entries_moved": 1,
        "amount_moved": "10.00",
        "currency": "USD",
        "entries_kept": 0,
        "entries_folded": 0,
        "statements": 2,
        "stops": 0,
        "starts": 1,
    }


@pytest.mark.parametrize(
    "arguments, words",
    [
        (("Nobody", NEW_YORK), "There is no brand with the ID or exact name 'Nobody'"),
        (("Acme", "Mars/Olympus"), "'Mars/Olympus' is not a time zone"),
        (("Acme", PARIS), "in this time zone already"),
    ],
)
def test_what_cannot_be_moved_is_refused(
    brand: Brand, arguments: tuple[str, str], words: str
) -> None:
    with pytest.raises(CommandError, match=words):
        told(*arguments)


def test_a_name_that_two_brands_have_is_not_guessed(brand: Brand) -> None:
    a_brand()
    with pytest.raises(CommandError, match="Several brands are named 'Acme'; give an ID"):
        told("Acme", NEW_YORK)
