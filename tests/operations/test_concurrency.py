"""Many at once: whoever comes together, no money is lost and every status ends right."""

import json
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path
from random import Random
from threading import Barrier
from typing import TypeVar

import pytest
from django.db import connection, transaction
from django.db.models import Count, Sum

from budgets.models import Brand, Campaign, Change, DatedBudget, LedgerEntry, Spend, Statement
from budgets.models.locks import lock_decisions
from budgets.operations import edits
from budgets.operations.close import close_periods
from budgets.operations.edges import decide_due
from budgets.operations.holds import hold, release
from budgets.operations.ingest import record_spend
from budgets.operations.ingest.types import Receipt, SpendEntry
from budgets.operations.reconcile import reconcile
from budgets.rules.reasons import PauseReason
from tests.builders import (
    a_brand,
    a_campaign,
    a_schedule,
    an_entry,
    an_instant,
    the_clock_at,
)
from tests.operations.databases import a_database_file

pytestmark = [
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("database"),
]

NOON = an_instant("2026-03-10 12:00")
TODAY = date(2026, 3, 10)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)

T = TypeVar("T")


@pytest.fixture
def database(tmp_path: Path) -> Iterator[None]:
    """A database that threads and processes open by themselves."""
    if connection.vendor == "sqlite":
        # Its test database lives in the memory of one connection.
        with a_database_file(tmp_path / "shared.sqlite3"):
            yield
    else:
        yield


def at_once(*calls: Callable[[], T]) -> list[T]:
    """Make the calls at the same moment, each on a thread and connection of its own."""
    start = Barrier(len(calls))

    def run(call: Callable[[], T]) -> T:
        try:
            start.wait()
            return call()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return [running.result() for running in [pool.submit(run, call) for call in calls]]


def one_after_the_other(*calls: Callable[[], object]) -> Callable[[], None]:
    """Make one call of several."""

    def run() -> None:
        for call in calls:
            call()

    return run


def assert_the_books_hold() -> None:
    """Entries, days and standings are three views of the same money."""
    entries = LedgerEntry.objects.values_list("campaign_id", "day").annotate(Sum("amount"))
    assert set(entries.order_by()) == set(Spend.objects.values_list("campaign_id", "day", "amount"))
    days = dict(Spend.objects.filter(day=TODAY).values_list("campaign_id", "amount"))
    months = dict(
        Spend.objects.in_month(TODAY.replace(day=1))
        .values_list("campaign_id")
        .annotate(Sum("amount"))
        .order_by()
    )
    for campaign in Campaign.objects.exclude(month=None):
        assert campaign.month_spent == months[campaign.pk]
        if campaign.day == TODAY:
            assert campaign.day_spent == days[campaign.pk]


def assert_the_history_holds() -> None:
    """Every change starts where the one before ended, and the last is where the campaign stands."""
    stands: Counter[int] = Counter()
    for change in Change.objects.order_by("id"):
        assert change.before == stands[change.campaign_id]
        stands[change.campaign_id] = change.after
    for campaign in Campaign.objects.all():
        assert campaign.reasons == stands[campaign.pk]


@pytest.mark.parametrize("in_a_transaction_of_the_caller", [False, True])
def test_two_ingests_that_only_together_reach_a_brands_limit_stop_it(
    in_a_transaction_of_the_caller: bool,
) -> None:
    def ingest(campaign: Campaign) -> Receipt:
        entry = an_entry(campaign, "50", at=NOON)
        if not in_a_transaction_of_the_caller:
            return record_spend([entry], now=NOON)
        with transaction.atomic():
            return record_spend([entry], now=NOON)

    for _ in range(50):
        brand = a_brand(daily="100")
        campaigns = [a_campaign(brand=brand), a_campaign(brand=brand)]
        at_once(*(partial(ingest, campaign) for campaign in campaigns))
        for campaign in campaigns:
            campaign.refresh_from_db()
            assert campaign.pause_reasons == PauseReason.BRAND_DAILY_BUDGET
            assert campaign.changes.count() == 1


