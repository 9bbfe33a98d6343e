"""Fold old entries: one a source, campaign and day, with the same sum, so that no total changes.

What the platform may send again stays known by its key. Keys of day totals are ours and never
come again; they are not kept.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from django.db import connection, transaction

from budgets.models import FoldedKey
from budgets.models.locks import LOCK_SLOTS, close_books
from budgets.operations.database import Column, in_ids, stage
from budgets.operations.ingest.idempotency import ENTRY_COLUMNS, key_digest, payload_digest
from budgets.operations.ingest.manual_totals import SOURCE as DIRECT
from budgets.operations.ingest.types import Posting
from budgets.operations.ingest.validation import RESERVED_KEYS
from budgets.operations.retention.old_entries import FOLDED_KEY, Cursor, OldEntry, old_entries

ENTRIES_A_TRANSACTION = 10_000
"""Bounds how long all ingests wait for a step of a fold."""

KEY_COLUMNS = (
    Column("name", "bytea"),
    Column("payload", "bytea"),
    Column("recorded_on", "date"),
)

KEEP_KEYS = """
INSERT INTO budgets_foldedkey (name, payload, recorded_on)
SELECT name, payload, recorded_on FROM {keys} WHERE true ORDER BY name
ON CONFLICT (name) DO NOTHING
"""

KEEP_SUMS = """
INSERT INTO budgets_ledgerentry
    (source, key, brand_id, campaign_id, occurred_at, day, amount_micros, recorded_at)
SELECT source, key, brand_id, campaign_id, occurred_at, day, amount_micros, recorded_at
FROM {sums} WHERE true ORDER BY source, key
ON CONFLICT (source, key, brand_id)
DO UPDATE SET amount_micros = budgets_ledgerentry.amount_micros + excluded.amount_micros
"""


@dataclass(slots=True)
class Folded:
    """How many entries were folded into how many, and how many keys are kept and forgotten."""

    entries: int = 0
    into: int = 0
    keys_kept: int = 0
    keys_forgotten: int = 0


Progress = Callable[[Folded], None]


def fold_entries(
    *,
    before: date,
    now: datetime,
    keys_since: date | None = None,
    progress: Progress | None = None,
) -> Folded:
    """Fold the entries of local days before a date; forget keys recorded before `keys_since`.

    Safe beside ingest, which waits for a step at a time; a fold that is interrupted goes on where
    it was. Without `keys_since` every key is kept.
    """
    folded = Folded()
    after: Cursor = (0, date.min, 0)
    while True:
        with transaction.atomic():
            # All of them: a key that comes again may name a campaign of any brand.
            close_books(range(LOCK_SLOTS))
            entries = old_entries(before=before, after=after, limit=ENTRIES_A_TRANSACTION)
            fold(entries, folded, now=now)
        if progress:
            progress(folded)
        if len(entries) < ENTRIES_A_TRANSACTION:
            break
        after = entries[-1].cursor
    folded.keys_forgotten = forget_keys(keys_since)
    return folded


def fold(entries: Sequence[OldEntry], folded: Folded, *, now: datetime) -> None:
    """Fold those of the entries that are not alone on their day."""
    groups: dict[tuple[str, int, date], list[OldEntry]] = defaultdict(list)
    for entry in entries:
        posting = entry.posting
        groups[posting.source, posting.campaign_id, posting.day].append(entry)
    to_fold = [group for group in groups.values() if len(group) > 1]
    gone = [entry for group in to_fold for entry in group]
    if not gone:
        return
    keep_keys(gone, folded)
    sums = stage("staged_sum", ENTRY_COLUMNS, (sum_of(group, now=now) for group in to_fold))
    condition, ids = in_ids("id", [entry.pk for entry in gone])
    with connection.cursor() as cursor:
        cursor.execute(KEEP_SUMS.format(sums=sums))
        cursor.execute(f"DELETE FROM budgets_ledgerentry WHERE {condition}", {"ids": ids})
    folded.entries += len(gone)
    folded.into += len(to_fold)


def keep_keys(entries: Sequence[OldEntry], folded: Folded) -> None:
    """Keep what a platform may send again."""
    sent = [entry for entry in entries if may_come_again(entry.posting)]
    rows = [
        (key_digest(e.posting), payload_digest(e.posting), e.recorded_at.astimezone(UTC).date())
        for e in sent
    ]
    keys = stage("staged_key", KEY_COLUMNS, rows)
    with connection.cursor() as cursor:
        cursor.execute(KEEP_KEYS.format(keys=keys))
    folded.keys_kept += len(sent)


def may_come_again(posting: Posting) -> bool:
    """Say whether a platform made its key."""
    return posting.source != DIRECT and not posting.key.startswith(RESERVED_KEYS)


def sum_of(group: Sequence[OldEntry], *, now: datetime) -> tuple[Any, ...]:
    postings = [entry.posting for entry in group]
    first = postings[0]
    key = f"{FOLDED_KEY}{first.campaign_id}/{first.day}"
    at = min(posting.occurred_at for posting in postings)
    micros = sum(posting.micros for posting in postings)
    return first.source, key, first.brand_id, first.campaign_id, at, first.day, micros, now


def forget_keys(since: date | None) -> int:
    """Delete the keys recorded before a date, which nobody sends again; return how many."""
    if since is None:
        return 0
    forgotten = 0
    old = FoldedKey.objects.filter(recorded_on__lt=since)
    while names := list(old.values_list("pk", flat=True)[:ENTRIES_A_TRANSACTION]):
        forgotten += FoldedKey.objects.filter(pk__in=names).delete()[0]
    return forgotten
