"""Import a spend file: read it batch by batch and record each as any other ingest."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from pathlib import Path
from sqlite3 import Connection
from typing import Any, NamedTuple

from django.db.models import QuerySet

from budgets.models import Campaign
from budgets.models.change import Cause
from budgets.operations.ingest.day_totals import post_reports
from budgets.operations.ingest.ledger import Outcome, post
from budgets.operations.ingest.record import record
from budgets.operations.ingest.types import Receipt
from budgets.operations.ingest.validation import read_entry, read_total
from budgets.operations.spend_file.frugal import small_cache
from budgets.operations.spend_file.keys import Keys
from budgets.operations.spend_file.layout import FileKind
from budgets.operations.spend_file.placing import refused_by_ledger
from budgets.operations.spend_file.records import SpendFile, opened
from budgets.operations.spend_file.result import Result
from budgets.operations.spend_file.resuming import Resuming
from budgets.operations.spend_file.rows import AnyRow, RefusedRow, RowReader
from budgets.operations.spend_file.scratch import scratch_pad

ROWS_A_BATCH = 5_000
"""Rows read and recorded at once: bounds memory, and how long the first waits to stop something."""
DEFAULT_SOURCE = "csv"

Take = Callable[[Sequence[AnyRow], Result], Receipt]
"""Does with a batch of rows what is to be done, and adds the new money to the result."""


def ignore(*_: object) -> None:
    """Tell nobody."""


class Told(NamedTuple):
    """Who is told what while a file is read."""

    refused: Callable[[Sequence[RefusedRow]], None] = ignore
    progress: Callable[[int, float], None] = ignore
    """Gets the rows read so far, and what share of the file that is."""


NOBODY = Told()


class Opened(NamedTuple):
    """A file about to be read, with the scratch pad that belongs to it."""

    file: SpendFile
    reader: RowReader
    scratch: Connection


@contextmanager
def spend_file(path: Path, *, source: str, within: QuerySet[Campaign] | None) -> Iterator[Opened]:
    """Open a file of spend. Raises `BadFile` and `OSError`."""
    with opened(path) as file, scratch_pad() as scratch, small_cache():
        reader = RowReader(file.layout, source=source, keys=Keys(scratch), within=within)
        yield Opened(file, reader, scratch)


def import_file(
    path: Path,
    *,
    clock: Callable[[], datetime],
    source: str = DEFAULT_SOURCE,
    within: QuerySet[Campaign] | None = None,
    cause: Cause | None = None,
    told: Told = NOBODY,
) -> Result:
    """Record what the file says; the same file again, whole or after a kill, changes nothing.

    `source` is that of rows which name none; `within` are the campaigns they may name. `clock`
    gives each batch an instant of its own: a long file must not decide campaigns as of the minute
    in which it began. Raises `BadFile` where it cannot read on; what it read before that is
    recorded, and counts once.
    """
    with spend_file(path, source=source, within=within) as opened_file:

        def take(rows: Sequence[AnyRow], result: Result) -> Receipt:
            return record_batch(rows, result, now=clock(), cause=cause)

        # What somebody else recorded is not skipped: it may be out of this person's scope.
        layout = opened_file.file.layout
        resuming = Resuming(layout, source=source) if within is None else None
        return read_through(opened_file, take, clock=clock, told=told, resuming=resuming)


def record_batch(
    rows: Sequence[AnyRow], result: Result, *, now: datetime, cause: Cause | None
) -> Receipt:
    """Record one batch and count its new money."""
    read, book = ways(result.layout.kind)

    def counted(good: Sequence[Any]) -> Outcome:
        outcome: Outcome = book(good, now=now)
        count_money(rows, outcome, result)
        return outcome

    return record(rows, partial(read, now=now), counted, now=now, cause=cause)


def ways(kind: FileKind) -> tuple[Callable[..., Any], Callable[..., Outcome]]:
    """Return how rows of this kind are checked and how they are booked."""
    return (read_entry, post) if kind == FileKind.ENTRIES else (read_total, post_reports)


def count_money(rows: Sequence[AnyRow], outcome: Outcome, result: Result) -> None:
    """Add what was accepted to the sums of its currencies."""
    for posting in outcome.accepted:
        result.micros[rows[posting.row].currency] += posting.micros


def read_through(
    opened_file: Opened,
    take: Take,
    *,
    clock: Callable[[], datetime],
    told: Told,
    resuming: Resuming | None = None,
) -> Result:
    """Read the whole file, hand each batch on, and add up what became of it."""
    file, reader, _ = opened_file
    result = Result(layout=file.layout)
    for records in file.batches(ROWS_A_BATCH):
        if resuming and resuming.skips(records):
            result.rows += len(records)
            result.duplicates += len(records)
            told.progress(result.rows, file.share_read)
            continue
        batch = reader.read(records)
        receipt = take(batch.rows, result)
        refused = [
            *batch.refused,
            *(refused_by_ledger(batch, refusal, now=clock()) for refusal in receipt.refused),
        ]
        refused.sort(key=lambda row: row.line)
        add(result, receipt, refused, rows=len(records), on_brand_clock=batch.on_brand_clock)
        if resuming:
            resuming.note(refused, now=clock())
        told.refused(refused)
        told.progress(result.rows, file.share_read)
    return result


def add(
    result: Result,
    receipt: Receipt,
    refused: Sequence[RefusedRow],
    *,
    rows: int,
    on_brand_clock: int,
) -> None:
    """Add a batch to the result."""
    result.rows += rows
    result.accepted += receipt.accepted
    result.duplicates += receipt.duplicates
    result.on_brand_clock += on_brand_clock
    result.refuse(refused)
    for change in receipt.changes:
        result.change(change.campaign_id, change.reasons_before, change.reasons_after)
