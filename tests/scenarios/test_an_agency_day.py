"""Days at an agency, told from top to bottom."""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal

import pytest

from budgets.models import Campaign, Change, Spend
from budgets.operations.close import close_periods
from budgets.operations.holds import hold, release
from budgets.operations.ingest import record_spend
from budgets.operations.reconcile import reconcile
from budgets.rules.reasons import NO_REASON, PauseReason
from tests.builders import (
    a_brand,
    a_campaign,
    a_person,
    a_schedule,
    an_entry,
    an_instant,
    spend,
    the_clock_at,
)

pytestmark = pytest.mark.django_db

HELD, BRAND_HELD = PauseReason.HELD, PauseReason.BRAND_HELD
CLOSED, OVER = PauseReason.OUTSIDE_SCHEDULE, PauseReason.OUTSIDE_FLIGHT
DAILY, MONTHLY = PauseReason.DAILY_BUDGET, PauseReason.MONTHLY_BUDGET
BRAND_DAILY = PauseReason.BRAND_DAILY_BUDGET


def clocks_in(zone: str) -> Callable[[str], datetime]:
    """Return how to write instants of a story in local time."""
    return lambda text: an_instant(text, zone)


def reasons(campaign: Campaign) -> PauseReason:
    campaign.refresh_from_db()
    return campaign.pause_reasons


def test_a_shoe_shop_in_paris_has_a_busy_tuesday() -> None:
    paris = clocks_in("Europe/Paris")
    ada = a_person("ada")

    # Monday evening: Ada sets up a brand of 200 a day with two campaigns, search by office hours.
    with the_clock_at(paris("2026-03-09 18:00")):
        shop = a_brand(name="Pas à Pas", zone="Europe/Paris", currency="EUR", daily="200")
        office_hours = a_schedule("Mon-Fri 09:00-18:00")
        search = a_campaign(brand=shop, name="Search", daily="120", schedule=office_hours)
        social = a_campaign(brand=shop, name="Social")
    assert (reasons(search), reasons(social)) == (CLOSED, NO_REASON)

    # 09:00: the shop window lights up, without anybody's doing.
    assert reconcile(now=paris("2026-03-10 08:50")) == 0
    assert reconcile(now=paris("2026-03-10 09:00")) == 1
    assert reasons(search) == NO_REASON

    # By 14:00 search has spent its 120 and stops; social goes on.
    spend(search, "80", at=paris("2026-03-10 11:00"))
    receipt = spend(search, "40", at=paris("2026-03-10 14:00"))
    assert [change.campaign for change in receipt.changes] == [search]
    assert (reasons(search), reasons(social)) == (DAILY, NO_REASON)

    # 14:30: the client wants more of it. Ada raises the budget and it runs before she looks up.
    with the_clock_at(paris("2026-03-10 14:30")):
        search.daily_budget = Decimal(150)
        search.save()
    assert reasons(search) == NO_REASON

    # 16:00: together the two have spent the brand's 200, and both stop.
    spend(social, "80", at=paris("2026-03-10 16:00"))
    assert (reasons(search), reasons(social)) == (BRAND_DAILY, BRAND_DAILY)

    # 16:20: the platform takes back 5 for invalid clicks. There is room again.
    spend(social, "-5", at=paris("2026-03-10 16:20"))
    assert (reasons(search), reasons(social)) == (NO_REASON, NO_REASON)

    # 17:00: a bad review. Ada holds social; the check ten minutes later leaves that alone.
    hold(social, by=ada, now=paris("2026-03-10 17:00"), note="Bad review, wait for the client")
    reconcile(now=paris("2026-03-10 17:10"))
    assert reasons(social) == HELD

    # 17:30: the last 5 of the day arrive. 18:00: search closes on top of that.
    spend(search, "5", at=paris("2026-03-10 17:30"))
    reconcile(now=paris("2026-03-10 18:00"))
    assert reasons(search) == BRAND_DAILY | CLOSED

    # Midnight in Paris: the budget is fresh, the hours are not, and a hold is a hold.
    close_periods(now=an_instant("2026-03-10 23:00"))
    assert (reasons(search), reasons(social)) == (CLOSED, HELD)
    assert search.spend_days.get().amount == Decimal("125.00")

    # Wednesday: search opens at 09:00, social when Ada says so.
    reconcile(now=paris("2026-03-11 09:00"))
    assert (reasons(search), reasons(social)) == (NO_REASON, HELD)
    release(social, by=ada, now=paris("2026-03-11 09:05"))
    assert reasons(social) == NO_REASON

    # And the history of social tells all of it.
    history = Change.objects.filter(campaign=social).order_by("id")
    assert [(change.trigger, change.reasons_after) for change in history] == [
        ("spend", BRAND_DAILY),
        ("spend", NO_REASON),
        ("hold", HELD),
        ("spend", HELD | BRAND_DAILY),
        ("period", HELD),
        ("release", NO_REASON),
    ]
    assert history[2].by == ada
    assert history[2].note == "Bad review, wait for the client"


