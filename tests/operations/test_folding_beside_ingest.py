"""Folding beside ingests that send the same entries again and again: each counts once."""

from datetime import date, timedelta
from decimal import Decimal
from threading import Event

import pytest

from budgets.models import LedgerEntry, Spend
from budgets.operations.ingest import record_spend
from budgets.operations.retention import folding
from budgets.operations.retention.folding import fold_entries
from budgets.reports.diagnostics.audit import audit
from tests.builders import a_campaign, an_entry, an_instant
from tests.operations.test_concurrency import at_once
from tests.operations.test_concurrency import database as database  # noqa: PLC0414 - a fixture

pytestmark = [
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("database"),
]

NOON = an_instant("2026-03-10 12:00")
ENTRIES = 400


def test_an_entry_that_is_folded_while_it_comes_again_counts_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(folding, "ENTRIES_A_TRANSACTION", 50)
    campaigns = [a_campaign() for _ in range(4)]
    entries = [
        an_entry(campaigns[n % 4], "1", at=NOON - timedelta(days=3, minutes=n))
        for n in range(ENTRIES)
    ]

    has_begun = Event()

    def send(first: int) -> None:
        for start in range(0, 2 * ENTRIES, 40):
            batch = [entries[(first + start + n) % ENTRIES] for n in range(40)]
            assert not record_spend(batch, now=NOON).refused
            has_begun.set()

    def fold() -> None:
        assert has_begun.wait(timeout=60)
        for _ in range(12):
            fold_entries(before=date(2026, 3, 9), now=NOON)

    at_once(*(lambda first=first: send(first) for first in (0, 130, 270)), fold)
    assert Spend.objects.all().total() == Decimal(ENTRIES)
    assert LedgerEntry.objects.count() < ENTRIES
    assert audit() == []
