"""Old entries: which of the ledger can be folded, and how many that are."""

from datetime import date, datetime
from typing import Any, NamedTuple

from django.db import connection

from budgets.models.books import sort_on_disk
from budgets.operations.database import to_date, to_instant
from budgets.operations.ingest.types import Posting
from budgets.operations.ingest.validation import RESERVED_KEYS

FOLDED_KEY = f"{RESERVED_KEYS}folded/"
"""Keys of the entries that others were folded into; nobody can send them."""

OLD_ENTRIES = f"""
SELECT id, source, key, brand_id, campaign_id, occurred_at, day, amount_micros, recorded_at
FROM budgets_ledgerentry
WHERE day < %s AND key NOT LIKE '{FOLDED_KEY}%%'
  AND (campaign_id, day, id) > (%s, %s, %s)
ORDER BY campaign_id, day, id LIMIT %s
"""


Cursor = tuple[int, date, int]
"""Campaign, day and id of an entry: the order in which they are folded."""


class OldEntry(NamedTuple):
    """An entry of the ledger, old enough to be folded, as it came in."""

    pk: int
    posting: Posting
    recorded_at: datetime

    @property
    def cursor(self) -> Cursor:
        """Where the step after this entry begins."""
        return self.posting.campaign_id, self.posting.day, self.pk


def old_entries(*, before: date, after: Cursor, limit: int) -> list[OldEntry]:
    """Return the next entries to fold, in the order of campaigns and days."""
    with connection.cursor() as cursor:
        cursor.execute(OLD_ENTRIES, [before, *after, limit])
        return [entry_of(*row) for row in cursor.fetchall()]


def entry_of(
    pk: int,
    source: str,
    key: str,
    brand_id: int,
    campaign_id: int,
    at: Any,
    day: Any,
    micros: int,
    recorded: Any,
) -> OldEntry:
    posting = Posting(0, source, key, campaign_id, brand_id, to_instant(at), to_date(day), micros)
    return OldEntry(pk, posting, to_instant(recorded))


def foldable(*, before: date) -> tuple[int, int]:
    """Return how many entries a fold would put together, and into how many."""
    sort_on_disk()
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT COALESCE(SUM(number), 0), COUNT(*) FROM (
                SELECT COUNT(*) AS number FROM budgets_ledgerentry
                WHERE day < %s AND key NOT LIKE '{FOLDED_KEY}%%'
                GROUP BY source, campaign_id, day HAVING COUNT(*) > 1
            ) days""",
            [before],
        )
        entries, into = cursor.fetchone()
    return int(entries), int(into)
