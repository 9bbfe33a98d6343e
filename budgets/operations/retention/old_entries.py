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
SELECT id, source, key, campaign_id, occurred_at, day, amount_micros, recorded_at
FROM budgets_ledgerentry
WHERE day < %(before)s AND key NOT LIKE '{FOLDED_KEY}%%'
  AND (campaign_id, day, id) > (%(campaign)s, %(day)s, %(id)s)
ORDER BY campaign_id, day, id LIMIT %(limit)s
"""


class Entry(NamedTuple):
    """An entry of the ledger, old enough to be folded."""

    pk: int
    source: str
    key: str
    campaign_id: int
    occurred_at: datetime
    day: date
    micros: int
    recorded_at: datetime

    @property
    def of(self) -> tuple[str, int, date]:
        """What it is folded into: its source's spend of the campaign on that day."""
        return self.source, self.campaign_id, self.day

    @property
    def posting(self) -> Posting:
        """The entry as it came in."""
        return Posting(
            0, self.source, self.key, self.campaign_id, 0, self.occurred_at, self.day, self.micros
        )


def old_entries(*, before: date, after: tuple[int, date, int], limit: int) -> list[Entry]:
    """Return the next entries to fold, in the order of campaigns and days."""
    parameters: dict[str, Any] = {
        "before": before,
        "campaign": after[0],
        "day": after[1],
        "id": after[2],
        "limit": limit,
    }
    with connection.cursor() as cursor:
        cursor.execute(OLD_ENTRIES, parameters)
        return [
            Entry(
                pk, source, key, campaign_id, to_instant(at), to_date(day), micros, to_instant(rec)
            )
            for pk, source, key, campaign_id, at, day, micros, rec in cursor.fetchall()
        ]


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
