"""When a campaign ran and why it did not, day by day."""

from datetime import timedelta
from decimal import Decimal

import pytest

from budgets.models import Campaign
from budgets.operations.holds import hold, release
from budgets.reports.timeline import timeline
from budgets.rules.reasons import NO_REASON, PauseReason
from tests.builders import a_brand, a_campaign, an_instant, spend, the_clock_at

pytestmark = pytest.mark.django_db

MIDNIGHT = an_instant("2026-03-10 00:00")
HOUR = timedelta(hours=1)


def a_campaign_made_long_ago(zone: str = "UTC") -> Campaign:
    with the_clock_at(an_instant("2026-01-01 00:00")):
        return a_campaign(daily="100", brand=a_brand(zone=zone))


def test_a_campaign_that_never_stopped_ran_all_week() -> None:
    days = timeline(a_campaign_made_long_ago(), now=MIDNIGHT + 12 * HOUR)
    assert len(days) == 7
    assert all([each.reasons for each in day.stretches] == [NO_REASON] for day in days)
    assert days[-1].stretches[-1].end == MIDNIGHT + 12 * HOUR


def test_a_hold_cuts_the_day_in_three() -> None:
    campaign = a_campaign_made_long_ago()
    hold(campaign, by=None, now=MIDNIGHT + 6 * HOUR)
    release(campaign, by=None, now=MIDNIGHT + 9 * HOUR)
    today = timeline(campaign, now=MIDNIGHT + 12 * HOUR)[-1]
    assert [each.reasons for each in today.stretches] == [NO_REASON, PauseReason.HELD, NO_REASON]
    assert [today.place(each.start) for each in today.stretches] == [
        Decimal("0"),
        Decimal("0.25"),
        Decimal("0.375"),
    ]


def test_what_held_before_the_week_still_shows() -> None:
    campaign = a_campaign_made_long_ago()
    hold(campaign, by=None, now=MIDNIGHT - 500 * HOUR)
    days = timeline(campaign, now=MIDNIGHT + HOUR)
    assert {each.reasons for day in days for each in day.stretches} == {PauseReason.HELD}


def test_days_are_those_of_the_brand() -> None:
    campaign = a_campaign_made_long_ago("Asia/Tokyo")
    spend(campaign, "100", at=an_instant("2026-03-10 23:00", "Asia/Tokyo"))
    today = timeline(campaign, now=an_instant("2026-03-10 23:30", "Asia/Tokyo"))[-1]
    assert today.stretches[-1].reasons == PauseReason.DAILY_BUDGET
    assert today.place(today.stretches[-1].start).quantize(Decimal("0.001")) == Decimal("0.958")


def test_before_it_was_made_there_is_nothing() -> None:
    with the_clock_at(MIDNIGHT + 6 * HOUR):
        campaign = a_campaign()
    days = timeline(campaign, now=MIDNIGHT + 12 * HOUR)
    assert [len(day.stretches) for day in days] == [0, 0, 0, 0, 0, 0, 1]


def test_a_date_the_zone_skipped_is_left_out() -> None:
    with the_clock_at(an_instant("2011-12-01 00:00")):
        campaign = a_campaign(brand=a_brand(zone="Pacific/Apia"))
    days = timeline(campaign, now=an_instant("2011-12-31 12:00", "Pacific/Apia"))
    assert [day.day.day for day in days] == [25, 26, 27, 28, 29, 31]
