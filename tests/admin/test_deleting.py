"""Deleting: what has a past stays, and its page says what to do instead."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from budgets.models import Brand, Campaign, Change, Statement
from budgets.operations.close import close_periods
from budgets.operations.holds import hold, release
from tests.admin.pages import address, text_of, told
from tests.builders import a_brand, a_campaign, spend, the_clock_at

DAY = timedelta(days=1)
KEPT = "has spend, statements or pauses on record, and these stay."


def a_campaign_that_spent() -> Campaign:
    campaign = a_campaign()
    spend(campaign, "1", at=timezone.now())
    return campaign


def a_campaign_with_a_closed_day() -> Campaign:
    with the_clock_at(timezone.now() - DAY):
        campaign = a_campaign(daily="10")
    close_periods(now=timezone.now())
    return campaign


def a_campaign_that_was_held() -> Campaign:
    campaign = a_campaign()
    hold(campaign, by=None, now=timezone.now())
    release(campaign, by=None, now=timezone.now())
    return campaign


def delete(browser: Client, page: str, pk: int) -> Any:
    return browser.post(address(f"{page}_delete", pk), {"post": "yes"})


def delete_selected(browser: Client, page: str, *pks: int) -> Any:
    data = {"action": "delete_selected", "_selected_action": pks, "post": "yes"}
    return browser.post(address(f"{page}_changelist"), data)


@pytest.mark.parametrize(
    "made", [a_campaign_that_spent, a_campaign_with_a_closed_day, a_campaign_that_was_held]
)
def test_a_campaign_with_a_past_stays_and_can_be_held_instead(signed_in: Client, made: Any) -> None:
    campaign = made()
    changes = Change.objects.count()
    page = delete(signed_in, "campaign", campaign.pk)
    assert page.status_code == 200
    assert KEPT in text_of(page)
    assert address("campaign_hold_one", campaign.pk) in page.content.decode()
    assert (Campaign.objects.count(), Change.objects.count()) == (1, changes)


def test_a_held_campaign_is_not_offered_another_hold(signed_in: Client) -> None:
    campaign = a_campaign(is_held=True)
    page = delete(signed_in, "campaign", campaign.pk)
    assert KEPT in text_of(page)
    assert address("campaign_hold_one", campaign.pk) not in page.content.decode()


def test_a_campaign_without_a_past_is_deleted(signed_in: Client) -> None:
    assert delete(signed_in, "campaign", a_campaign().pk).status_code == 302
    assert not Campaign.objects.exists()


def test_selected_campaigns_are_deleted_together(signed_in: Client) -> None:
    delete_selected(signed_in, "campaign", a_campaign().pk, a_campaign().pk)
    assert not Campaign.objects.exists()


def test_of_selected_campaigns_nothing_goes_where_one_has_a_past(signed_in: Client) -> None:
    new, old = a_campaign(name="New"), a_campaign_with_a_closed_day()
    page = delete_selected(signed_in, "campaign", new.pk, old.pk)
    assert KEPT in text_of(page)
    assert Campaign.objects.count() == 2


@pytest.mark.parametrize("way", [delete, delete_selected])
def test_a_past_that_comes_in_between_is_told(
    signed_in: Client, way: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    campaign = a_campaign_that_spent()
    monkeypatch.setattr("budgets.admin.campaign.CampaignAdmin.obstacles_of", lambda *_: [])
    response = way(signed_in, "campaign", campaign.pk)
    assert response.status_code == 302
    assert [KEPT in message for message in told(response)] == [True]
    assert Campaign.objects.exists()


def test_a_brand_with_closed_days_and_no_campaign_stays(signed_in: Client) -> None:
    with the_clock_at(timezone.now() - DAY):
        brand = a_brand(daily="10")
    close_periods(now=timezone.now())
    page = delete(signed_in, "brand", brand.pk)
    assert "has statements or pauses on record, and these stay." in text_of(page)
    assert (Brand.objects.count(), Statement.objects.count()) == (1, 1)
