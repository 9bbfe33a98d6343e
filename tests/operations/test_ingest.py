"""Spend comes in: each key counts once, on its local day, and stops what must stop at once."""

from collections.abc import Collection
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from budgets.models import Brand, Campaign, Change, LedgerEntry, Spend, Trigger
from budgets.operations.ingest import record as ingest
from budgets.operations.ingest import record_spend
from budgets.operations.ingest.types import SpendEntry
from budgets.rules.clock import month_of
from budgets.rules.reasons import PauseReason
from tests.builders import a_brand, a_campaign, an_entry, an_instant, spend

pytestmark = pytest.mark.django_db

NOON = an_instant("2026-03-10 12:00")
TODAY, YESTERDAY, LAST_MONTH = date(2026, 3, 10), date(2026, 3, 9), date(2026, 2, 28)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def days_of(campaign: Campaign) -> dict[date, str]:
    return {row.day: str(row.amount) for row in campaign.spend_days.all()}


# --- Stopping and starting ----------------------------------------------------------------------


def test_spend_below_the_budget_pauses_nothing() -> None:
    campaign = a_campaign(daily="100")
    receipt = spend(campaign, "99.999999", at=NOON)
    assert (receipt.accepted, receipt.changes) == (1, [])
    assert campaign.status == "running"


def test_spend_exactly_at_the_budget_pauses_in_the_same_call() -> None:
    campaign = a_campaign(daily="100")
    spend(campaign, "60", at=NOON)
    receipt = spend(campaign, "40", at=NOON)
    assert campaign.pause_reasons == PauseReason.DAILY_BUDGET
    (change,) = receipt.changes
    assert (change.campaign, change.must_stop, change.trigger) == (campaign, True, Trigger.SPEND)
    assert (change.day_spent, change.daily_budget) == (Decimal("100.00"), Decimal("100.00"))


def test_the_sum_over_its_campaigns_reaches_the_budget_of_a_brand() -> None:
    brand = a_brand(daily="100")
    one, other, idle = (a_campaign(brand=brand) for _ in range(3))
    spend(one, "50", at=NOON)
    receipt = spend(other, "50", at=NOON)
    assert {change.campaign for change in receipt.changes} == {one, other, idle}
    assert all(c.pause_reasons == PauseReason.BRAND_DAILY_BUDGET for c in brand.campaigns.all())


def test_a_negative_correction_resumes() -> None:
    campaign = a_campaign(daily="100")
    spend(campaign, "100", at=NOON)
    receipt = spend(campaign, "-0.000001", at=NOON)
    assert campaign.status == "running"
    assert [change.may_start for change in receipt.changes] == [True]


def test_a_day_may_end_below_nothing() -> None:
    campaign = a_campaign(daily="100")
    spend(campaign, "-30", at=NOON)
    assert days_of(campaign) == {TODAY: "-30.00"}
    assert campaign.status == "running"


def test_spend_pauses_campaigns_of_no_other_brand() -> None:
    bystander = a_campaign(daily="0.50")
    Campaign.objects.filter(pk=bystander.pk).update(daily_budget=0)
    spend(a_campaign(daily="1"), "1", at=NOON)
    bystander.refresh_from_db()
    assert bystander.status == "running"


# --- The same thing again -----------------------------------------------------------------------


def test_the_same_key_counts_once() -> None:
    campaign = a_campaign()
    spend(campaign, "10", at=NOON, key="k1")
    receipt = spend(campaign, "10", at=NOON, key="k1")
    assert (receipt.accepted, receipt.duplicates, receipt.changes) == (0, 1, [])
    assert days_of(campaign) == {TODAY: "10.00"}


