"""Record rows of spend: check and book them in bounded transactions, then decide what follows."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from django.db import connection, transaction
from django.db.models import Max

from budgets.models import Change, Trigger
from budgets.models.change import Cause
from budgets.models.locks import keep_books_open, lock_brands
from budgets.operations.database import id_rows
from budgets.operations.ingest.day_totals import DayTotals
from budgets.operations.ingest.ledger import Entries
from budgets.operations.ingest.running_totals import TotalTooLarge
from budgets.operations.ingest.types import (
    Checked,
    DayTotal,
    Outcome,
    Receipt,
    Refusal,
    Row,
    SpendEntry,
    SpendKind,
)
from budgets.operations.ingest.validation import validate_rows
from budgets.operations.reconcile import settle
from budgets.rules.clock import Clock

ROWS_A_TRANSACTION = 10_000
BRANDS_A_BATCH = 1_000
"""Decided in one transaction: most that a batch concerns, and other ingests have to wait anyway."""


def record_spend(
    entries: Sequence[SpendEntry],
    *,
    now: datetime,
    cause: Cause | None = None,
    clock: Clock | None = None,
) -> Receipt:
    """Add entries to the ledger, then pause and resume what they concern.

    Each (source, key) counts once, ever. Rows that cannot be money are refused with their index
    and a reason; the others of the batch are kept. `now` must be aware; nothing is raised for bad
    rows. `changes` of the receipt are the transitions that followed. A batch sent again because its
    first call died is decided where that one may not have. Given a `clock`, what follows is decided
    for what it shows by then.
    """
    return record_rows(entries, Entries(), now=now, cause=cause, clock=clock)


def record_totals(
    totals: Sequence[DayTotal],
    *,
    now: datetime,
    cause: Cause | None = None,
    clock: Clock | None = None,
) -> Receipt:
    """Set what sources report as a campaign's total of a local day, then pause and resume.

    A total replaces that source's earlier one for the day; one with an older `as_of` than the
    newest known is ignored and counted as a duplicate. Otherwise as `record_spend`.
    """
    return record_rows(totals, DayTotals(), now=now, cause=cause, clock=clock)


def record_rows(
    rows: Sequence[Row],
    kind: SpendKind[Row, Checked],
    *,
    now: datetime,
    cause: Cause | None,
    clock: Clock | None,
) -> Receipt:
    """Book the rows, in transactions of bounded size, and decide the brands they concern."""
    receipt = Receipt()
    undecided: set[int] = set()
    newest_before = newest_change()
    for start in range(0, len(rows), ROWS_A_TRANSACTION):
        batch = rows[start : start + ROWS_A_TRANSACTION]
        outcome = book(batch, kind, now=now, first_index=start)
        receipt.accepted += len(outcome.accepted)
        receipt.duplicates += outcome.duplicates
        receipt.refused += outcome.refused
        undecided |= outcome.undecided
    receipt.refused.sort()
    receipt.changes += settle_brands(
        undecided, after=newest_before, now=now, cause=cause, clock=clock
    )
    return receipt


def book(
    rows: Sequence[Row], kind: SpendKind[Row, Checked], *, now: datetime, first_index: int = 0
) -> Outcome:
    """Check the rows and book the good ones; what they concern must be decided afterwards."""
    checked, refused = validate_rows(rows, kind, now=now, first_index=first_index)
    outcome = book_what_fits(checked, kind, now=now)
    outcome.refused += refused
    return outcome


def book_what_fits(
    checked: Sequence[Checked], kind: SpendKind[Row, Checked], *, now: datetime
) -> Outcome:
    """Book a batch in one transaction; halve it while a total would not fit its column."""
    if not checked:
        return Outcome()
    brand_ids = {row.brand_id for row in checked}
    if connection.in_atomic_block:
        # The caller's transaction keeps the rows it writes until after the decision.
        lock_brands(brand_ids)
    try:
        with transaction.atomic():
            keep_books_open(brand_ids)
            return kind.post(checked, now=now)
    except TotalTooLarge as error:
        if len(checked) == 1:
            return Outcome(refused=[Refusal(checked[0].row, "overflow", str(error))])
    middle = len(checked) // 2
    first, second = checked[:middle], checked[middle:]
    return book_what_fits(first, kind, now=now) + book_what_fits(second, kind, now=now)


def newest_change() -> int:
    """Return the id of the newest change, 0 where there is none."""
    newest: int | None = Change.objects.aggregate(newest=Max("id"))["newest"]
    return newest or 0


def settle_brands(
    brand_ids: Collection[int],
    *,
    after: int,
    now: datetime,
    cause: Cause | None,
    clock: Clock | None = None,
) -> Iterable[Change]:
    """Decide the brands; return their changes after that one, whoever wrote them.

    A check that decides between our commit and our own decision leaves us nothing to change, but
    the caller must still hear what has to stop.
    """
    if not brand_ids:
        return []
    settle(
        now=now,
        clock=clock,
        brand_ids=brand_ids,
        cause=cause or Cause(trigger=Trigger.SPEND),
        brands_at_once=BRANDS_A_BATCH,
    )
    of_brands = Change.objects.filter(campaign__brand_id__in=id_rows(brand_ids))
    return of_brands.filter(pk__gt=after).order_by("id")
