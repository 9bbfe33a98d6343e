"""Import a spend file: read it batch by batch and record each as any other ingest."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from sqlite3 import Connection
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import QuerySet

from budgets.models import Campaign, ImportedBatch
from budgets.models.change import Cause
from budgets.operations.ingest.day_totals import DayTotals
from budgets.operations.ingest.idempotency import digest
from budgets.operations.ingest.ledger import Entries
from budgets.operations.ingest.record import book, newest_change, settle_brands
from budgets.operations.ingest.types import Outcome, SpendKind
from budgets.operations.spend_file.layout import FileKind, Layout
from budgets.operations.spend_file.records import Record, SpendFile, opened
from budgets.operations.spend_file.result import Result
from budgets.operations.spend_file.rows import FileRows, RefusedRow, RowReader
from budgets.operations.spend_file.scratch import MadeKeys, scratch_pad

ROWS_A_BATCH = 5_000
"""Rows read and recorded at once: bounds memory, and how long the first waits to stop something."""
DEFAULT_SOURCE = "csv"

BATCHES_KEPT = timedelta(days=30)
CACHE_KIB = 16_384

KINDS: dict[FileKind, SpendKind[Any, Any]] = {
    FileKind.ENTRIES: Entries(),
    FileKind.TOTALS: DayTotals(),
}


def ignore(*_: object) -> None:
    """Do nothing."""


class Callbacks(NamedTuple):
    """What is called after every batch."""

    refused: Callable[[Sequence[RefusedRow]], None] = ignore
    progress: Callable[[int, float], None] = ignore
    """Gets the rows read so far, and what share of the file that is."""


NO_CALLBACKS = Callbacks()


def import_file(
    path: Path,
    *,
    clock: Callable[[], datetime],
    source: str = DEFAULT_SOURCE,
    within: QuerySet[Campaign] | None = None,
    cause: Cause | None = None,
    callbacks: Callbacks = NO_CALLBACKS,
) -> Result:
    """Record what the file says; the same file again, whole or after a kill, changes nothing.

    `source` is that of rows which name none; `within` are the campaigns they may name. `clock`
    gives each batch an instant of its own: a long file must not decide campaigns as of the minute
    in which it began. Raises `BadFile` where it cannot read on; what it read before that is
    recorded, and counts once.
    """
    with reading(path, source=source, within=within, callbacks=callbacks) as file:
        kind = KINDS[file.layout.kind]
        # What somebody else recorded is not skipped: it may be out of this person's scope.
        resuming = Resuming(file.layout, source=source) if within is None else None
        for batch in file.batches(resuming):
            now, newest_before = clock(), newest_change()
            outcome = book(batch.rows, kind, now=now)
            changes = settle_brands(
                outcome.undecided, after=newest_before, now=now, cause=cause, clock=clock
            )
            file.result.add_changes(changes)
            refused = file.add(batch, outcome, now=now)
            if resuming:
                resuming.note(refused, now=clock())
    return file.result


@dataclass(slots=True)
class Reading:
    """A file that is read batch by batch, and what became of the batches so far."""

    file: SpendFile
    reader: RowReader
    scratch: Connection
    callbacks: Callbacks
    result: Result

    @property
    def layout(self) -> Layout:
        return self.file.layout

    def batches(self, resuming: "Resuming | None" = None) -> Iterator[FileRows]:
        """Read the rows of the next batch. Raises `BadFile`."""
        for records in self.file.batches(ROWS_A_BATCH):
            if resuming and resuming.skips(records):
                self.result.add_known(len(records))
                self.callbacks.progress(self.result.rows, self.file.share_read)
            else:
                yield self.reader.read(records)

    def add(self, batch: FileRows, outcome: Outcome, *, now: datetime) -> list[RefusedRow]:
        """Add what became of a batch; return its refused rows."""
        refused = self.result.add(batch, outcome, now=now)
        self.callbacks.refused(refused)
        self.callbacks.progress(self.result.rows, self.file.share_read)
        return refused


@contextmanager
def reading(
    path: Path, *, source: str, within: QuerySet[Campaign] | None, callbacks: Callbacks
) -> Iterator[Reading]:
    """Open a file of spend. Raises `BadFile` and `OSError`."""
    with opened(path) as file, scratch_pad() as scratch, small_cache():
        reader = RowReader(file.layout, source=source, keys=MadeKeys(scratch), within=within)
        yield Reading(file, reader, scratch, callbacks, Result(layout=file.layout))


class Resuming:
    """Follows one file from its beginning, to skip what an interrupted import recorded, unread.

    Rows whose keys we make are read again: their keys depend on the rows before them. They, and
    rows after one that was refused, are found to be known one by one.
    """

    def __init__(self, layout: Layout, *, source: str) -> None:
        self.is_recorded = layout.kind == FileKind.TOTALS or "key" in layout.columns
        self.follows = self.is_recorded
        self.digest = digest(layout.header, layout.delimiter, source)

    def skips(self, records: Sequence[Record]) -> bool:
        """Say whether the next rows, and all before them, were recorded."""
        self.digest = digest(self.digest, [record.fields for record in records])
        if self.is_recorded:
            known = ImportedBatch.objects.filter(pk=self.digest.hex())
            self.is_recorded = known.exists()
        return self.is_recorded

    def note(self, refused: Sequence[RefusedRow], *, now: datetime) -> None:
        """Note that the rows last passed to `skips` were recorded.

        After the first that was refused, nothing: it must be read when the file comes again.
        """
        self.follows = self.follows and not refused
        if self.follows:
            batch = ImportedBatch(fingerprint=self.digest.hex(), recorded_at=now)
            ImportedBatch.objects.bulk_create([batch], ignore_conflicts=True)
            ImportedBatch.objects.filter(recorded_at__lt=now - BATCHES_KEPT).delete()


@contextmanager
def small_cache() -> Iterator[None]:
    """Bound what SQLite, set up to keep much of the database in memory, keeps for a long file."""
    if connection.vendor != "sqlite":
        yield
        return
    before = {name: pragma(name) for name in ("cache_size", "mmap_size")}
    try:
        pragma("cache_size", -CACHE_KIB)
        pragma("mmap_size", 0)
        yield
    finally:
        for name, value in before.items():
            pragma(name, value)


def pragma(name: str, value: int | None = None) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA {name}" if value is None else f"PRAGMA {name} = {value}")
        row = cursor.fetchone()
    return int(row[0]) if row else 0
