"""Reconcile: what should be is worked out from what is stored and the instant, and written down."""

import logging
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.db.models import F
from pytest_django import DjangoAssertNumQueries

from budgets.models import Brand, Campaign, Change, Schedule, Spend, Trigger
from budgets.operations.holds import hold
from budgets.operations.reconcile import reconcile
from budgets.rules.reasons import NO_REASON, PauseReason
from tests.builders import (
    a_brand,
    a_campaign,
    a_person,
    a_schedule,
    an_instant,
    spend,
    the_clock_at,
)

pytestmark = pytest.mark.django_db

NOON = an_instant("2026-03-10 12:00")
MINUTE, QUARTER = timedelta(minutes=1), timedelta(minutes=15)


def reasons(campaign: Campaign) -> PauseReason:
    campaign.refresh_from_db()
    return campaign.pause_reasons


# --- Days and months ----------------------------------------------------------------------------


def test_a_brand_resumes_at_its_own_midnight() -> None:
    tokyo = a_campaign(brand=a_brand(zone="Asia/Tokyo"), daily="100")
    paris = a_campaign(brand=a_brand(zone="Europe/Paris"), daily="100")
    for campaign in (tokyo, paris):
        spend(campaign, "100", at=NOON)
    midnight_in_tokyo = an_instant("2026-03-11 00:00", "Asia/Tokyo")
    assert reconcile(now=midnight_in_tokyo - MINUTE) == 0
    assert reconcile(now=midnight_in_tokyo) == 1
    assert (tokyo.changes.count(), reasons(tokyo)) == (2, NO_REASON)
    assert reasons(paris) == PauseReason.DAILY_BUDGET
    reconcile(now=an_instant("2026-03-11 00:00", "Europe/Paris"))
    assert reasons(paris) == NO_REASON


@pytest.mark.parametrize(
    "zone, day_before, midnight",
    [
        ("Europe/Paris", "2026-03-28 22:59:59", "2026-03-28 23:00"),  # before a day of 23 hours
        ("Europe/Paris", "2026-03-29 21:59:59", "2026-03-29 22:00"),  # after it
        ("America/Santiago", "2025-09-07 03:59:59", "2025-09-07 04:00"),  # midnight is missing
        ("America/Santiago", "2026-04-05 03:59:59", "2026-04-05 04:00"),  # 23:00 comes twice
        ("America/Havana", "2026-11-01 03:59:59", "2026-11-01 04:00"),  # midnight comes twice
        ("Asia/Kathmandu", "2026-03-10 18:14:59", "2026-03-10 18:15"),
    ],
)
def test_a_daily_reason_ends_with_the_local_day(zone: str, day_before: str, midnight: str) -> None:
    campaign = a_campaign(brand=a_brand(zone=zone), daily="100")
    spend(campaign, "100", at=an_instant(day_before))
    assert reconcile(now=an_instant(day_before)) == 0
    reconcile(now=an_instant(midnight))
    assert reasons(campaign) == NO_REASON


def test_a_monthly_reason_outlives_midnight_and_ends_with_the_month() -> None:
    campaign = a_campaign(daily="100", monthly="100")
    spend(campaign, "100", at=NOON)
    assert reasons(campaign) == PauseReason.DAILY_BUDGET | PauseReason.MONTHLY_BUDGET
    reconcile(now=an_instant("2026-03-31 23:59"))
    assert reasons(campaign) == PauseReason.MONTHLY_BUDGET
    reconcile(now=an_instant("2026-04-01 00:00"))
    assert reasons(campaign) == NO_REASON


def test_a_check_that_was_missed_for_days_is_right_at_once() -> None:
    campaign = a_campaign(daily="100", monthly="1000")
    spend(campaign, "100", at=NOON)
    reconcile(now=an_instant("2026-07-19 08:07"))
    assert reasons(campaign) == NO_REASON


def test_a_check_that_came_twice_changes_nothing_more() -> None:
    campaign = a_campaign(daily="100")
    spend(campaign, "100", at=NOON)
    tomorrow = NOON + timedelta(days=1)
    assert [reconcile(now=tomorrow), reconcile(now=tomorrow)] == [1, 0]
    assert campaign.changes.count() == 2