def test_overlapping_batches_in_any_order_lose_and_double_nothing() -> None:
    random = Random(1)
    campaigns = [
        a_campaign(brand=brand, daily="40", monthly="90")
        for brand in [a_brand(daily="150", zone=zone) for zone in ("UTC", "Asia/Tokyo")]
        for _ in range(10)
    ]
    entries = [
        an_entry(random.choice(campaigns), "0.10", at=NOON - random.randrange(72) * HOUR)
        for _ in range(600)
    ]

    def write(seed: int) -> None:
        order = entries.copy()
        Random(seed).shuffle(order)
        for start in range(0, len(order), 50):
            assert not record_spend(order[start : start + 50], now=NOON).refused

    at_once(*(partial(write, seed) for seed in range(8)))
    assert LedgerEntry.objects.count() == len(entries)
    assert Spend.objects.all().total() == Decimal("60.00")
    assert_the_books_hold()
    assert_the_history_holds()
    assert reconcile(now=NOON) == 0


def test_two_hundred_single_writes_lose_nothing() -> None:
    campaign = a_campaign(monthly="200")
    entries = [an_entry(campaign, "1.00", at=NOON) for _ in range(200)]

    def write(own: list[SpendEntry]) -> None:
        for entry in own:
            record_spend([entry], now=NOON)

    at_once(*(partial(write, entries[writer::4]) for writer in range(4)))
    campaign.refresh_from_db()
    assert campaign.month_spent == Decimal("200.00")
    assert campaign.pause_reasons == PauseReason.MONTHLY_BUDGET


def test_two_checks_at_once_write_each_change_once() -> None:
    brands = Brand.objects.bulk_create(Brand(name=str(n)) for n in range(30))
    Campaign.objects.bulk_create(
        Campaign(brand=brand, name=str(n), daily_budget=0) for brand in brands for n in range(10)
    )
    assert sum(at_once(*[partial(reconcile, now=NOON)] * 5)) == 300
    assert Change.objects.count() == 300
    assert_the_history_holds()


def test_two_closings_at_once_close_each_day_once() -> None:
    with the_clock_at(NOON - 240 * HOUR):
        for _ in range(5):
            a_campaign(daily="0")
    Campaign.objects.update(daily_budget=1)
    assert sum(at_once(*[partial(close_periods, now=NOON)] * 4)) == 5 * (10 + 1)
    assert_the_history_holds()
    assert Campaign.objects.running().count() == 5


def test_a_tick_that_waited_over_midnight_undoes_nothing_of_the_new_day() -> None:
    before, after = an_instant("2026-03-10 23:59:59"), an_instant("2026-03-11 00:00:01")
    with the_clock_at(NOON):
        campaign = a_campaign(daily="100")
        record_spend([an_entry(campaign, "100", at=NOON)], now=NOON)
    clock = [before]

    def tick() -> int:
        try:
            return reconcile(now=before, clock=lambda: clock[-1])
        finally:
            connection.close()

    with ThreadPoolExecutor() as elsewhere:
        with transaction.atomic():
            lock_decisions([campaign.brand_id])
            waiting = elsewhere.submit(tick)
            time.sleep(0.5)
            clock.append(after)
            assert reconcile(now=after) == 1
        assert waiting.result(timeout=30) == 0
    campaign.refresh_from_db()
    assert campaign.status == "running"
    instants = list(campaign.changes.order_by("id").values_list("at", flat=True))
    assert instants == sorted(instants)


def test_an_ingest_beside_one_that_also_decides_waits_in_no_circle() -> None:
    """In a caller's transaction the rows just booked are still held when others are decided."""
    brand = a_brand(daily="10")
    first, last = a_campaign(brand=brand), a_campaign(brand=brand)

    def book(campaigns: list[Campaign], amount: str, *, within: bool) -> None:
        batch = [an_entry(campaign, amount, at=NOON) for campaign in campaigns]
        if within:
            with transaction.atomic():
                record_spend(batch, now=NOON)
        else:
            record_spend(batch, now=NOON)

    for turn in range(30):
        amount = ["10", "-10"][turn % 2]
        at_once(
            partial(book, [last], amount, within=True),
            partial(book, [first, last], "0.01", within=False),
            partial(book, [first, last], "-0.01", within=False),
        )
    assert_the_books_hold()
    assert_the_history_holds()


