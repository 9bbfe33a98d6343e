"""Machines whose clocks differ a little: no decision is made for an instant before one made."""

from datetime import datetime, timedelta

import pytest

from budgets.models import Campaign
from budgets.operations.holds import hold
from budgets.operations.reconcile import reconcile
from budgets.rules.reasons import NO_REASON, PauseReason
from tests.builders import a_campaign, an_instant, spend, the_clock_at

pytestmark = pytest.mark.django_db

EVENING = an_instant("2030-03-10 20:00")
AFTER_MIDNIGHT = an_instant("2030-03-11 00:00:01")
BEHIND = AFTER_MIDNIGHT - timedelta(seconds=3)
"""What the clock of the second machine shows after midnight."""


def a_stopped_campaign(*, monthly: str | None = None) -> Campaign:
    """Save a campaign that its daily budget stopped in the evening."""
    with the_clock_at(EVENING):
        campaign = a_campaign(daily="100", monthly=monthly)
        spend(campaign, "100", at=EVENING)
    return campaign


def reasons(campaign: Campaign) -> PauseReason:
    campaign.refresh_from_db()
    return campaign.pause_reasons


def instants(campaign: Campaign) -> list[datetime]:
    """Return the instants of the campaign's changes, in the order in which they were written."""
    return list(campaign.changes.order_by("id").values_list("at", flat=True))


def test_a_check_whose_clock_is_behind_pauses_nothing_that_the_new_day_resumed() -> None:
    campaign = a_stopped_campaign()
    assert reconcile(now=AFTER_MIDNIGHT) == 1
    assert reconcile(now=BEHIND) == 0
    assert reasons(campaign) == NO_REASON


def test_spend_that_comes_in_where_the_clock_is_behind_is_decided_for_the_newest_instant() -> None:
    campaign = a_stopped_campaign(monthly="150")
    reconcile(now=AFTER_MIDNIGHT)
    spend(campaign, "60", at=BEHIND)
    assert reasons(campaign) == PauseReason.MONTHLY_BUDGET
    assert instants(campaign) == [EVENING, AFTER_MIDNIGHT, AFTER_MIDNIGHT]


def test_an_edit_where_the_clock_is_behind_is_decided_for_the_newest_instant() -> None:
    campaign = a_stopped_campaign()
    reconcile(now=AFTER_MIDNIGHT)
    hold(campaign, by=None, now=BEHIND)
    assert reasons(campaign) == PauseReason.HELD
    assert instants(campaign)[-1] == AFTER_MIDNIGHT


def test_what_is_decided_for_one_brand_brings_no_other_ahead_of_its_time() -> None:
    ahead, other = a_stopped_campaign(), a_stopped_campaign()
    reconcile(now=AFTER_MIDNIGHT, brand_ids=[ahead.brand_id])
    assert reconcile(now=BEHIND) == 0
    assert (reasons(ahead), reasons(other)) == (NO_REASON, PauseReason.DAILY_BUDGET)


def test_brands_of_one_check_each_go_on_from_their_own_newest_instant() -> None:
    campaigns = [a_stopped_campaign() for _ in range(3)]
    later = AFTER_MIDNIGHT + timedelta(seconds=1)
    for campaign, at in zip(campaigns, [AFTER_MIDNIGHT, later, None], strict=True):
        if at:
            reconcile(now=at, brand_ids=[campaign.brand_id])
    Campaign.objects.update(is_held=True)
    assert reconcile(now=BEHIND) == 3
    newest = [instants(campaign)[-1] for campaign in campaigns]
    assert newest == [AFTER_MIDNIGHT, later, BEHIND]


def test_a_decision_of_a_clock_that_was_wrong_is_put_right_at_once() -> None:
    campaign = a_stopped_campaign()
    reconcile(now=EVENING + timedelta(hours=5))
    assert reasons(campaign) == NO_REASON
    assert reconcile(now=EVENING + timedelta(hours=1)) == 1
    assert reasons(campaign) == PauseReason.DAILY_BUDGET