def test_sent_again_after_a_death_before_the_decision_it_is_decided(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    campaign = a_campaign(daily="10")
    with monkeypatch.context() as dying:
        dying.setattr(ingest, "settle", died)
        with pytest.raises(KeyboardInterrupt):
            spend(campaign, "10", at=NOON, key="k1")
    receipt = spend(campaign, "10", at=NOON, key="k1")
    assert (receipt.accepted, receipt.duplicates) == (0, 1)
    assert [change.campaign_id for change in receipt.changes] == [campaign.pk]


def died(**_: object) -> None:
    raise KeyboardInterrupt


def test_what_was_sent_long_ago_is_not_decided_again(monkeypatch: pytest.MonkeyPatch) -> None:
    campaign = a_campaign(daily="10")
    entry = an_entry(campaign, "5", at=NOON)
    record_spend([entry], now=NOON)
    monkeypatch.setattr(ingest, "settle", died)
    assert record_spend([entry], now=NOON + 2 * HOUR).duplicates == 1


def test_a_batch_partly_known_is_booked_in_part() -> None:
    campaign = a_campaign()
    entries = [an_entry(campaign, "1", at=NOON, key=f"k{number}") for number in range(4)]
    record_spend(entries[::2], now=NOON)
    wrong = replace(entries[0], amount=Decimal(2))
    receipt = record_spend([*entries[1:], wrong], now=NOON)
    assert (receipt.accepted, receipt.duplicates) == (2, 1)
    assert [(refusal.index, refusal.code) for refusal in receipt.refused] == [(3, "conflict")]
    assert days_of(campaign) == {TODAY: "4.00"}


def test_the_same_key_twice_in_one_batch_counts_once() -> None:
    campaign = a_campaign()
    entry = an_entry(campaign, "10", at=NOON)
    receipt = record_spend([entry, entry, entry], now=NOON)
    assert (receipt.accepted, receipt.duplicates) == (1, 2)
    assert days_of(campaign) == {TODAY: "10.00"}


def test_the_same_key_of_another_source_is_another_entry() -> None:
    campaign = a_campaign()
    entries = [
        an_entry(campaign, "10", at=NOON, key="1", source=source) for source in ("google", "meta")
    ]
    assert record_spend(entries, now=NOON).accepted == 2


def test_a_repeat_is_known_in_any_zone_it_is_written_in() -> None:
    campaign = a_campaign()
    # Clocks in Paris show this time twice; it is the second of the two.
    at = datetime(2025, 10, 26, 2, 30, tzinfo=ZoneInfo("Europe/Paris"), fold=1)
    entry = an_entry(campaign, "10", at=at)
    record_spend([entry], now=NOON)
    for again in (entry, replace(entry, occurred_at=at.astimezone(UTC))):
        assert record_spend([again], now=NOON).duplicates == 1


@pytest.mark.parametrize(
    "other",
    [{"amount": Decimal("11")}, {"occurred_at": NOON - HOUR}, {"campaign_id": "another"}],
    ids=["amount", "time", "campaign"],
)
@pytest.mark.parametrize("in_one_batch", [True, False])
def test_the_same_key_with_another_payload_is_refused(
    other: dict[str, Any], in_one_batch: bool
) -> None:
    campaign = a_campaign()
    if "campaign_id" in other:
        other = {"campaign_id": a_campaign(brand=campaign.brand).pk}
    entry = an_entry(campaign, "10", at=NOON, key="k1")
    conflict = replace(entry, **other)
    if in_one_batch:
        receipt = record_spend([entry, conflict], now=NOON)
    else:
        record_spend([entry], now=NOON)
        receipt = record_spend([entry, conflict], now=NOON)
    assert [(refusal.index, refusal.code) for refusal in receipt.refused] == [(1, "conflict")]
    assert "k1" in receipt.refused[0].message
    assert Spend.objects.all().total() == Decimal("10.00")


# --- Days and months ----------------------------------------------------------------------------


def test_a_late_entry_for_yesterday_leaves_today_alone_and_counts_in_the_month() -> None:
    campaign = a_campaign(daily="100", monthly="150")
    spend(campaign, "60", at=NOON)
    spend(campaign, "90", at=NOON - DAY, now=NOON)
    assert days_of(campaign) == {TODAY: "60.00", YESTERDAY: "90.00"}
    assert (campaign.day_spent, campaign.month_spent) == (Decimal("60.00"), Decimal("150.00"))
    assert campaign.pause_reasons == PauseReason.MONTHLY_BUDGET


def test_a_late_entry_for_last_month_leaves_this_month_alone() -> None:
    campaign = a_campaign(daily="100", monthly="150")
    spend(campaign, "60", at=NOON)
    spend(campaign, "900", at=an_instant("2026-02-28 12:00"), now=NOON)
    assert days_of(campaign) == {TODAY: "60.00", LAST_MONTH: "900.00"}
    assert campaign.month_spent == Decimal("60.00")
    assert campaign.status == "running"


def test_the_first_spend_of_a_day_counts_once_in_the_month() -> None:
    campaign = a_campaign()
    spend(campaign, "10", at=NOON - DAY)
    spend(campaign, "5", at=NOON)
    assert (campaign.day_spent, campaign.month_spent) == (Decimal("5.00"), Decimal("15.00"))


def test_a_batch_over_several_midnights_fills_each_day() -> None:
    campaign = a_campaign()
    entries = [an_entry(campaign, "1", at=NOON - n * DAY) for n in (0, 10, 1, 0, 9, 1)]
    assert record_spend(entries, now=NOON).accepted == 6
    assert days_of(campaign) == {
        TODAY: "2.00",
        YESTERDAY: "2.00",
        date(2026, 3, 1): "1.00",
        LAST_MONTH: "1.00",
    }
    campaign.refresh_from_db()
    assert (campaign.day_spent, campaign.month_spent) == (Decimal("2.00"), Decimal("5.00"))


@pytest.mark.parametrize(
    "zone, at, day",
    [
        ("UTC", "2026-03-10 23:59:59.999999", date(2026, 3, 10)),
        ("Asia/Tokyo", "2026-03-10 15:00", date(2026, 3, 11)),
        ("Asia/Tokyo", "2026-03-10 14:59:59", date(2026, 3, 10)),
        ("America/Los_Angeles", "2026-03-08 07:59", date(2026, 3, 7)),
        ("America/Los_Angeles", "2026-03-09 06:59", date(2026, 3, 8)),  # a day of 23 hours
        ("America/Los_Angeles", "2026-03-09 07:00", date(2026, 3, 9)),
        ("Asia/Kathmandu", "2026-03-09 18:15", date(2026, 3, 10)),
        ("Pacific/Kiritimati", "2026-02-28 10:00", date(2026, 3, 1)),
        ("America/Santiago", "2025-09-07 04:00", date(2025, 9, 7)),  # midnight is missing
        ("America/Santiago", "2026-04-05 03:30", date(2026, 4, 4)),  # 23:00 comes twice
    ],
)
def test_an_entry_belongs_to_the_local_day_of_its_brand(zone: str, at: str, day: date) -> None:
    campaign = a_campaign(brand=a_brand(zone=zone))
    spend(campaign, "10", at=an_instant(at))
    assert days_of(campaign) == {day: "10.00"}
    assert LedgerEntry.objects.get().day == day


def test_an_entry_for_yesterday_arriving_before_any_of_today_sets_no_day_back() -> None:
    campaign = a_campaign(daily="10", monthly="100")
    spend(campaign, "50", at=NOON - DAY, now=NOON)
    assert campaign.status == "running"
    spend(campaign, "10", at=NOON)
    assert campaign.pause_reasons == PauseReason.DAILY_BUDGET


# --- Bad rows -----------------------------------------------------------------------------------

BAD_ROWS: list[tuple[str, dict[str, Any]]] = [
    ("unknown_campaign", {"campaign_id": 999_999_999}),
    ("unknown_campaign", {"campaign_id": 2**70}),
    ("unknown_campaign", {"campaign_id": "1"}),
    ("unknown_campaign", {"campaign_id": None}),
    ("wrong_currency", {"currency": "EUR"}),
    ("wrong_currency", {"currency": "usd"}),
    ("wrong_currency", {"currency": None}),
    ("future", {"occurred_at": NOON + timedelta(minutes=5, microseconds=1)}),
    ("too_old", {"occurred_at": NOON - timedelta(days=401)}),
    ("bad_time", {"occurred_at": NOON.replace(tzinfo=None)}),
    ("bad_time", {"occurred_at": "2026-03-10"}),
    ("bad_time", {"occurred_at": datetime.min.replace(tzinfo=UTC)}),
    ("bad_time", {"occurred_at": NOON.replace(year=206)}),
    ("too_many_decimals", {"amount": Decimal("0.0000001")}),
    ("bad_amount", {"amount": 10.5}),
    ("bad_amount", {"amount": Decimal("NaN")}),
    ("bad_amount", {"amount": Decimal("Infinity")}),
    ("bad_amount", {"amount": None}),
    ("bad_amount", {"amount": "ten"}),
    ("overflow", {"amount": Decimal("1e13")}),
    ("overflow", {"amount": Decimal("1e1000000")}),
    ("bad_key", {"key": ""}),
    ("bad_key", {"key": "k" * 201}),
    ("bad_key", {"key": "nul\0"}),
    ("bad_key", {"key": "half \ud800"}),
    ("bad_key", {"key": 7}),
    ("bad_source", {"source": ""}),
    ("bad_source", {"source": "s" * 51}),
]


def test_bad_rows_are_named_and_good_ones_kept() -> None:
    campaign = a_campaign()
    good, last = an_entry(campaign, "10", at=NOON), an_entry(campaign, "5", at=NOON)
    bad = [replace(an_entry(campaign, "1", at=NOON), **wrong) for _, wrong in BAD_ROWS]
    receipt = record_spend([good, *bad, last], now=NOON)
    assert [(refusal.index, refusal.code) for refusal in receipt.refused] == [
        (index, code) for index, (code, _) in enumerate(BAD_ROWS, start=1)
    ]
    assert all(refusal.message for refusal in receipt.refused)
    assert receipt.accepted == 2
    assert days_of(campaign) == {TODAY: "15.00"}


def test_a_refused_key_can_be_sent_again_in_order() -> None:
    campaign = a_campaign()
    entry = an_entry(campaign, "10", at=NOON)
    assert record_spend([replace(entry, currency="EUR")], now=NOON).refused
    assert record_spend([entry], now=NOON).accepted == 1


def test_what_a_total_cannot_hold_is_refused_and_the_rest_kept() -> None:
    full, other = a_campaign(), a_campaign()
    entries = [
        an_entry(full, "100000000000", at=NOON),
        an_entry(full, "1", at=NOON),
        an_entry(other, "1", at=NOON),
        an_entry(full, "-1", at=NOON),
        an_entry(full, "1", at=NOON),
    ]
    receipt = record_spend(entries, now=NOON)
    assert [(refusal.index, refusal.code) for refusal in receipt.refused] == [(1, "overflow")]
    assert (days_of(full), days_of(other)) == ({TODAY: "100000000000.00"}, {TODAY: "1.00"})


def test_a_month_that_is_full_refuses_what_its_day_could_hold() -> None:
    campaign = a_campaign()
    spend(campaign, "100000000000", at=NOON - DAY)
    receipt = record_spend([an_entry(campaign, "1", at=NOON)], now=NOON)
    assert [refusal.code for refusal in receipt.refused] == ["overflow"]
    assert (days_of(campaign), LedgerEntry.objects.count()) == ({YESTERDAY: "100000000000.00"}, 1)


def test_an_hour_that_comes_twice_is_not_the_future() -> None:
    paris = ZoneInfo("Europe/Paris")
    campaign = a_campaign(brand=a_brand(zone="Europe/Paris"))
    before = datetime(2025, 10, 26, 2, 50, tzinfo=paris, fold=0)
    now = datetime(2025, 10, 26, 2, 10, tzinfo=paris, fold=1)  # twenty minutes later
    assert record_spend([an_entry(campaign, "1", at=before)], now=now).accepted == 1


def test_nothing_comes_of_an_empty_batch() -> None:
    receipt = record_spend([], now=NOON)
    assert (receipt.accepted, receipt.duplicates, receipt.refused) == (0, 0, [])


def test_a_batch_longer_than_a_transaction_keeps_its_indexes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(ingest, "ROWS_A_TRANSACTION", 3)
    campaign = a_campaign()
    entries = [an_entry(campaign, "1", at=NOON, key=f"k{n % 7}") for n in range(10)]
    entries[8] = replace(entries[8], currency="EUR")
    entries[4] = replace(entries[4], amount=Decimal("0.0000001"))
    receipt = record_spend(entries, now=NOON)
    assert [refusal.index for refusal in receipt.refused] == [4, 8]
    assert (receipt.accepted, receipt.duplicates) == (6, 2)
    assert days_of(campaign) == {TODAY: "6.00"}


# --- Any order, repetition and batching ---------------------------------------------------------

TIMES = [
    NOON,
    NOON - HOUR,
    an_instant("2026-03-10 10:00"),  # midnight on Kiritimati
    an_instant("2026-03-10 09:59:59.999999"),
    an_instant("2026-03-08 06:30"),  # New York is about to skip an hour
    an_instant("2026-03-01 04:30"),  # still February there
    an_instant("2026-02-28 10:30"),  # already March on Kiritimati
    an_instant("2026-01-31 23:00"),
]
ZONES = ["America/New_York", "Pacific/Kiritimati"]
CAMPAIGNS = 4

drafts = st.lists(
    st.tuples(
        st.integers(0, 12),
        st.integers(0, CAMPAIGNS - 1),
        st.sampled_from(TIMES),
        st.integers(-30_000_000, 90_000_000),
    ),
    max_size=25,
)
many = settings(max_examples=40, suppress_health_check=list(HealthCheck))


def a_small_agency() -> list[Campaign]:
    """Write two brands of two campaigns, all with limits that a few entries scope."""
    brands = [
        Brand(name=zone, timezone=zone, daily_budget=150, monthly_budget=250) for zone in ZONES
    ]
    Brand.objects.bulk_create(brands)
    return Campaign.objects.bulk_create(
        Campaign(brand=brands[n % 2], name=str(n), daily_budget=90, monthly_budget=170)
        for n in range(CAMPAIGNS)
    )


def entry_of(draft: tuple[int, int, datetime, int], campaigns: list[Campaign]) -> SpendEntry:
    number, campaign, at, micros = draft
    return an_entry(
        campaigns[campaign], Decimal(micros).scaleb(-6), at=at, key=f"k{number}", currency="USD"
    )


def assert_the_books_hold(counted: list[SpendEntry], campaigns: list[Campaign]) -> None:
    """Compare the tables with plain sums over the entries that should count."""
    zones = {c.pk: c.brand.clock for c in campaigns}
    days: dict[tuple[int, date], Decimal] = {}
    for entry in counted:
        name = entry.campaign_id, zones[entry.campaign_id].day(entry.occurred_at)
        days[name] = days.get(name, Decimal(0)) + entry.amount
    assert {(row.campaign_id, row.day): row.amount for row in Spend.objects.all()} == days
    assert LedgerEntry.objects.count() == len(counted)
    for campaign in Campaign.objects.all():
        own = {day: amount for (pk, day), amount in days.items() if pk == campaign.pk}
        newest = max(own, default=None)
        assert campaign.day == newest
        if newest:
            month = [own[day] for day in own if month_of(day) == month_of(newest)]
            assert (campaign.day_spent, campaign.month_spent) == (own[newest], sum(month))


def final_state() -> dict[str, list[tuple[Any, ...]]]:
    """Return everything that the order of the input must not change."""
    return {
        "campaigns": list(
            Campaign.objects.order_by("name").values_list(
                "name", "reasons", "day", "day_spent", "month", "month_spent"
            )
        ),
        "days": list(
            Spend.objects.order_by("campaign__name", "day").values_list(
                "campaign__name", "day", "amount"
            )
        ),
    }


@many
@given(drafts=drafts)
def test_the_ledger_agrees_with_a_dictionary(
    drafts: list[tuple[int, int, datetime, int]],
) -> None:
    with transaction.atomic():
        campaigns = a_small_agency()
        known: dict[tuple[int, str], SpendEntry] = {}
        for draft in drafts:
            entry = entry_of(draft, campaigns)
            brand = campaigns[draft[1]].brand_id
            first = known.setdefault((brand, entry.key), entry)
            receipt = record_spend([entry], now=NOON)
            assert receipt.accepted == (first is entry)
            assert receipt.duplicates == (first is not entry and first == entry)
            assert len(receipt.refused) == (first != entry)
        assert_the_books_hold(list(known.values()), campaigns)
        transaction.set_rollback(True)


@many
@given(drafts=drafts, random=st.randoms(use_true_random=False), size=st.integers(1, 30))
def test_order_repetition_and_batching_do_not_matter(
    drafts: list[tuple[int, int, datetime, int]], random: Random, size: int
) -> None:
    unique = list({draft[0]: draft for draft in drafts}.values())
    with transaction.atomic():
        campaigns = a_small_agency()
        for draft in unique:
            record_spend([entry_of(draft, campaigns)], now=NOON)
        assert_the_books_hold([entry_of(draft, campaigns) for draft in unique], campaigns)
        one_by_one = final_state()
        transaction.set_rollback(True)
    again = unique + random.choices(unique, k=len(unique)) if unique else []
    random.shuffle(again)
    with transaction.atomic():
        campaigns = a_small_agency()
        entries = [entry_of(draft, campaigns) for draft in again]
        for start in range(0, len(entries), size):
            assert not record_spend(entries[start : start + size], now=NOON).refused
        assert final_state() == one_by_one
        transaction.set_rollback(True)


def test_every_transition_in_the_history_follows_from_the_one_before() -> None:
    random = Random(7)
    campaigns = a_small_agency()
    for number in range(60):
        draft = (number, random.randrange(CAMPAIGNS), NOON, random.randint(-50, 50) * 1_000_000)
        record_spend([entry_of(draft, campaigns)], now=NOON)
    for campaign in Campaign.objects.all():
        reasons = 0
        for change in Change.objects.filter(campaign=campaign).order_by("id"):
            assert change.before == reasons
            reasons = change.after
        assert campaign.reasons == reasons


def test_an_event_a_moment_ahead_of_our_clock_counts_as_now() -> None:
    campaign = a_campaign(brand=a_brand(zone="UTC"))
    midnight = an_instant("2026-03-11 00:00")
    ahead = an_entry(campaign, "10", at=midnight + timedelta(seconds=1))
    for now in (midnight - timedelta(seconds=1), midnight + timedelta(seconds=2)):
        record_spend([ahead], now=now)
    assert days_of(campaign) == {TODAY: "10.00"}


def test_a_time_too_far_ahead_is_refused_with_the_time_of_the_server() -> None:
    entry = an_entry(a_campaign(), "10", at=NOON + timedelta(minutes=6))
    (refusal,) = record_spend([entry], now=NOON).refused
    assert "this server's time is 10 Mar 2026, 12:00:00 (UTC)" in refusal.message


def test_a_brand_cannot_block_or_learn_the_keys_of_another() -> None:
    mine, theirs = a_campaign(), a_campaign()
    record_spend([an_entry(mine, "1", at=NOON, key="click-77")], now=NOON)
    receipt = record_spend([an_entry(theirs, "2", at=NOON, key="click-77")], now=NOON)
    assert (receipt.accepted, receipt.refused) == (1, [])
    assert days_of(theirs) == {TODAY: "2.00"}


def test_a_brands_month_is_bounded_where_it_is_booked() -> None:
    brand = a_brand()
    campaigns = [a_campaign(brand=brand) for _ in range(11)]
    entries = [an_entry(campaign, "100000000000", at=NOON) for campaign in campaigns]
    other = an_entry(a_campaign(), "1", at=NOON)
    receipt = record_spend([*entries, other], now=NOON)
    assert [(refusal.index, refusal.code) for refusal in receipt.refused] == [(10, "overflow")]
    assert "brand" in receipt.refused[0].message
    assert receipt.accepted == 11


def test_a_row_is_checked_against_the_brand_as_it_is_under_the_lock(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    campaign = a_campaign()

    def edited_meanwhile(brand_ids: Collection[int]) -> None:
        Brand.objects.filter(pk__in=list(brand_ids)).update(currency="JPY")

    monkeypatch.setattr(ingest, "lock_brands", edited_meanwhile)
    (refusal,) = record_spend([an_entry(campaign, "100", at=NOON)], now=NOON).refused
    assert refusal.code == "wrong_currency"
    assert days_of(campaign) == {}


def test_a_campaign_that_moves_as_it_is_booked_is_looked_up_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before, after = a_brand(), a_brand(currency="EUR")
    campaign = a_campaign(brand=after)
    looked_up = [{campaign.pk: before.pk}, {campaign.pk: after.pk}]
    locked: list[set[int]] = []
    monkeypatch.setattr(ingest, "brands_of", lambda _: looked_up.pop(0))
    monkeypatch.setattr(ingest, "lock_brands", locked.append)
    assert record_spend([an_entry(campaign, "1", at=NOON)], now=NOON).accepted
    assert locked == [{before.pk}, {after.pk}]