def test_late_spend_from_two_sides_is_all_in_the_brands_statement() -> None:
    with the_clock_at(NOON - 48 * HOUR):
        brand = a_brand(daily="10")
        campaigns = [a_campaign(brand=brand), a_campaign(brand=brand)]
    close_periods(now=NOON)
    late = NOON - 24 * HOUR

    def book(campaign: Campaign) -> None:
        record_spend([an_entry(campaign, "1.00", at=late)], now=NOON)

    for turn in range(1, 31):
        at_once(*(partial(book, campaign) for campaign in campaigns))
        statement = Statement.objects.get(brand=brand, campaign=None, starts_on=late.date())
        assert statement.spent == 2 * turn


def test_late_spend_from_two_sides_is_all_taken_from_what_was_handed_on() -> None:
    with the_clock_at(NOON - 30 * DAY):
        brand = a_brand(monthly="1000")
        brand.rollover = "both"
        brand.save()
        campaigns = [a_campaign(brand=brand), a_campaign(brand=brand)]
    close_periods(now=NOON)
    late = NOON - 20 * DAY

    def book(campaign: Campaign) -> None:
        record_spend([an_entry(campaign, "1.00", at=late)], now=NOON)

    for turn in range(1, 31):
        at_once(*(partial(book, campaign) for campaign in campaigns), partial(reconcile, now=NOON))
        assert Brand.objects.get().carried == 1000 - 2 * turn


def test_late_spend_from_two_sides_is_all_in_a_statement_that_it_begins() -> None:
    with the_clock_at(NOON - 48 * HOUR):
        brand = a_brand(daily="10")
        campaigns = [a_campaign(brand=brand), a_campaign(brand=brand)]
    close_periods(now=NOON)

    def book(campaign: Campaign, early: datetime) -> None:
        record_spend([an_entry(campaign, "1.00", at=early)], now=NOON)

    for days in range(3, 33):
        early = NOON - days * 24 * HOUR
        at_once(*(partial(book, campaign, early) for campaign in campaigns))
        statement = Statement.objects.get(brand=brand, campaign=None, starts_on=early.date())
        assert statement.spent == 2


def test_checks_holds_saves_and_ingest_work_side_by_side() -> None:
    brands = [a_brand(daily="60"), a_brand(monthly="90")]
    schedules = [a_schedule("Mon-Sun 09:00-17:00"), a_schedule("Mon-Sun 10:00-18:00")]
    with the_clock_at(NOON):
        campaigns = [
            a_campaign(brand=brands[n % 2], daily="20", schedule=schedules[n % 2])
            for n in range(10)
        ]

    def ingest(random: Random, *, within: bool) -> None:
        amounts = (str(random.randint(-6, 9)) for _ in range(8))
        batch = [an_entry(random.choice(campaigns), amount, at=NOON) for amount in amounts]
        if within:
            with transaction.atomic():
                record_spend(batch, now=NOON)
        else:
            record_spend(batch, now=NOON)

    def check(random: Random) -> None:
        reconcile(now=random.choice([NOON, NOON + 6 * HOUR]))

    def meddle(random: Random) -> None:
        targets: list[Brand | Campaign] = [*campaigns, *brands]
        target = random.choice(targets)
        random.choice([hold, release])(target, by=None, now=NOON)

    def edit(random: Random) -> None:
        campaign = Campaign.objects.get(pk=random.choice(campaigns).pk)
        campaign.daily_budget = Decimal(random.randint(0, 40))
        campaign.save()
        schedule = random.choice(schedules)
        schedule.hours = random.choice(["Mon-Sun 09:00-17:00", "Wed 09:00-17:00"])
        schedule.save()
        brand = Brand.objects.get(pk=random.choice(brands).pk)
        brand.daily_budget = Decimal(random.randint(20, 90))
        brand.save()

    work: list[Callable[[Random], None]] = [
        partial(ingest, within=False),
        partial(ingest, within=False),
        partial(ingest, within=True),
        check,
        check,
        meddle,
        edit,
        edit,
    ]
    with the_clock_at(NOON):
        at_once(
            *(
                one_after_the_other(*[partial(job, Random(number))] * 25)
                for number, job in enumerate(work)
            )
        )
    reconcile(now=NOON)
    assert reconcile(now=NOON) == 0
    assert_the_books_hold()
    assert_the_history_holds()