def test_servers_are_down_over_midnight_and_the_end_of_the_month() -> None:
    tokyo = clocks_in("Asia/Tokyo")

    # 31 March, 20:00 in Tokyo: both the day and the month are spent.
    with the_clock_at(tokyo("2026-03-31 09:00")):
        campaign = a_campaign(brand=a_brand(zone="Asia/Tokyo"), daily="50", monthly="50")
    spend(campaign, "50", at=tokyo("2026-03-31 20:00"))
    assert reasons(campaign) == DAILY | MONTHLY

    # The machine room floods at 21:00. It is back at 03:00; the first check puts it right.
    assert reconcile(now=tokyo("2026-04-01 03:00")) == 1
    assert reasons(campaign) == NO_REASON

    # The reset that midnight missed comes late and twice, with nothing left to start.
    assert close_periods(now=tokyo("2026-04-01 03:15")) == 2  # a day and a month
    assert close_periods(now=tokyo("2026-04-01 03:15")) == 0
    assert campaign.changes.count() == 2

    # The platform's report of last night arrives with the breakfast: March's money stays March's.
    spend(campaign, "7", at=tokyo("2026-03-31 23:59"), now=tokyo("2026-04-01 08:00"))
    assert reasons(campaign) == NO_REASON
    assert {row.day: row.amount for row in Spend.objects.all()} == {
        date(2026, 3, 31): Decimal("57.00")
    }


def test_three_clients_share_one_moment_on_three_clocks() -> None:
    # Three bakeries, each with 10 a day, each on its own clock.
    noon = an_instant("2026-03-10 12:00")
    zones = ["America/Los_Angeles", "Europe/London", "Pacific/Auckland"]
    with the_clock_at(noon):
        shops = {zone: a_campaign(brand=a_brand(zone=zone), daily="10") for zone in zones}

    # At noon in London each spends its 10: on the 10th, the 10th, and already the 11th.
    record_spend([an_entry(shop, "10", at=noon) for shop in shops.values()], now=noon)
    assert {reasons(shop) for shop in shops.values()} == {DAILY}
    assert [shop.spend_days.get().day.day for shop in shops.values()] == [10, 10, 11]

    # Each comes back at its own midnight, one after the other around the world.
    back = {}
    for zone in ("Europe/London", "America/Los_Angeles", "Pacific/Auckland"):
        day = "2026-03-12" if zone == "Pacific/Auckland" else "2026-03-11"
        reconcile(now=an_instant(f"{day} 00:00", zone))
        back[zone] = [name for name, shop in shops.items() if reasons(shop) == NO_REASON]
    assert back == {
        "Europe/London": ["Europe/London"],
        "America/Los_Angeles": ["America/Los_Angeles", "Europe/London"],
        "Pacific/Auckland": zones,
    }


