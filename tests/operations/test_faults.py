"""When the world is unkind: nothing is lost, nothing is doubled, and the message is clear."""

import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from functools import partial
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from budgets.models import Brand, Campaign, Change, LedgerEntry, Spend
from budgets.models.locks import lock_decisions
from budgets.operations import edits
from budgets.operations.ingest import record_spend
from budgets.reports.diagnostics.audit import audit
from budgets.rules.reasons import PauseReason
from tests.builders import a_brand, a_campaign, an_entry, an_instant
from tests.operations.test_concurrency import assert_the_books_hold, at_once
from tests.operations.test_spend_file_killed import ROWS, SECONDS, a_long_file, start

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

NOON = an_instant("2026-03-10 12:00")
MANY = 33_000
"""More than one statement takes parameters, on either database."""


def test_one_entry_stops_more_campaigns_than_a_statement_has_parameters() -> None:
    brand = a_brand(daily="10")
    Campaign.objects.bulk_create(Campaign(brand=brand, name=f"C{n}") for n in range(MANY))
    first = Campaign.objects.order_by("pk").first()
    assert first
    receipt = record_spend([an_entry(first, "10", at=NOON)], now=NOON)
    assert len(receipt.changes) == MANY
    assert {change.must_stop for change in receipt.changes} == {True}
    assert not Campaign.objects.running().exists()


@pytest.mark.usefixtures("url")
def test_two_ingests_and_an_edit_of_the_brand_at_once() -> None:
    """Whoever is last sees the others: the new limit, and the money of both."""
    for _ in range(5):
        brand = a_brand(daily="1000")
        campaigns = [a_campaign(brand=brand) for _ in range(2)]
        loaded = Brand.objects.get(pk=brand.pk)
        loaded.daily_budget = Decimal(100)
        ingests = [
            partial(record_spend, [an_entry(campaign, "50", at=NOON)], now=NOON)
            for campaign in campaigns
        ]
        at_once(*ingests, partial(edits.save, [loaded], by=None, now=NOON))
        for campaign in campaigns:
            campaign.refresh_from_db()
            assert campaign.pause_reasons == PauseReason.BRAND_DAILY_BUDGET
        assert Change.objects.filter(campaign__brand=brand).count() == 2
    assert_the_books_hold()


def test_a_full_disk_loses_and_doubles_nothing(url: str, tmp_path: Path) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("a server's disk is not ours to fill")
    path = a_long_file(tmp_path, a_campaign(), with_keys=False)
    with connection.cursor() as cursor:
        pages = cursor.execute("PRAGMA page_count").fetchone()[0]
        cursor.execute(f"PRAGMA max_page_count = {pages + 400}")
    with pytest.raises(CommandError, match=r"is full.*counts once; start the import again"):
        call_command("import_spend", str(path))
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA max_page_count = 1000000000")
    assert 0 < LedgerEntry.objects.count() < ROWS
    assert audit() == []
    call_command("import_spend", str(path))
    assert Spend.objects.all().total() == Decimal(ROWS)
    assert audit() == []


def test_a_database_that_goes_away_loses_and_doubles_nothing(url: str, tmp_path: Path) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("there is no server that could go")
    campaign = a_campaign()
    path = a_long_file(tmp_path, campaign, with_keys=False)
    with transaction.atomic():
        lock_decisions([campaign.brand_id])  # so that it waits when its first rows are recorded
        process = start(path, url)
        end_other_sessions_when_half_done(process)
    said, _ = process.communicate(timeout=SECONDS)
    assert process.returncode != 0, said.decode()
    assert "counts once; start the import again" in said.decode()
    assert "Traceback" not in said.decode()
    recorded = LedgerEntry.objects.count()
    assert 0 < recorded < ROWS
    assert audit() == []
    said, _ = start(path, url).communicate(timeout=SECONDS)
    assert Spend.objects.all().total() == Decimal(ROWS), said.decode()
    assert audit() == []


def end_other_sessions_when_half_done(process: "subprocess.Popen[bytes]") -> None:
    """End every session but ours at the server, once some rows are recorded."""
    deadline = time.monotonic() + SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        if LedgerEntry.objects.exists():
            break
        time.sleep(0.02)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


@pytest.mark.usefixtures("url")
def test_a_currency_edited_while_spend_waits_for_the_books_refuses_it() -> None:
    campaign = a_campaign()
    brand = Brand.objects.get(pk=campaign.brand_id)
    brand.currency = "JPY"

    def book() -> list[str]:
        try:
            receipt = record_spend([an_entry(campaign, "100", at=NOON)], now=NOON)
            return [refusal.code for refusal in receipt.refused]
        finally:
            connection.close()

    with ThreadPoolExecutor() as elsewhere:
        with transaction.atomic():
            edits.save([brand], by=None, now=NOON)
            waiting = elsewhere.submit(book)
            time.sleep(0.5)
        assert waiting.result(timeout=30) == ["wrong_currency"]
    assert not Spend.objects.exists()