WRITER = """
import json, sys, time
import django
django.setup()
from datetime import datetime
from budgets.operations.ingest import record_spend
from budgets.operations.ingest.types import SpendEntry
campaign_id, at, keys, start = json.loads(sys.argv[1])
now = datetime.fromisoformat(at)
entries = [SpendEntry("test", key, campaign_id, now, "1.00", "USD") for key in keys]
while time.time() < start:
    pass
print(sum(record_spend([entry], now=now).accepted for entry in entries))
"""


def test_the_same_keys_from_two_processes_count_once() -> None:
    campaign = a_campaign(daily="40")
    keys = [f"k{number}" for number in range(40)]
    start = time.time() + 3
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", WRITER, json.dumps([campaign.pk, str(NOON), order, start])],
            env=os.environ | {"DATABASE_URL": address(), "DJANGO_SETTINGS_MODULE": "core.settings"},
            stdout=subprocess.PIPE,
        )
        for order in (keys, keys[::-1])
    ]
    accepted = [int(writer.communicate(timeout=60)[0]) for writer in writers]
    assert sum(accepted) == len(keys)
    campaign.refresh_from_db()
    assert campaign.day_spent == Decimal("40.00")
    assert campaign.pause_reasons == PauseReason.DAILY_BUDGET
    assert Change.objects.aggregate(n=Count("id"))["n"] == 1


def address() -> str:
    """Return the URL at which other processes find the database of this test."""
    options = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{options['NAME']}"
    place = f"{options['HOST']}:{options['PORT'] or 5432}"
    return f"postgres://{options['USER']}:{options['PASSWORD']}@{place}/{options['NAME']}"


DAYS_OF_PLANS = [NOON + n * 2 * HOUR for n in range(48)]


def campaigns_with_plans() -> list[Campaign]:
    """Save campaigns of three brands with budgets that begin, and some that end, day after day."""
    with the_clock_at(NOON - 9 * DAY):
        brands = [a_brand(daily="10000") for _ in range(3)]
        campaigns = [a_campaign(brand=brand, daily="500") for brand in brands for _ in range(6)]
    DatedBudget.objects.bulk_create(
        DatedBudget(campaign=campaign, amount=amount, starts_on=day, ends_on=day if n % 2 else None)
        for n, amount in enumerate([100, 0, 300, 400])
        for day in [TODAY + n * DAY]
        for campaign in campaigns
    )
    return campaigns


def report_plans(campaigns: list[Campaign]) -> None:
    for now in DAYS_OF_PLANS:
        assert not record_spend([an_entry(c, "1", at=now) for c in campaigns], now=now).refused


def check_plans() -> None:
    for now in DAYS_OF_PLANS:
        reconcile(now=now)
        decide_due(now=now)


def edit_plans(campaigns: list[Campaign]) -> None:
    for number, now in enumerate(DAYS_OF_PLANS):
        row = Campaign.objects.get(pk=campaigns[number % len(campaigns)].pk)
        row.daily_budget = Decimal(600 + number)
        edits.save([row], by=None, now=now)


def test_planned_budgets_begin_beside_ingests_checks_and_edits() -> None:
    """Four days in 4 s. Nobody waits in a circle, and each budget is in force that should be."""
    campaigns = campaigns_with_plans()
    at_once(
        partial(report_plans, campaigns),
        partial(report_plans, campaigns[::-1]),
        check_plans,
        partial(edit_plans, campaigns),
    )
    reconcile(now=DAYS_OF_PLANS[-1])
    assert_the_books_hold()
    assert_the_history_holds()
    today = DAYS_OF_PLANS[-1].date()
    for campaign in Campaign.objects.all():
        assert campaign.daily_budget == campaign.budget_on(today, "day")
    assert DatedBudget.objects.filter(is_current=True).count() == len(campaigns)
