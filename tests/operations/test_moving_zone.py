"""A brand moves to another time zone with all that it spent (T4)."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction

from budgets.models import Brand, Campaign, LedgerEntry, Spend, Statement
from budgets.operations.close import close_periods
from budgets.operations.ingest import DayTotal, record_spend, record_totals
from budgets.operations.moving_zone import Move, move_zone
from budgets.operations.retention.folding import fold_entries
from budgets.reports.diagnostics.audit import audit
from budgets.rules.reasons import NO_REASON, PauseReason
from tests.builders import a_brand, a_campaign, a_person, an_entry, an_instant, spend, the_clock_at

pytestmark = pytest.mark.django_db

PARIS, NEW_YORK, TOKYO = "Europe/Paris", "America/New_York", "Asia/Tokyo"
NOON = an_instant("2026-03-10 12:00", PARIS)
EARLY = an_instant("2026-03-10 00:30", PARIS)
"""In New York it is half past seven in the evening of the ninth."""
NINTH, TENTH = date(2026, 3, 9), date(2026, 3, 10)
DAY = timedelta(days=1)


def a_parisian(**facts: Any) -> Campaign:
    """Save a campaign, and its brand, in Paris on the first of March."""
    with the_clock_at(an_instant("2026-03-01 12:00", PARIS)):
        return a_campaign(brand=a_brand(zone=PARIS), **facts)


def move(campaign: Campaign, zone: str = NEW_YORK, *, now: Any = NOON) -> Move:
    moved = move_zone(campaign.brand_id, zone, by=None, now=now, note="")
    campaign.refresh_from_db()
    return moved


def days_of(campaign: Campaign) -> dict[date, Decimal]:
    return {
        day: amount for day, amount in campaign.spend_days.values_list("day", "amount") if amount
    }


def by_save(brand: Brand) -> None:
    brand.timezone = NEW_YORK
    brand.save()


def by_update(brand: Brand) -> None:
    Brand.objects.filter(pk=brand.pk).update(timezone=NEW_YORK)


def by_bulk_update(brand: Brand) -> None:
    brand.timezone = NEW_YORK
    Brand.objects.bulk_update([brand], ["timezone"])


@pytest.mark.parametrize("way", [by_save, by_update, by_bulk_update])
def test_once_money_was_spent_the_zone_is_fixed(way: Callable[[Brand], None]) -> None:
    campaign = a_parisian()
    spend(campaign, "10", at=NOON)
    refused = pytest.raises(ValidationError, match="move the brand on its page")
    with refused, transaction.atomic():
        way(Brand.objects.get())
    assert Brand.objects.get().timezone == PARIS


@pytest.mark.parametrize("way", [by_save, by_update, by_bulk_update])
def test_until_money_was_spent_the_zone_is_free(way: Callable[[Brand], None]) -> None:
    a_parisian()
    way(Brand.objects.get())
    assert Brand.objects.get().timezone == NEW_YORK


def test_what_is_no_zone_can_be_mended_to_the_clock_it_runs_on() -> None:
    campaign = a_campaign()
    Brand.objects.update(timezone="Mars/Olympus")
    spend(campaign, "10", at=NOON)
    brand = Brand.objects.get()
    brand.timezone = "UTC"
    brand.save()
    assert Brand.objects.get().timezone == "UTC"


def test_entries_go_to_the_days_of_their_instants() -> None:
    campaign = a_parisian()
    spend(campaign, "10", at=EARLY)
    spend(campaign, "5", at=NOON)
    moved = move(campaign)
    assert days_of(campaign) == {NINTH: 10, TENTH: 5}
    assert (moved.before, moved.after) == (PARIS, NEW_YORK)
    assert (moved.entries, str(moved.amount), moved.kept) == (1, "10.00", 0)
    assert (campaign.day, campaign.day_spent, campaign.month_spent) == (TENTH, 5, 15)
    assert audit() == []


def test_what_was_said_of_a_day_keeps_its_date() -> None:
    campaign = a_parisian()
    total = DayTotal("meta", campaign.pk, TENTH, Decimal(7), "USD", as_of=EARLY)
    record_totals([total], now=NOON)
    with the_clock_at(NOON):
        Spend.objects.create(campaign=campaign, day=NINTH, amount=3)
    for amount in ("1", "2"):
        spend(campaign, amount, at=an_instant("2026-03-02 00:30", PARIS), now=NOON)
    fold_entries(before=date(2026, 3, 5), now=NOON)
    moved = move(campaign)
    assert days_of(campaign) == {date(2026, 3, 2): 3, NINTH: 3, TENTH: 7}
    assert (moved.entries, moved.kept, moved.folded) == (0, 3, 1)
    clock = Brand.objects.get().clock
    for entry in LedgerEntry.objects.all():
        assert clock.day(entry.occurred_at) == entry.day
    assert audit() == []


def test_what_a_source_reports_next_is_still_compared_with_what_it_said() -> None:
    campaign = a_parisian()
    entry = an_entry(campaign, "10", at=EARLY)
    total = DayTotal("meta", campaign.pk, TENTH, Decimal(7), "USD", as_of=EARLY)
    record_spend([entry], now=NOON)
    record_totals([total], now=NOON)
    move(campaign)
    assert record_spend([entry], now=NOON).duplicates == 1
    newer = DayTotal("meta", campaign.pk, TENTH, Decimal(9), "USD", as_of=NOON)
    record_totals([newer], now=NOON)
    assert days_of(campaign) == {NINTH: 10, TENTH: 9}
    assert audit() == []


def test_only_statements_whose_figures_move_are_restated() -> None:
    campaign = a_parisian(daily="20", monthly="100")
    for at in ("2026-03-20 12:00", "2026-03-25 00:30", "2026-04-01 00:30"):
        spend(campaign, "10", at=an_instant(at, PARIS))
    now = an_instant("2026-04-03 12:00", PARIS)
    close_periods(now=now - DAY)
    moved = move(campaign, now=now)
    restated = Statement.objects.filter(restated_at=now).order_by("starts_on", "period")
    assert [
        (each.period, str(each.starts_on), str(each.spent_at_close), str(each.spent))
        for each in restated.filter(campaign=campaign)
    ] == [
        ("month", "2026-03-01", "20.00", "30.00"),
        ("day", "2026-03-24", "0.00", "10.00"),
        ("day", "2026-03-25", "10.00", "0.00"),
        ("day", "2026-03-31", "0.00", "10.00"),
        ("day", "2026-04-01", "10.00", "0.00"),
    ]
    assert moved.statements == restated.count() == 2 * 5
    assert audit() == []


def test_who_reached_a_limit_on_the_old_day_runs_on_the_new_one_and_the_other_way_round() -> None:
    campaign = a_parisian(daily="10")
    spend(campaign, "10", at=EARLY)
    assert campaign.pause_reasons == PauseReason.DAILY_BUDGET
    assert len(move(campaign).change_ids) == 1
    assert campaign.pause_reasons == NO_REASON
    assert len(move(campaign, PARIS).change_ids) == 1
    assert campaign.pause_reasons == PauseReason.DAILY_BUDGET


def test_a_move_is_history() -> None:
    campaign, ada = a_parisian(), a_person()
    spend(campaign, "10", at=EARLY)
    move_zone(campaign.brand_id, NEW_YORK, by=ada, now=NOON, note="The office moved")
    record = Brand.history.first()
    assert (record.timezone, record.prev_record.timezone) == (NEW_YORK, PARIS)
    assert (record.history_user, record.history_date) == (ada, NOON)
    assert record.history_change_reason == "The office moved"


@pytest.mark.parametrize(
    "zone, words", [(PARIS, "in this time zone already"), ("Mars/Olympus", "not a time zone")]
)
def test_a_move_to_nowhere_is_refused(zone: str, words: str) -> None:
    campaign = a_parisian()
    spend(campaign, "10", at=EARLY)
    with pytest.raises(ValidationError, match=words):
        move(campaign, zone)


def test_a_day_that_is_over_on_the_new_clock_closes_with_its_money() -> None:
    with the_clock_at(an_instant("2026-03-09 20:00", NEW_YORK)):
        campaign = a_campaign(brand=a_brand(zone=NEW_YORK))
    now = an_instant("2026-03-09 22:00", NEW_YORK)  # in Tokyo it is the tenth, and was at first
    with the_clock_at(now):
        Spend.objects.create(campaign=campaign, day=NINTH, amount=3)
    spend(campaign, "10", at=now)
    move(campaign, TOKYO, now=now)
    assert days_of(campaign) == {NINTH: 3, TENTH: 10}
    close_periods(now=now + 2 * DAY)
    days = Statement.objects.filter(campaign=None, period="day").order_by("starts_on")
    assert [(each.starts_on, each.spent) for each in days] == [
        (NINTH, 3),
        (TENTH, 10),
        (date(2026, 3, 11), 0),
    ]
    assert audit() == []


@pytest.mark.parametrize("number", range(8))
def test_a_brand_that_moved_stands_as_if_it_had_always_been_there(number: int) -> None:
    random = Random(number)
    zones = [PARIS, NEW_YORK, TOKYO, "UTC", "Pacific/Kiritimati", "Pacific/Pago_Pago"]
    began = an_instant("2026-02-25 00:00")
    with the_clock_at(began - DAY):
        brands = [a_brand(zone=zone) for zone in random.sample(zones, 2)]
        campaigns = [a_campaign(brand=brand) for brand in brands for _ in range(2)]
    now = began
    for _ in range(40):
        now += timedelta(minutes=random.randint(1, 1500))
        at, amount = now - timedelta(minutes=random.randint(0, 9000)), str(random.randint(-9, 40))
        which = random.randrange(2)
        twins = [campaigns[which], campaigns[which + 2]]
        record_spend([an_entry(campaign, amount, at=at) for campaign in twins], now=now)
        if random.random() < 0.2:
            close_periods(now=now)
    move_zone(brands[0].pk, brands[1].timezone, by=None, now=now, note="")
    assert audit() == []
    for mine, theirs in ((campaigns[0], campaigns[2]), (campaigns[1], campaigns[3])):
        mine.refresh_from_db()
        theirs.refresh_from_db()
        assert days_of(mine) == days_of(theirs)
        assert mine.pause_reasons == theirs.pause_reasons
    close_periods(now=now + 40 * DAY)
    assert audit() == []


def test_a_move_that_is_taken_back_leaves_nothing() -> None:
    campaign = a_parisian(daily="10")
    spend(campaign, "10", at=EARLY)
    with transaction.atomic():
        move(campaign)
        transaction.set_rollback(True)
    campaign.refresh_from_db()
    assert Brand.objects.get().timezone == PARIS
    assert days_of(campaign) == {TENTH: 10}
    assert audit() == []
