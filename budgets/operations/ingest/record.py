"""Ingest: spend comes in, counts once, and stops what must stop in the same call."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from functools import partial

from django.db import connection, transaction
from django.db.models import Max

from budgets.models import Change, Trigger
from budgets.models.change import Cause
from budgets.models.locks import keep_books_open, lock_brands
from budgets.operations.database.dialect import id_rows
from budgets.operations.ingest.day_totals import post_reports
from budgets.operations.ingest.ledger import Outcome, post
from budgets.operations.ingest.running_totals import TotalTooLarge
from budgets.operations.ingest.types import DayTotal, Receipt, Refusal, SpendEntry
from budgets.operations.ingest.validation import (
    CampaignFacts,
    Read,
    Row,
    read_entry,
    read_rows,
    read_total,
)
from budgets.operations.reconcile import settle

ROWS_A_TRANSACTION = 10_000
BRANDS_A_BATCH = 1_000
"""Decided in one transaction: most that a batch concerns, and other ingests have to wait anyway."""


def record_spend(
    entries: Sequence[SpendEntry], *, now: datetime, cause: Cause | None = None
) -> Receipt:
    """Add entries to the ledger, then pause and resume what they concern.

    Each (source, key) counts once, ever. Rows that cannot be money are refused with their index
    and a reason; the others of the batch are kept. `now` must be aware; nothing is raised for bad
    rows. `changes` of the receipt are the transitions that followed. A batch sent again because its
    first call died is decided where that one may not have.
    """
    read, book = partial(read_entry, now=now), partial(post, now=now)
    return record(entries, read, book, now=now, cause=cause)


def record_totals(
    totals: Sequence[DayTotal], *, now: datetime, cause: Cause | None = None
) -> Receipt:
    """Set what sources report as a campaign's total of a local day, then pause and resume.

    A total replaces that source's earlier one for the day; one with an older `as_of` than the
    newest known is ignored and counted as a duplicate. Otherwise as `record_spend`.
    """
    read, book = partial(read_total, now=now), partial(post_reports, now=now)
    return record(totals, read, book, now=now, cause=cause)


def record(
    rows: Sequence[Row],
    read: Callable[[Row, int, CampaignFacts], Read],
    book: Callable[[Sequence[Read]], Outcome],
    *,
    now: datetime,
    cause: Cause | None,
) -> Receipt:
    """Read, book and decide, in transactions of bounded size."""
    receipt = Receipt()
    brand_ids: set[int] = set()
    last_before = last_change()
    for start in range(0, len(rows), ROWS_A_TRANSACTION):
        batch = rows[start : start + ROWS_A_TRANSACTION]
        good, refused = read_rows(batch, read, first_index=start)
        outcome = book_what_fits(good, book)
        receipt.accepted += len(outcome.accepted)
        receipt.duplicates += outcome.duplicates
        receipt.refused += [*refused, *refusals(outcome)]
        brand_ids |= outcome.undecided
    receipt.refused.sort()
    if brand_ids:
        settle(
            now=now,
            brand_ids=brand_ids,
            cause=cause or Cause(trigger=Trigger.SPEND),
            brands_at_once=BRANDS_A_BATCH,
        )
        receipt.changes += changes_since(last_before, brand_ids)
    return receipt


def last_change() -> int:
    """Return the id of the newest change."""
    newest: int | None = Change.objects.aggregate(newest=Max("id"))["newest"]
    return newest or 0


def changes_since(change_id: int, brand_ids: set[int]) -> Iterable[Change]:
    """Return the changes of these brands since then, whoever wrote them.

    A check that decides between our commit and our own decision leaves us nothing to change, but
    the caller must still hear what has to stop.
    """
    return Change.objects.filter(
        pk__gt=change_id, campaign__brand_id__in=id_rows(brand_ids)
    ).order_by("id")


def book_what_fits(rows: Sequence[Read], book: Callable[[Sequence[Read]], Outcome]) -> Outcome:
    """Book a batch in one transaction; halve it while a total would not fit its column."""
    if not rows:
        return Outcome()
    brand_ids = {row.brand_id for row in rows}
    if connection.in_atomic_block:
        # The caller's transaction keeps the rows it writes until after the decision.
        lock_brands(brand_ids)
    try:
        with transaction.atomic():
            keep_books_open(brand_ids)
            return book(rows)
    except TotalTooLarge:
        if len(rows) == 1:
            return Outcome(too_large=[rows[0].row])
    middle = len(rows) // 2
    first, second = rows[:middle], rows[middle:]
    return book_what_fits(first, book) + book_what_fits(second, book)


def refusals(outcome: Outcome) -> Iterator[Refusal]:
    """Say why the ledger did not take a posting."""
    for posting in outcome.conflicts:
        yield Refusal(
            posting.row,
            "conflict",
            f"Key {posting.key!r} of source {posting.source!r} is known with another campaign, "
            "time or amount; a correction is a new entry with a key of its own.",
        )
    for row in outcome.too_large:
        yield Refusal(row, "overflow", "The campaign's total would be beyond the largest amount.")
