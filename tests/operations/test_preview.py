"""An edit is seen before it is saved."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from budgets.models import Brand, Campaign, Change
from budgets.operations import edits
from budgets.operations.edits.preview import Effect, preview
from budgets.rules.reasons import PauseReason
from tests.builders import a_brand, a_campaign, an_instant, spend, the_clock_at

pytestmark = pytest.mark.django_db

NOON = an_instant("2026-03-10 12:00")


def preview_of(row: Brand | Campaign) -> Effect:
    """Return what saving the row, as it is in memory, would stop and start."""
    return preview(lambda: edits.save([row], by=None, now=NOON), rows=[row], now=NOON)


def test_a_preview_names_what_a_lower_budget_would_stop() -> None:
    brand = a_brand(daily="100")
    campaign = a_campaign(brand=brand)
    spend(campaign, "60", at=NOON)
    brand.daily_budget = Decimal(50)

    (change,) = preview_of(brand).stops

    assert change.campaign == campaign
    assert change.must_stop
    assert change.reasons_after == PauseReason.BRAND_DAILY_BUDGET


def test_a_preview_leaves_no_trace() -> None:
    brand = a_brand(daily="100")
    campaign = a_campaign(brand=brand)
    spend(campaign, "60", at=NOON)
    brand.daily_budget = Decimal(50)

    preview_of(brand)

    brand.refresh_from_db()
    assert brand.daily_budget == Decimal(100)
    assert Campaign.objects.get().status == "running"
    assert not Change.objects.exists()


def test_a_preview_of_an_edit_without_effect_is_empty() -> None:
    brand = a_brand(daily="100")
    a_campaign(brand=brand)
    assert preview_of(brand).is_none


def test_a_preview_shows_only_what_the_edit_itself_changes() -> None:
    with the_clock_at(NOON):
        earlier = a_campaign(is_held=True)
        campaign = a_campaign()
    campaign.is_held = True
    effect = preview_of(campaign)
    assert Change.objects.filter(campaign=earlier).exists()
    assert [change.campaign for change in effect.stops] == [campaign]


def test_what_is_due_anyway_is_not_the_edits_doing() -> None:
    brand = a_brand()
    neighbour, campaign = a_campaign(brand=brand), a_campaign(brand=brand)
    Campaign.objects.filter(pk=neighbour.pk).update(daily_budget=0)
    brand.is_held = True
    effect = preview_of(brand)
    assert [change.campaign for change in effect.stops] == [campaign]


def test_a_preview_of_a_bad_edit_says_what_is_wrong() -> None:
    brand = a_brand()
    brand.timezone = "Mars/Olympus"
    with pytest.raises(ValidationError, match="not a time zone"):
        preview_of(brand)