def test_a_clock_set_back_to_yesterday_finds_yesterdays_spend() -> None:
    campaign = a_campaign(daily="100")
    spend(campaign, "100", at=NOON - timedelta(days=1))
    spend(campaign, "1", at=NOON)
    assert reasons(campaign) == NO_REASON
    reconcile(now=NOON - timedelta(days=1))
    assert reasons(campaign) == PauseReason.DAILY_BUDGET


def test_history_is_kept_over_the_reset() -> None:
    campaign = a_campaign(daily="100")
    spend(campaign, "100", at=NOON)
    reconcile(now=an_instant("2026-04-01 00:00"))
    assert Spend.objects.get().amount == Decimal("100.00")


# --- Hours and flights --------------------------------------------------------------------------


def test_a_campaign_opens_and_closes_with_its_hours() -> None:
    brand = a_brand(zone="America/New_York")
    with the_clock_at(an_instant("2026-03-10 08:59", "America/New_York")):
        campaign = a_campaign(brand=brand, schedule=a_schedule("Tue 09:00-17:00"))
        assert campaign.pause_reasons == PauseReason.OUTSIDE_SCHEDULE
    seen = {}
    for time in ("08:59", "09:00", "16:59", "17:00"):
        reconcile(now=an_instant(f"2026-03-10 {time}", "America/New_York"))
        seen[time] = reasons(campaign)
    closed = PauseReason.OUTSIDE_SCHEDULE
    assert seen == {"08:59": closed, "09:00": NO_REASON, "16:59": NO_REASON, "17:00": closed}


def test_a_daily_pause_over_a_closed_midnight_resumes_in_the_morning() -> None:
    """The bug of systems with one reason field: off for good."""
    with the_clock_at(NOON):
        campaign = a_campaign(daily="100", schedule=a_schedule("Mon-Sun 09:00-18:00"))
    spend(campaign, "100", at=an_instant("2026-03-10 17:00"))
    seen = []
    for instant in ("10 18:00", "11 00:00", "11 08:45", "11 09:00"):
        reconcile(now=an_instant(f"2026-03-{instant}"))
        seen.append(reasons(campaign))
    both = PauseReason.DAILY_BUDGET | PauseReason.OUTSIDE_SCHEDULE
    closed = PauseReason.OUTSIDE_SCHEDULE
    assert seen == [both, closed, closed, NO_REASON]


def test_a_night_window_stays_open_over_midnight() -> None:
    with the_clock_at(an_instant("2026-03-13 12:00")):
        campaign = a_campaign(schedule=a_schedule("Fri 22:00-02:00"))
    seen = {}
    for instant in ("13 21:59", "13 22:00", "14 01:59", "14 02:00", "14 22:00"):
        reconcile(now=an_instant(f"2026-03-{instant}"))
        seen[instant] = reasons(campaign) == NO_REASON
    assert list(seen.values()) == [False, True, True, False, False]


@pytest.mark.parametrize(
    "hours, instants",
    [
        # 02:00-03:00 does not happen on 29 March: the window never opens.
        ("Sun 02:00-03:00", {"2026-03-29 00:59": False, "2026-03-29 01:00": False}),
        # On 25 October it happens twice: the window is open for both.
        (
            "Sun 02:00-03:00",
            {
                "2026-10-24 23:59": False,
                "2026-10-25 00:00": True,
                "2026-10-25 01:59": True,
                "2026-10-25 02:00": False,
            },
        ),
    ],
)
def test_hours_follow_the_wall_clock_over_dst(hours: str, instants: dict[str, bool]) -> None:
    campaign = a_campaign(brand=a_brand(zone="Europe/Paris"), schedule=a_schedule(hours))
    seen = {}
    for instant in instants:
        reconcile(now=an_instant(instant))
        seen[instant] = reasons(campaign) == NO_REASON
    assert seen == instants


def test_one_schedule_opens_on_each_brands_own_clock() -> None:
    office = a_schedule("Mon-Sun 09:00-17:00")
    tokyo = a_campaign(brand=a_brand(zone="Asia/Tokyo"), schedule=office)
    paris = a_campaign(brand=a_brand(zone="Europe/Paris"), schedule=office)
    reconcile(now=an_instant("2026-03-10 12:00", "Asia/Tokyo"))
    assert (reasons(tokyo), reasons(paris)) == (NO_REASON, PauseReason.OUTSIDE_SCHEDULE)
    reconcile(now=an_instant("2026-03-10 12:00", "Europe/Paris"))
    assert (reasons(tokyo), reasons(paris)) == (PauseReason.OUTSIDE_SCHEDULE, NO_REASON)


