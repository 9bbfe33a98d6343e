"""Entries of the ledger: put in together, or found to be known already."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from enum import IntEnum

from django.db import IntegrityError, connection, transaction

from budgets.operations.database.bulk_load import Column, put, stage
from budgets.operations.database.dialect import to_sql
from budgets.operations.ingest.validation import Posting

Name = tuple[str, str]
"""The source and key under which an entry counts once."""

COLUMNS = (
    Column("source", "text"),
    Column("key", "text"),
    Column("campaign_id", "bigint"),
    Column("occurred_at", "timestamptz"),
    Column("day", "date"),
    Column("amount_micros", "bigint"),
    Column("recorded_at", "timestamptz"),
)

SENT_COLUMNS = (
    Column("number", "integer"),
    Column("source", "text"),
    Column("key", "text"),
    Column("campaign_id", "bigint"),
    Column("occurred_at", "timestamptz"),
    Column("amount_micros", "bigint"),
)


class Found(IntEnum):
    """What the ledger has under a key."""

    OTHERWISE = 0
    """An entry with another campaign, time or amount."""
    LONG_AGO = 1
    """The same entry."""
    JUST_NOW = 2
    """The same entry, recorded so lately that nobody may have decided on it yet."""


# As a subquery, so that PostgreSQL looks every key up; joined, it would rather read the ledger.
KNOWN = """
SELECT s.number, (
    SELECT CASE WHEN e.campaign_id <> s.campaign_id OR e.occurred_at <> s.occurred_at
                  OR e.amount_micros <> s.amount_micros THEN 0
                WHEN e.recorded_at < %(lately)s THEN 1 ELSE 2 END
    FROM budgets_ledgerentry e WHERE e.source = s.source AND e.key = s.key)
FROM staged_sent s
"""

LATELY = timedelta(hours=1)
"""Whoever books and dies before deciding is made up for by a check well within this time."""


class EntryKnown(Exception):
    """The ledger has an entry under one of the keys."""


def insert_entries(postings: Collection[Posting], *, recorded_at: datetime) -> None:
    """Put all of these into the ledger, whose keys must differ, or none of them.

    Raises `EntryKnown` when the ledger has one of them; waits for who is just putting one in.
    """
    # In the order of their names, like everybody, so that no two wait for each other.
    rows = sorted(
        (p.source, p.key, p.campaign_id, p.occurred_at, p.day, p.micros, recorded_at)
        for p in postings
    )
    try:
        with transaction.atomic():
            put("budgets_ledgerentry", COLUMNS, rows)
    except IntegrityError as error:
        if is_about_names(error):
            raise EntryKnown from error
        raise


def is_about_names(error: IntegrityError) -> bool:
    """Say whether a source and key came twice; SQLite names the columns, not the constraint."""
    text = str(error)
    return "an_entry_counts_once_a_source_and_key" in text or "ledgerentry.source" in text


def known_among(postings: Mapping[Name, Posting], *, now: datetime) -> dict[Name, Found]:
    """Return which of these the ledger has, and how. Must be called inside a transaction."""
    rows = [
        (number, p.source, p.key, p.campaign_id, p.occurred_at, p.micros)
        for number, p in enumerate(postings.values())
    ]
    stage("staged_sent", SENT_COLUMNS, rows)
    names = list(postings)
    with connection.cursor() as cursor:
        cursor.execute(KNOWN, {"lately": to_sql(now - LATELY)})
        return {
            names[number]: Found(found) for number, found in cursor.fetchall() if found is not None
        }
