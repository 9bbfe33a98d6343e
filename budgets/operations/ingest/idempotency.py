"""A source and key of a brand counts once, ever: entries go in together, or their keys are known.

Here a repeat is recognised; `ledger` counts it or refuses it as a conflict. Day totals have no
keys: `day_totals` says which of two counts. Keys of folded entries are kept as digests of 16 bytes,
as is what was sent under them: two of a billion keys share one with a probability of 1 in 10²⁰.
"""

from collections.abc import Collection, Mapping
from datetime import UTC, datetime, timedelta
from enum import IntEnum
from hashlib import blake2b

from django.db import IntegrityError, connection, transaction

from budgets.models import FoldedKey
from budgets.operations.database import Column, put, stage, to_sql
from budgets.operations.ingest.types import Posting

Name = tuple[int, str, str]
"""The brand, source and key under which an entry counts once."""

ENTRY_COLUMNS = (
    Column("source", "text"),
    Column("key", "text"),
    Column("brand_id", "bigint"),
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
    Column("brand_id", "bigint"),
    Column("campaign_id", "bigint"),
    Column("occurred_at", "timestamptz"),
    Column("amount_micros", "bigint"),
)

DIGEST_COLUMNS = (Column("name", "bytea", is_looked_up=True),)
DIGEST_BYTES = 16


class KeyMatch(IntEnum):
    """What is known under the key of a posting."""

    CONFLICT = 0
    """An entry with another campaign, time or amount."""
    REPEAT = 1
    """The same entry."""
    RECENT_REPEAT = 2
    """The same entry, recorded so lately that it may not have been decided on yet."""


# As a subquery, so that PostgreSQL looks every key up; joined, it would rather read the ledger.
BOOKED = """
SELECT s.number, (
    SELECT CASE WHEN e.campaign_id <> s.campaign_id OR e.occurred_at <> s.occurred_at
                  OR e.amount_micros <> s.amount_micros THEN %(conflict)s
                WHEN e.recorded_at < %(lately)s THEN %(repeat)s ELSE %(recent_repeat)s END
    FROM budgets_ledgerentry e
    WHERE e.source = s.source AND e.key = s.key AND e.brand_id = s.brand_id)
FROM {sent} s
"""

FOLDED = "SELECT name, payload FROM budgets_foldedkey WHERE name IN (SELECT name FROM {names})"

LATELY = timedelta(hours=1)
"""Whoever books and dies before deciding is made up for by a check well within this time."""


class EntryKnown(Exception):
    """The ledger has an entry under one of the keys."""


def insert_entries(postings: Collection[Posting], *, recorded_at: datetime) -> None:
    """Insert all of the entries, whose keys must differ, or none of them.

    Raises `EntryKnown` when the ledger has one of them; waits for who is just inserting one.
    """
    # In the order of their names, like everybody, so that no two wait for each other.
    rows = sorted(
        (p.source, p.key, p.brand_id, p.campaign_id, p.occurred_at, p.day, p.micros, recorded_at)
        for p in postings
    )
    try:
        with transaction.atomic():
            put("budgets_ledgerentry", ENTRY_COLUMNS, rows)
    except IntegrityError as error:
        if is_about_names(error):
            raise EntryKnown from error
        raise


def is_about_names(error: IntegrityError) -> bool:
    """Say whether a source and key came twice; SQLite names the columns, not the constraint."""
    text = str(error)
    return "an_entry_counts_once_a_source_and_key" in text or "ledgerentry.source" in text


def booked_keys(postings: Mapping[Name, Posting], *, now: datetime) -> dict[Name, KeyMatch]:
    """Return which keys the ledger has, and how they match. Must be inside a transaction."""
    rows = [
        (number, p.source, p.key, p.brand_id, p.campaign_id, p.occurred_at, p.micros)
        for number, p in enumerate(postings.values())
    ]
    sent = stage("staged_sent", SENT_COLUMNS, rows)
    parameters = {match.name.lower(): match.value for match in KeyMatch}
    names = list(postings)
    with connection.cursor() as cursor:
        cursor.execute(BOOKED.format(sent=sent), {"lately": to_sql(now - LATELY), **parameters})
        return {
            names[number]: KeyMatch(match)
            for number, match in cursor.fetchall()
            if match is not None
        }


def folded_keys(postings: Mapping[Name, Posting]) -> dict[Name, KeyMatch]:
    """Return which keys are of folded entries, and how they match. Must be inside a transaction.

    Where nothing was ever folded this is one look at an empty table.
    """
    if not postings or not FoldedKey.objects.exists():
        return {}
    names = {
        digest_of(posting): name
        for name, posting in postings.items()
        for digest_of in (key_digest, key_digest_of_0_1)
    }
    staged = stage("staged_name", DIGEST_COLUMNS, [(name,) for name in names])
    with connection.cursor() as cursor:
        cursor.execute(FOLDED.format(names=staged))
        sent = {names[bytes(name)]: bytes(payload) for name, payload in cursor.fetchall()}
    return {name: match_of(postings[name], payload) for name, payload in sent.items()}


def match_of(posting: Posting, sent: bytes) -> KeyMatch:
    """Compare the posting with the digest of what was sent under its key before."""
    return KeyMatch.REPEAT if payload_digest(posting) == sent else KeyMatch.CONFLICT


def key_digest(posting: Posting) -> bytes:
    return digest(posting.brand_id, posting.source, posting.key)


def key_digest_of_0_1(posting: Posting) -> bytes:
    """Return the digest under which release 0.1 kept a key, for all brands together."""
    return digest(posting.source, posting.key)


def payload_digest(posting: Posting) -> bytes:
    """Return what stands for all that must be the same when the key comes again."""
    at = posting.occurred_at.astimezone(UTC).isoformat()
    return digest(posting.campaign_id, at, posting.micros)


def digest(*facts: object) -> bytes:
    text = "\0".join(map(str, facts)).encode(errors="surrogatepass")
    return blake2b(text, digest_size=DIGEST_BYTES).digest()
