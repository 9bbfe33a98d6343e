"""Day totals: cumulative and restated, as ad platforms report them; the newest one counts."""

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

from budgets.models import Campaign, LedgerEntry, Source, Spend
from budgets.operations.ingest import record as ingest
from budgets.operations.ingest import record_spend, record_totals
from budgets.operations.ingest.types import DayTotal, Receipt
from budgets.reports.explain import explain
from budgets.rules.reasons import PauseReason
from tests.builders import a_brand, a_campaign, an_entry, an_instant, spend

pytestmark = pytest.mark.django_db

NOON = an_instant("2026-03-10 12:00")
TODAY, YESTERDAY = date(2026, 3, 10), date(2026, 3, 9)
MINUTE = timedelta(minutes=1)


def a_total(
    campaign: Campaign, total: str, *, as_of: datetime, day: date = TODAY, source: str = "meta"
) -> DayTotal:
    return DayTotal(
        source=source,
        campaign_id=campaign.pk,
        day=day,
        total=Decimal(total),
        currency=campaign.brand.currency,
        as_of=as_of,
    )


def report(*totals: DayTotal) -> Receipt:
    receipt = record_totals(list(totals), now=NOON)
    assert not receipt.refused, receipt.refused
    return receipt


def days_of(campaign: Campaign) -> dict[date, str]:
    return {row.day: str(row.amount) for row in campaign.spend_days.all()}


def test_a_total_is_set_not_added() -> None:
    campaign = a_campaign()
    for minute, total in enumerate(["10", "25", "25.50"]):
        report(a_total(campaign, total, as_of=NOON - 9 * MINUTE + minute * MINUTE))
    assert days_of(campaign) == {TODAY: "25.50"}
    amounts = LedgerEntry.objects.order_by("id").values_list("amount", flat=True)
    assert list(amounts) == [Decimal(10), Decimal(15), Decimal("0.50")]


def test_a_total_at_the_budget_pauses_and_a_smaller_one_resumes() -> None:
    campaign = a_campaign(daily="100")
    assert [c.must_stop for c in report(a_total(campaign, "100", as_of=NOON - MINUTE)).changes]
    campaign.refresh_from_db()
    assert campaign.pause_reasons == PauseReason.DAILY_BUDGET
    report(a_total(campaign, "99", as_of=NOON))
    campaign.refresh_from_db()
    assert campaign.status == "running"