def test_both_days_of_a_flight_are_run() -> None:
    campaign = a_campaign(
        brand=a_brand(zone="Pacific/Auckland"),
        starts_on=date(2026, 3, 10),
        ends_on=date(2026, 3, 11),
    )
    seen = {}
    for instant in ("09 23:59", "10 00:00", "11 23:59", "12 00:00"):
        reconcile(now=an_instant(f"2026-03-{instant}", "Pacific/Auckland"))
        seen[instant] = reasons(campaign) == NO_REASON
    assert seen == {"09 23:59": False, "10 00:00": True, "11 23:59": True, "12 00:00": False}


# --- What was typed past every check ------------------------------------------------------------


def test_rows_made_in_bulk_obey_from_the_next_check() -> None:
    brand = a_brand()
    Campaign.objects.bulk_create(
        [
            Campaign(brand=brand, name="Nothing", daily_budget=0),
            Campaign(brand=brand, name="Held", is_held=True),
            Campaign(brand=brand, name="Over", ends_on=date(2026, 3, 9)),
            Campaign(brand=brand, name="Free"),
        ]
    )
    assert reconcile(now=NOON) == 3
    found = {campaign.name: campaign.pause_reasons for campaign in Campaign.objects.all()}
    assert found == {
        "Nothing": PauseReason.DAILY_BUDGET,
        "Held": PauseReason.HELD,
        "Over": PauseReason.OUTSIDE_FLIGHT,
        "Free": NO_REASON,
    }


def test_a_budget_raised_in_bulk_is_obeyed_from_the_next_check() -> None:
    campaign = a_campaign(daily="100")
    spend(campaign, "100", at=NOON)
    Campaign.objects.update(daily_budget=F("daily_budget") + F("daily_budget"))
    reconcile(now=NOON)
    assert reasons(campaign) == NO_REASON


def test_hours_edited_in_bulk_are_obeyed_from_the_next_check() -> None:
    with the_clock_at(NOON):
        campaign = a_campaign(schedule=a_schedule("Tue 09:00-17:00"))
    assert reasons(campaign) == NO_REASON
    Schedule.objects.update(hours="Wed 09:00-17:00")
    reconcile(now=NOON)
    assert reasons(campaign) == PauseReason.OUTSIDE_SCHEDULE


def test_hours_edited_in_bulk_are_obeyed_from_the_next_spend() -> None:
    with the_clock_at(NOON):
        campaign = a_campaign(schedule=a_schedule("Tue 09:00-17:00"))
    Schedule.objects.update(hours="Wed 09:00-17:00")
    spend(campaign, "1", at=NOON)
    assert campaign.pause_reasons == PauseReason.OUTSIDE_SCHEDULE


def test_unreadable_hours_keep_the_last_ones_that_could_be_read(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with the_clock_at(NOON):
        campaign = a_campaign(schedule=a_schedule("Tue 09:00-17:00"))
    Schedule.objects.update(hours="whenever")
    reconcile(now=NOON)
    assert reasons(campaign) == NO_REASON
    assert "whenever" in caplog.text or "unreadable" in caplog.text
    reconcile(now=an_instant("2026-03-10 17:00"))
    assert reasons(campaign) == PauseReason.OUTSIDE_SCHEDULE


def test_hours_that_never_could_be_read_stay_closed(caplog: pytest.LogCaptureFixture) -> None:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO budgets_schedule (name, hours) VALUES ('Typed', 'whenever')")
    campaign = a_campaign()
    Campaign.objects.update(schedule=Schedule.objects.get())
    reconcile(now=NOON)
    assert reasons(campaign) == PauseReason.OUTSIDE_SCHEDULE
    assert caplog.records[0].levelno == logging.ERROR


def test_hours_typed_into_the_database_are_read() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO budgets_schedule (name, hours) VALUES ('Typed', 'Tue 09:00-17:00')"
        )
    campaign = a_campaign()
    Campaign.objects.update(schedule=Schedule.objects.get())
    reconcile(now=NOON)
    assert reasons(campaign) == NO_REASON


