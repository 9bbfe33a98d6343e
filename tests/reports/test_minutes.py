"""How long a campaign ran in a period, and what held it."""

from datetime import date

import pytest

from budgets.models import Campaign, Statement
from budgets.operations.close import close_periods
from budgets.operations.holds import hold, release
from budgets.reports.minutes import minutes_between, minutes_of
from budgets.rules.reasons import PauseReason
from tests.builders import a_brand, a_campaign, an_instant, spend, the_clock_at

pytestmark = pytest.mark.django_db

ZONE = "Europe/Paris"
MIDNIGHT = an_instant("2026-03-10 00:00", ZONE)
SIX, NINE, NOON = (an_instant(f"2026-03-10 {hour:02}:00", ZONE) for hour in (6, 9, 12))
NEXT_MIDNIGHT = an_instant("2026-03-11 00:00", ZONE)


@pytest.fixture
def campaign() -> Campaign:
    with the_clock_at(MIDNIGHT):
        return a_campaign(brand=a_brand(zone=ZONE), daily="100")


def test_a_campaign_that_nothing_held_ran_the_whole_day(campaign: Campaign) -> None:
    minutes = minutes_between(campaign, MIDNIGHT, NEXT_MIDNIGHT)
    assert (minutes.running, minutes.paused, minutes.paused_by) == (1440, 0, {})


def test_reasons_that_overlap_are_counted_each_and_the_pause_once(campaign: Campaign) -> None:
    hold(campaign, by=None, now=SIX)
    spend(campaign, "100", at=NINE)
    release(campaign, by=None, now=NOON)

    minutes = minutes_between(campaign, MIDNIGHT, NEXT_MIDNIGHT)

    assert (minutes.running, minutes.paused) == (360, 1080)
    assert minutes.paused_by == {PauseReason.HELD: 360, PauseReason.DAILY_BUDGET: 900}


def test_a_pause_that_began_the_day_before_counts_from_midnight(campaign: Campaign) -> None:
    hold(campaign, by=None, now=SIX)
    release(campaign, by=None, now=an_instant("2026-03-11 01:00", ZONE))
    next_day = minutes_between(campaign, NEXT_MIDNIGHT, an_instant("2026-03-12 00:00", ZONE))
    assert next_day.paused_by == {PauseReason.HELD: 60}


def test_a_day_that_skips_an_hour_has_fewer_minutes() -> None:
    with the_clock_at(an_instant("2026-03-29 00:00", ZONE)):
        campaign = a_campaign(brand=a_brand(zone=ZONE), daily="100")
    close_periods(now=an_instant("2026-03-30 00:05", ZONE))
    minutes = minutes_of(Statement.objects.get(campaign=campaign, starts_on=date(2026, 3, 29)))
    assert minutes is not None
    assert minutes.running == 23 * 60


def test_a_campaign_counts_from_when_it_was_created() -> None:
    with the_clock_at(NOON):
        campaign = a_campaign(brand=a_brand(zone=ZONE))
    assert minutes_between(campaign, MIDNIGHT, NEXT_MIDNIGHT).running == 720


def test_a_whole_brand_has_no_minutes_of_its_own(campaign: Campaign) -> None:
    close_periods(now=NEXT_MIDNIGHT)
    assert minutes_of(Statement.objects.get(campaign=None)) is None
