"""An edit is seen before it is saved."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from budgets.models import Campaign, Change
from budgets.operations.edits.preview import preview
from budgets.rules.reasons import PauseReason
from tests.builders import a_brand, a_campaign, an_instant, spend, the_clock_at

pytestmark = pytest.mark.django_db

NOON = an_instant("2026-03-10 12:00")


def test_a_preview_names_what_a_lower_budget_would_stop() -> None:
    brand = a_brand(daily="100")
    campaign = a_campaign(brand=brand)
    spend(campaign, "60", at=NOON)
    brand.daily_budget = Decimal(50)

    with the_clock_at(NOON):
        (change,) = preview(brand.save)

    assert change.campaign == campaign
    assert change.must_stop
    assert change.reasons_after == PauseReason.BRAND_DAILY_BUDGET


def test_a_preview_leaves_no_trace() -> None:
    brand = a_brand(daily="100")
    campaign = a_campaign(brand=brand)
    spend(campaign, "60", at=NOON)
    brand.daily_budget = Decimal(50)

    with the_clock_at(NOON):
        preview(brand.save)

    brand.refresh_from_db()
    assert brand.daily_budget == Decimal(100)
    assert Campaign.objects.get().status == "running"
    assert not Change.objects.exists()


def test_a_preview_of_an_edit_without_effect_is_empty() -> None:
    brand = a_brand(daily="100")
    a_campaign(brand=brand)
    with the_clock_at(NOON):
        assert preview(brand.save) == []


def test_a_preview_shows_only_what_the_edit_itself_changes() -> None:
    with the_clock_at(NOON):
        earlier = a_campaign(is_held=True)
        campaign = a_campaign()
        campaign.is_held = True
        changes = preview(campaign.save)
    assert Change.objects.filter(campaign=earlier).exists()
    assert [change.campaign for change in changes] == [campaign]


def test_a_preview_of_a_bad_edit_says_what_is_wrong() -> None:
    brand = a_brand()
    brand.timezone = "Mars/Olympus"
    with pytest.raises(ValidationError, match="not a time zone"):
        preview(brand.save)