def test_sent_again_after_a_death_before_the_decision_it_is_decided(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    campaign = a_campaign(daily="10")

    def died(**_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as dying:
        dying.setattr(ingest, "settle", died)
        with pytest.raises(KeyboardInterrupt):
            report(a_total(campaign, "10", as_of=NOON))
    receipt = report(a_total(campaign, "10", as_of=NOON))
    assert (receipt.duplicates, len(receipt.changes)) == (1, 1)


def test_an_older_report_is_ignored() -> None:
    campaign = a_campaign()
    report(a_total(campaign, "25", as_of=NOON))
    receipt = report(a_total(campaign, "10", as_of=NOON - MINUTE))
    assert (receipt.accepted, receipt.duplicates) == (0, 1)
    assert days_of(campaign) == {TODAY: "25.00"}


def test_the_same_report_again_changes_nothing() -> None:
    campaign = a_campaign()
    total = a_total(campaign, "25", as_of=NOON)
    assert report(total).accepted == 1
    assert report(total).duplicates == 1
    assert LedgerEntry.objects.count() == 1


def test_sources_and_days_stand_beside_each_other() -> None:
    campaign = a_campaign()
    report(
        a_total(campaign, "10", as_of=NOON, source="meta"),
        a_total(campaign, "20", as_of=NOON, source="google"),
        a_total(campaign, "5", as_of=NOON, day=YESTERDAY),
    )
    report(a_total(campaign, "11", as_of=NOON + MINUTE, source="meta"))
    assert days_of(campaign) == {TODAY: "31.00", YESTERDAY: "5.00"}
    campaign.refresh_from_db()
    assert (campaign.day_spent, campaign.month_spent) == (Decimal(31), Decimal(36))


def test_a_total_counts_the_entries_that_its_source_sent_before() -> None:
    campaign = a_campaign()
    record_spend([an_entry(campaign, "10", at=NOON, source="meta")], now=NOON)
    record_spend([an_entry(campaign, "3", at=NOON, source="manual")], now=NOON)
    report(a_total(campaign, "12", as_of=NOON))
    assert days_of(campaign) == {TODAY: "15.00"}


def test_a_day_is_the_brands_own() -> None:
    ahead = a_campaign(brand=a_brand(zone="Pacific/Kiritimati"))
    behind = a_campaign(brand=a_brand(zone="America/New_York"))
    tomorrow = TODAY + timedelta(days=1)
    totals = [a_total(c, "10", as_of=NOON, day=tomorrow) for c in (ahead, behind)]
    receipt = record_totals(totals, now=NOON)
    assert [(refusal.index, refusal.code) for refusal in receipt.refused] == [(1, "future")]
    assert days_of(ahead) == {tomorrow: "10.00"}


BAD_ROWS: list[tuple[str, dict[str, Any]]] = [
    ("unknown_campaign", {"campaign_id": 10**9}),
    ("wrong_currency", {"currency": "EUR"}),
    ("future", {"day": date(2026, 3, 11)}),
    ("future", {"as_of": NOON + 6 * MINUTE}),
    ("bad_time", {"as_of": NOON.replace(tzinfo=None)}),
    ("bad_time", {"as_of": "2026-03-10"}),
    ("bad_day", {"day": "2026-03-10"}),
    ("bad_day", {"day": NOON}),
    ("too_old", {"day": date(1026, 3, 10)}),
    ("bad_amount", {"total": 10.5}),
    ("too_many_decimals", {"total": Decimal("0.0000001")}),
    ("overflow", {"total": Decimal("1e13")}),
    ("bad_source", {"source": ""}),
]


def test_bad_rows_are_named_and_good_ones_kept() -> None:
    campaign = a_campaign()
    good = a_total(campaign, "10", as_of=NOON)
    bad = [
        replace(good, **{"source": f"source {number}"} | wrong)
        for number, (_, wrong) in enumerate(BAD_ROWS)
    ]
    last = a_total(campaign, "5", as_of=NOON, day=YESTERDAY)
    receipt = record_totals([good, *bad, last], now=NOON)
    assert [(refusal.index, refusal.code) for refusal in receipt.refused] == [
        (index, code) for index, (code, _) in enumerate(BAD_ROWS, start=1)
    ]
    assert receipt.accepted == 2
    assert days_of(campaign) == {TODAY: "10.00", YESTERDAY: "5.00"}


def test_what_a_month_cannot_hold_is_refused_and_the_rest_kept() -> None:
    full, other = a_campaign(), a_campaign()
    spend(full, "100000000000", at=NOON - timedelta(days=1))
    totals = [a_total(full, "1", as_of=NOON), a_total(other, "1", as_of=NOON)]
    receipt = record_totals(totals, now=NOON)
    assert [(refusal.index, refusal.code) for refusal in receipt.refused] == [(0, "overflow")]
    assert (days_of(full), days_of(other)) == ({YESTERDAY: "100000000000.00"}, {TODAY: "1.00"})


drafts = st.lists(
    st.tuples(
        st.integers(0, 2), st.sampled_from([TODAY, YESTERDAY]), st.integers(0, 5), st.integers(0, 9)
    ),
    min_size=1,
    max_size=20,
)


@settings(max_examples=30, suppress_health_check=list(HealthCheck))
@given(drafts=drafts, random=st.randoms(use_true_random=False), size=st.integers(1, 20))
def test_the_newest_report_counts_in_any_order_and_batching(
    drafts: list[tuple[int, date, int, int]], random: Random, size: int
) -> None:
    newest: dict[tuple[int, date], tuple[int, int]] = {}
    drafts = list({draft[:3]: draft for draft in drafts}.values())
    for number, day, minute, total in drafts:
        newest[number, day] = max(newest.get((number, day), (-1, 0)), (minute, total))
    random.shuffle(drafts)
    with transaction.atomic():
        campaigns = [a_campaign(daily="5") for _ in range(3)]
        totals = [
            a_total(campaigns[number], str(total), as_of=NOON - (9 - minute) * MINUTE, day=day)
            for number, day, minute, total in drafts
        ]
        for start in range(0, len(totals), size):
            report(*totals[start : start + size])
        found = {(s.campaign_id, s.day): s.amount for s in Spend.objects.exclude(amount=0)}
        assert found == {
            (campaigns[number].pk, day): Decimal(total)
            for (number, day), (_, total) in newest.items()
            if total
        }
        for number, campaign in enumerate(campaigns):
            campaign.refresh_from_db()
            is_over = newest.get((number, TODAY), (-1, 0))[1] >= 5
            assert campaign.pause_reasons == (PauseReason.DAILY_BUDGET if is_over else 0)
        transaction.set_rollback(True)


def test_keys_of_totals_are_taken_by_nobody_else() -> None:
    campaign = a_campaign()
    receipt = record_spend([an_entry(campaign, "1", at=NOON, key="total/1")], now=NOON)
    assert [refusal.code for refusal in receipt.refused] == ["bad_key"]


def test_a_correction_of_a_past_day_falls_on_that_day() -> None:
    campaign = a_campaign()
    report(a_total(campaign, "5", as_of=NOON, day=YESTERDAY))
    entry = LedgerEntry.objects.get()
    assert entry.day == entry.occurred_at.astimezone(UTC).date() == YESTERDAY


def refusals(*totals: DayTotal) -> list[tuple[int, str]]:
    receipt = record_totals(list(totals), now=NOON)
    return [(refusal.index, refusal.code) for refusal in receipt.refused]


def test_totals_of_one_day_in_one_call_are_refused_together() -> None:
    """They may be parts of the day, or the same report twice: nobody can say which."""
    campaign = a_campaign()
    parts = [a_total(campaign, total, as_of=NOON) for total in ("100", "60", "100")]
    other = a_total(campaign, "5", as_of=NOON, day=YESTERDAY)
    assert refusals(*parts, other) == [(0, "conflict"), (1, "conflict"), (2, "conflict")]
    assert days_of(campaign) == {YESTERDAY: "5.00"}


def test_totals_of_one_day_are_refused_across_the_transactions_of_a_call(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(ingest, "ROWS_A_TRANSACTION", 1)
    campaign = a_campaign()
    paris = NOON.astimezone(ZoneInfo("Europe/Paris"))
    twice = [a_total(campaign, "100", as_of=at) for at in (NOON, paris)]
    assert refusals(*twice) == [(0, "conflict"), (1, "conflict")]
    assert days_of(campaign) == {}


@pytest.mark.parametrize("other", ["90", "110"])
def test_another_amount_as_of_the_same_instant_is_a_conflict_with_both_figures(other: str) -> None:
    campaign = a_campaign()
    report(a_total(campaign, "100", as_of=NOON))
    (refusal,) = record_totals([a_total(campaign, other, as_of=NOON)], now=NOON).refused
    assert refusal.code == "conflict"
    assert "100.00" in refusal.message
    assert f"{other}.00" in refusal.message
    assert "later as_of" in refusal.message
    assert days_of(campaign) == {TODAY: "100.00"}


def test_a_report_a_moment_ahead_of_our_clock_counts() -> None:
    campaign = a_campaign()
    ahead = a_total(campaign, "10", as_of=NOON + timedelta(milliseconds=200))
    assert report(ahead).accepted == 1
    assert report(ahead).duplicates == 1
    assert LedgerEntry.objects.get().occurred_at == NOON


def test_an_account_ahead_of_the_brand_reports_its_own_date() -> None:
    campaign = a_campaign(brand=a_brand(zone="America/Los_Angeles"), daily="100")
    Source.objects.create(brand=campaign.brand, name="meta", timezone="Asia/Tokyo")
    now = an_instant("2026-03-10 20:00")
    tomorrow = TODAY + timedelta(days=1)
    totals = [
        a_total(campaign, "40", as_of=now, day=day, source=source)
        for day, source in ((tomorrow, "meta"), (TODAY, "meta"), (tomorrow, "google"))
    ]
    receipt = record_totals(totals, now=now)
    assert [(refusal.index, refusal.code) for refusal in receipt.refused] == [(2, "future")]
    assert "Spend sources" in receipt.refused[0].message
    assert days_of(campaign) == {tomorrow: "40.00", TODAY: "40.00"}


def test_spend_of_a_date_ahead_leaves_today_as_it_is() -> None:
    campaign = a_campaign(brand=a_brand(zone="America/Los_Angeles"), daily="100")
    Source.objects.create(brand=campaign.brand, name="meta", timezone="Asia/Tokyo")
    now = an_instant("2026-03-10 20:00")
    spend(campaign, "100", at=now)
    assert campaign.pause_reasons == PauseReason.DAILY_BUDGET
    record_totals([a_total(campaign, "1", as_of=now, day=TODAY + timedelta(days=1))], now=now)
    campaign.refresh_from_db()
    assert campaign.pause_reasons == PauseReason.DAILY_BUDGET
    reached = {each.reason for each in explain(campaign, now=now).reasons}
    assert reached == {PauseReason.DAILY_BUDGET}


def test_a_day_of_too_long_ago_is_refused() -> None:
    campaign = a_campaign()
    first = TODAY - timedelta(days=400)
    days = [first, first - timedelta(days=1)]
    assert refusals(*(a_total(campaign, "1", as_of=NOON, day=day) for day in days)) == [
        (1, "too_old")
    ]
