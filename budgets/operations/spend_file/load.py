"""Import a spend file: read it batch by batch and record each as any other ingest."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from sqlite3 import Connection
from typing import Any, NamedTuple

from django.db.models import QuerySet

from budgets.models import Campaign
from budgets.models.change import Cause
from budgets.operations.ingest.day_totals import DayTotals
from budgets.operations.ingest.ledger import Entries
from budgets.operations.ingest.record import book, newest_change, settle_brands
from budgets.operations.ingest.types import Outcome, SpendKind
from budgets.operations.spend_file.file_rows import FileRows, RefusedRow
from budgets.operations.spend_file.given import NOTHING_GIVEN, Given, Question, Unanswered
from budgets.operations.spend_file.layout import FileKind, Layout
from budgets.operations.spend_file.parts import DayParts
from budgets.operations.spend_file.records import SpendFile, opened
from budgets.operations.spend_file.result import Result
from budgets.operations.spend_file.resuming import Resuming
from budgets.operations.spend_file.rows import RowReader
from budgets.operations.spend_file.scratch import MadeKeys, scratch_pad, small_cache
from budgets.operations.spend_file.survey import survey

ROWS_A_BATCH = 5_000
"""Rows read and recorded at once: bounds memory, and how long the first waits to stop something."""

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
    given: Given = NOTHING_GIVEN,
    within: QuerySet[Campaign] | None = None,
    cause: Cause | None = None,
    callbacks: Callbacks = NO_CALLBACKS,
) -> Result:
    """Record what the file says; the same file again, whole or after a kill, changes nothing.

    Totals that do not say when they were known are as of now, unless the file waited
    (`given.as_of`). `within` are the campaigns that rows may name. `clock` gives each batch an
    instant of its own: a long file must not decide campaigns as of the minute in which it began.
    Raises `BadFile` where it cannot read on; what it read before that is recorded, and counts
    once. Of day totals nothing is, before all is read.
    """
    as_of = given.as_of or clock()
    with reading(path, given, as_of=as_of, within=within, callbacks=callbacks) as file:
        kind = KINDS[file.layout.kind]
        # What somebody else recorded is not skipped: it may be out of this person's scope.
        resuming = Resuming(file.layout, source=given.source) if within is None else None
        for batch in file.batches(resuming):
            now, newest_before = clock(), newest_change()
            outcome = book(list(enumerate(batch.rows)), kind, now=now)
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
        """Read the rows to record, batch by batch. Raises `BadFile`."""
        if self.layout.kind == FileKind.TOTALS:
            yield from self.totals()
            return
        for records in self.file.batches(ROWS_A_BATCH):
            if resuming and resuming.skips(records):
                self.result.add_known(len(records))
                self.callbacks.progress(self.result.rows, self.share_read)
            else:
                yield self.reader.read(records)

    def totals(self) -> Iterator[FileRows]:
        """Read all rows, then yield the day totals that they are parts of."""
        parts = DayParts(self.scratch, self.layout)
        for records in self.file.batches(ROWS_A_BATCH):
            batch = self.reader.read(records)
            parts.add(batch)
            self.callbacks.refused(self.result.add_refused(batch))
            self.callbacks.progress(self.result.rows, self.share_read)
        yield from parts.batches(ROWS_A_BATCH)

    @property
    def share_read(self) -> float:
        """How much of the work is done, about; the survey of the file was the first half."""
        return 0.5 + self.file.share_read / 2

    def add(self, batch: FileRows, outcome: Outcome, *, now: datetime) -> list[RefusedRow]:
        """Add what became of a batch; return its refused rows."""
        refused = self.result.add(batch, outcome, now=now)
        self.callbacks.refused(refused)
        self.callbacks.progress(self.result.rows, self.share_read)
        return refused


@contextmanager
def reading(
    path: Path,
    given: Given,
    *,
    as_of: datetime,
    within: QuerySet[Campaign] | None,
    callbacks: Callbacks,
) -> Iterator[Reading]:
    """Open a file of spend, given to us at `as_of`. Raises `BadFile` and `OSError`."""
    with opened(path) as file, scratch_pad() as scratch, small_cache():
        require_source(file.layout, given.source)
        writing = survey(path, progress=callbacks.progress)
        reader = RowReader(
            file.layout,
            writing=writing,
            source=given.source,
            as_of=as_of,
            keys=MadeKeys(scratch),
            within=within,
        )
        yield Reading(file, reader, scratch, callbacks, Result(file.layout, writing))


def require_source(layout: Layout, source: str) -> None:
    """Refuse day totals of nobody: those of two platforms would replace each other."""
    if layout.kind == FileKind.TOTALS and not source and "source" not in layout.columns:
        raise Unanswered(
            "Day totals replace what their source said before, so they need its name: give the "
            "source (such as google or meta), or add a column “source”.",
            Question.SOURCE,
        )