def test_a_weekend_campaign_lives_through_the_night_the_clocks_change() -> None:
    berlin = clocks_in("Europe/Berlin")

    # A club advertises on Saturday nights until it closes; its last night is the 28th.
    with the_clock_at(berlin("2026-03-28 12:00")):
        club = a_campaign(
            brand=a_brand(zone="Europe/Berlin"),
            schedule=a_schedule("Sat 22:00-04:00"),
            ends_on=date(2026, 3, 29),
        )
    seen = []
    for instant in (
        berlin("2026-03-28 21:45"),
        berlin("2026-03-28 22:00"),
        an_instant("2026-03-29 00:45"),  # 01:45, and the next quarter is 03:00
        an_instant("2026-03-29 01:45"),  # 03:45
        an_instant("2026-03-29 02:00"),  # 04:00, five hours after it opened
        berlin("2026-03-30 00:00"),
        berlin("2026-04-04 22:00"),  # Saturday again, but the flight is over
    ):
        reconcile(now=instant)
        seen.append(reasons(club))
    assert seen == [CLOSED, NO_REASON, NO_REASON, NO_REASON, CLOSED, CLOSED | OVER, OVER]


def test_an_intern_uploads_the_same_file_twice_and_corrects_it() -> None:
    noon = an_instant("2026-03-10 12:00")
    with the_clock_at(noon):
        campaign = a_campaign(daily="100", monthly="1000")

    # The file has a good row, the same row again, a row in euros and one with a float's dust.
    rows = [
        an_entry(campaign, "60", at=noon, key="row-1"),
        an_entry(campaign, "60", at=noon, key="row-1"),
        an_entry(campaign, "30", at=noon, key="row-2", currency="EUR"),
        an_entry(campaign, "19.9999999", at=noon, key="row-3"),
    ]
    receipt = record_spend(rows, now=noon)
    assert (receipt.accepted, receipt.duplicates) == (1, 1)
    assert [(refusal.index, refusal.code) for refusal in receipt.refused] == [
        (2, "wrong_currency"),
        (3, "too_many_decimals"),
    ]

    # Corrected, the whole file goes up again; only what is new counts, and it is the last of 100.
    rows[2] = an_entry(campaign, "20", at=noon, key="row-2")
    rows[3] = an_entry(campaign, "20.00", at=noon, key="row-3")
    receipt = record_spend(rows, now=noon)
    assert (receipt.accepted, receipt.duplicates, receipt.refused) == (2, 2, [])
    assert reasons(campaign) == DAILY
    assert Spend.objects.get().amount == Decimal("100.00")


def test_a_client_stops_paying_and_pays_again() -> None:
    noon = an_instant("2026-03-10 12:00")
    ada, bob = a_person("ada"), a_person("bob")
    with the_clock_at(noon):
        brand = a_brand(name="Late Payer")
        first, second = a_campaign(brand=brand), a_campaign(brand=brand, daily="10")

    # Finance holds the brand; an account manager holds one campaign for a reason of her own.
    hold(brand, by=bob, now=noon, note="Invoice 1042 is open")
    hold(first, by=ada, now=noon, note="New creatives on Friday")
    assert (reasons(first), reasons(second)) == (HELD | BRAND_HELD, BRAND_HELD)

    # Spend still trickles in from before; weeks of midnights change nothing about the holds.
    spend(second, "10", at=noon)
    for day in ("2026-03-11", "2026-03-20", "2026-04-01"):
        close_periods(now=an_instant(day))
        reconcile(now=an_instant(day))
    assert (reasons(first), reasons(second)) == (HELD | BRAND_HELD, BRAND_HELD)

    # The money is there: the brand runs, but not what Ada still holds.
    release(brand, by=bob, now=an_instant("2026-04-02 10:00"))
    assert (reasons(first), reasons(second)) == (HELD, NO_REASON)