def test_a_broken_zone_runs_on_utc_and_stops_nobody_else(caplog: pytest.LogCaptureFixture) -> None:
    broken, fine = a_campaign(daily="100"), a_campaign(daily="100")
    Brand.objects.filter(pk=broken.brand_id).update(timezone="Mars/Olympus")
    for campaign in (broken, fine):
        spend(campaign, "100", at=NOON)
        assert campaign.pause_reasons == PauseReason.DAILY_BUDGET
    reconcile(now=an_instant("2026-03-11 00:00"))
    assert reasons(broken) == reasons(fine) == NO_REASON
    assert "Mars/Olympus" in caplog.text


def test_a_status_typed_into_the_database_is_put_right() -> None:
    campaign = a_campaign()
    Campaign.objects.update(reasons=PauseReason.DAILY_BUDGET | PauseReason.FORECAST)
    reconcile(now=NOON)
    assert reasons(campaign) == NO_REASON


# --- The history --------------------------------------------------------------------------------


def test_a_change_holds_the_figures_it_was_decided_on() -> None:
    brand = a_brand(daily="500", monthly="1000")
    campaign, other = a_campaign(brand=brand, daily="100", monthly="300"), a_campaign(brand=brand)
    spend(other, "7", at=NOON)
    spend(campaign, "90", at=NOON - timedelta(days=1), now=NOON)
    spend(campaign, "100", at=NOON)
    change = campaign.changes.get()
    assert (change.at, change.trigger, change.by) == (NOON, Trigger.SPEND, None)
    assert (change.reasons_before, change.reasons_after) == (NO_REASON, PauseReason.DAILY_BUDGET)
    assert (change.day_spent, change.daily_budget) == (Decimal(100), Decimal(100))
    assert (change.month_spent, change.monthly_budget) == (Decimal(190), Decimal(300))
    assert (change.brand_day_spent, change.brand_daily_budget) == (Decimal(107), Decimal(500))
    assert (change.brand_month_spent, change.brand_monthly_budget) == (Decimal(197), Decimal(1000))


def test_a_change_is_written_for_every_reason_that_comes_or_goes() -> None:
    campaign = a_campaign(daily="100", monthly="100")
    hold(campaign, by=a_person(), now=NOON)
    spend(campaign, "100", at=NOON)
    reconcile(now=an_instant("2026-03-11 00:00"))
    reconcile(now=an_instant("2026-04-01 00:00"))
    held, daily, monthly = (
        PauseReason.HELD,
        PauseReason.DAILY_BUDGET,
        PauseReason.MONTHLY_BUDGET,
    )
    history = [(c.reasons_before, c.reasons_after) for c in Change.objects.order_by("id")]
    assert history == [
        (NO_REASON, held),
        (held, held | daily | monthly),
        (held | daily | monthly, held | monthly),
        (held | monthly, held),
    ]


def test_a_check_of_some_brands_leaves_the_others_alone() -> None:
    ours, theirs = a_campaign(), a_campaign()
    Campaign.objects.update(daily_budget=0)
    assert reconcile(now=NOON, brand_ids=[ours.brand_id]) == 1
    assert (reasons(ours), reasons(theirs)) == (PauseReason.DAILY_BUDGET, NO_REASON)
    assert reconcile(now=NOON, brand_ids=[]) == 0
    assert reconcile(now=NOON, brand_ids=[10**9]) == 0


def test_every_overspender_is_paused_in_one_pass() -> None:
    """A slice over a set that shrinks while it is paused would skip some."""
    brands = Brand.objects.bulk_create(Brand(name=f"Brand {n}") for n in range(300))
    Campaign.objects.bulk_create(
        Campaign(brand=brand, name=str(n), daily_budget=0) for brand in brands for n in range(3)
    )
    assert reconcile(now=NOON) == 900
    assert not Campaign.objects.running().exists()


def test_the_number_of_queries_does_not_grow_with_the_campaigns(
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    brand = a_brand()
    Campaign.objects.bulk_create(
        Campaign(brand=brand, name=str(n), daily_budget=0) for n in range(1_000)
    )
    with django_assert_max_num_queries(12):
        assert reconcile(now=NOON) == 1_000


def test_nothing_to_check_is_no_error() -> None:
    assert reconcile(now=NOON) == 0
    a_brand()
    assert reconcile(now=NOON) == 0
