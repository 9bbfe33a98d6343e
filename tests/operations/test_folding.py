"""Old entries are folded and nobody can tell: not from a total, not by sending one again."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from budgets.models import Campaign, FoldedKey, LedgerEntry, Spend
from budgets.operations.ingest import record_spend, record_totals
from budgets.operations.ingest.types import DayTotal, SpendEntry
from budgets.operations.retention import folding
from budgets.operations.retention.folding import Folded, fold_entries
from budgets.operations.retention.old_entries import foldable
from budgets.operations.spend_file.load import import_file
from budgets.operations.spend_file.rehearsal import rehearse
from budgets.reports.diagnostics.audit import audit
from tests.builders import a_brand, a_campaign, an_entry, an_instant, spend

pytestmark = pytest.mark.django_db

NOON = an_instant("2026-03-10 12:00")
DAY = timedelta(days=1)
LAST_WEEK = NOON - 7 * DAY
YESTERDAY = date(2026, 3, 9)


def fold(before: date = YESTERDAY, *, keys_since: date | None = None) -> Folded:
    return fold_entries(before=before, now=NOON, keys_since=keys_since)


def some_entries(campaign: Campaign, number: int, *, at: datetime = LAST_WEEK) -> list[SpendEntry]:
    entries = [
        an_entry(campaign, str(n + 1), at=at + n * timedelta(hours=1)) for n in range(number)
    ]
    assert record_spend(entries, now=NOON).accepted == number
    return entries


def test_entries_of_an_old_day_become_one_with_their_sum() -> None:
    campaign = a_campaign()
    some_entries(campaign, 3)
    assert fold() == Folded(entries=3, into=1, keys_kept=3)
    entry = LedgerEntry.objects.get()
    assert (entry.amount, entry.day, entry.campaign) == (
        Decimal("6.00"),
        date(2026, 3, 3),
        campaign,
    )
    assert audit() == []


def test_days_that_are_not_old_stay_as_they_are() -> None:
    campaign = a_campaign()
    some_entries(campaign, 2, at=an_instant("2026-03-09 00:00"))
    some_entries(campaign, 2, at=an_instant("2026-03-08 00:00"))
    fold(YESTERDAY)
    assert campaign.entries.filter(day=YESTERDAY).count() == 2
    assert campaign.entries.filter(day=YESTERDAY - DAY).count() == 1


def test_an_entry_alone_on_its_day_stays() -> None:
    (entry,) = some_entries(a_campaign(), 1)
    assert fold() == Folded()
    assert LedgerEntry.objects.get().key == entry.key


def test_a_folded_entry_that_comes_again_counts_once() -> None:
    entries = some_entries(a_campaign(), 3)
    fold()
    receipt = record_spend(entries, now=NOON)
    assert (receipt.accepted, receipt.duplicates) == (0, 3)
    assert Spend.objects.all().total() == Decimal("6.00")


@pytest.mark.parametrize("what", ["amount", "time", "campaign"])
def test_a_folded_key_with_another_payload_is_refused(what: str) -> None:
    campaign = a_campaign()
    entry, _ = some_entries(campaign, 2)
    fold()
    other = {
        "amount": replace(entry, amount=Decimal("9")),
        "time": replace(entry, occurred_at=NOON),
        "campaign": replace(entry, campaign_id=a_campaign(brand=campaign.brand).pk),
    }[what]
    receipt = record_spend([other], now=NOON)
    assert [refusal.code for refusal in receipt.refused] == ["conflict"]
    assert Spend.objects.all().total() == Decimal("3.00")


def test_a_key_of_another_source_is_another_entry() -> None:
    entry, _ = some_entries(a_campaign(), 2)
    fold()
    assert record_spend([replace(entry, source="other")], now=NOON).accepted == 1


def test_what_comes_late_for_a_folded_day_is_folded_too() -> None:
    campaign = a_campaign()
    some_entries(campaign, 2)
    fold()
    some_entries(campaign, 3)
    assert fold() == Folded(entries=3, into=1, keys_kept=3)
    assert LedgerEntry.objects.get().amount == Decimal("9.00")
    assert audit() == []


def test_folding_twice_folds_once() -> None:
    some_entries(a_campaign(), 3)
    fold()
    assert fold() == Folded()


def test_a_day_total_after_a_fold_is_still_the_difference_of_its_source() -> None:
    campaign = a_campaign()
    spend(campaign, "100", at=LAST_WEEK)

    def report(total: str, hour: int) -> None:
        at = LAST_WEEK + timedelta(hours=hour)
        row = DayTotal("meta", campaign.pk, LAST_WEEK.date(), Decimal(total), "USD", as_of=at)
        assert record_totals([row], now=NOON).accepted == 1

    report("10", 1)
    report("30", 2)
    fold()
    assert FoldedKey.objects.count() == 0  # no platform sends the keys of differences
    report("25", 3)
    assert Spend.objects.all().total() == Decimal("125.00")
    assert audit() == []


def test_keys_are_forgotten_when_nobody_sends_them_any_more() -> None:
    entries = some_entries(a_campaign(), 2)
    fold()
    today = NOON.date()
    assert fold(keys_since=today).keys_forgotten == 0
    assert fold(keys_since=today + DAY).keys_forgotten == 2
    assert record_spend(entries, now=NOON).accepted == 2  # from then on nobody knows


def test_a_long_ledger_is_folded_in_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folding, "ENTRIES_A_TRANSACTION", 4)
    campaigns = [a_campaign() for _ in range(3)]
    for campaign in campaigns:
        some_entries(campaign, 5)
    told: list[int] = []
    fold_entries(before=YESTERDAY, now=NOON, progress=lambda folded: told.append(folded.entries))
    fold()
    assert len(told) > 3
    assert [campaign.entries.count() <= 2 for campaign in campaigns] == [True] * 3
    assert audit() == []


def test_what_would_be_folded_can_be_counted() -> None:
    campaign = a_campaign()
    some_entries(campaign, 3)
    some_entries(a_campaign(), 1)
    assert foldable(before=YESTERDAY) == (3, 1)
    fold()
    assert foldable(before=YESTERDAY) == (0, 0)


def test_a_file_of_folded_entries_is_known_to_preview_and_import(tmp_path: Path) -> None:
    pk = a_campaign().pk
    path = tmp_path / "spend.csv"
    rows = [f"{pk},2026-03-03T1{n}:00Z,{n},USD" for n in range(3)]
    path.write_text("\n".join(["campaign_id,occurred_at,amount,currency", *rows]))
    import_file(path, clock=lambda: NOON)
    fold()
    for result in (rehearse(path, now=NOON), import_file(path, clock=lambda: NOON)):
        assert (result.accepted, result.duplicates) == (0, 3)


def test_ingest_asks_one_question_more_at_most_where_nothing_was_folded(
    django_assert_max_num_queries: Any,
) -> None:
    campaign = a_campaign()
    spend(campaign, "1", at=NOON)
    entries = [an_entry(campaign, "1", at=NOON)]
    with django_assert_max_num_queries(45) as before:
        record_spend(entries, now=NOON)
    asked = [query["sql"] for query in before.captured_queries if "foldedkey" in query["sql"]]
    assert len(asked) == 1


# --- At any point, with anything sent again -----------------------------------------------------

steps = st.lists(
    st.one_of(
        st.tuples(st.just("send"), st.integers(0, 7), st.integers(0, 1)),
        st.tuples(st.just("fold"), st.integers(0, 9), st.just(0)),
    ),
    max_size=30,
)


def totals() -> list[tuple[object, ...]]:
    days = Spend.objects.order_by("campaign__name", "day")
    standing = Campaign.objects.order_by("name")
    return [
        *days.values_list("campaign__name", "day", "amount"),
        *standing.values_list("name", "day", "day_spent", "month", "month_spent", "reasons"),
    ]


def play(moves: list[tuple[str, int, int]], *, folds: bool) -> tuple[list[object], object]:
    """Send entries, some of them again or changed, and fold in between; return what came of it."""
    brand = a_brand(daily="20", zone="America/New_York")
    campaigns = [a_campaign(brand=brand, name=str(n), daily="8") for n in range(2)]
    random = Random(3)
    answers: list[object] = []
    times = [NOON - n * DAY - timedelta(minutes=random.randint(0, 900)) for n in range(8)]
    for what, number, change in moves:
        if what == "send":
            entry = an_entry(
                campaigns[number % 2],
                str(number + 1 + 10 * change),
                at=times[number // 3],
                key=f"k{number}",
                currency="USD",
            )
            receipt = record_spend([entry], now=NOON)
            answers.append((receipt.accepted, receipt.duplicates, len(receipt.refused)))
        elif folds:
            fold((NOON - number * DAY).date() + DAY)
    return answers, totals()


@settings(max_examples=60, suppress_health_check=list(HealthCheck))
@given(moves=steps)
def test_folding_at_any_point_changes_no_answer_and_no_total(
    moves: list[tuple[str, int, int]],
) -> None:
    outcomes = []
    for folds in (True, False):
        with transaction.atomic():
            outcomes.append(play(moves, folds=folds))
            assert audit() == []
            transaction.set_rollback(True)
    assert outcomes[0] == outcomes[1]
