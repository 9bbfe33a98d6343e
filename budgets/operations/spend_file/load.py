"""Import a spend file: read it batch by batch and record each as any other ingest."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
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
from budgets.operations.spend_file.campaigns.brand_names import BrandNames
from budgets.operations.spend_file.campaigns.ids_of_names import IdsOfNames
from budgets.operations.spend_file.campaigns.stored import Naming
from budgets.operations.spend_file.file_rows import FileRows, RefusedRow
from budgets.operations.spend_file.given import NOTHING_GIVEN, Given
from budgets.operations.spend_file.header.finding import SpendFile, opened
from budgets.operations.spend_file.header.origin import Origin
from budgets.operations.spend_file.layout import FileKind, Layout
from budgets.operations.spend_file.own_totals import OwnTotals
from budgets.operations.spend_file.parts import DayParts
from budgets.operations.spend_file.refused_file import Rewriting
from budgets.operations.spend_file.result import Result
from budgets.operations.spend_file.resuming import Resuming
from budgets.operations.spend_file.rows import DEFAULT_SOURCE, RowReader
from budgets.operations.spend_file.scratch import MadeKeys, scratch_pad, small_cache
from budgets.operations.spend_file.survey import survey
from budgets.operations.spend_file.terms import settled
from budgets.sheets.records import Record

ROWS_A_BATCH = 5_000
"""Rows read and recorded at once: bounds memory, and how long the first waits to stop something."""

KINDS: dict[FileKind, SpendKind[Any, Any]] = {
    FileKind.ENTRIES: Entries(),
    FileKind.TOTALS: DayTotals(),
}


def ignore(*_: object) -> None:
    """Do nothing."""


class Callbacks(NamedTuple):
    """What is called after every batch."""

    refused: Callable[[Sequence[RefusedRow], Rewriting], None] = ignore
    """Gets the refused rows, and what writes them as the file does."""
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
        resuming = file.resuming(given) if within is None else None
        for batch in file.batches(resuming):
            now, newest_before = clock(), newest_change()
            outcome = book(list(enumerate(batch.rows)), kind, now=now)
            changes = settle_brands(
                outcome.undecided, after=newest_before, now=now, cause=cause, clock=clock
            )
            file.result.add_changes(changes)
            refused = file.add(batch, outcome, now=now)
            if resuming:
                resuming.note(has_all=not refused and not batch.left_out, now=clock())
    return file.result


@dataclass(slots=True)
class Reading:
    """A file that is read batch by batch, and what became of the batches so far."""

    file: SpendFile
    reader: RowReader
    scratch: Connection
    callbacks: Callbacks
    result: Result
    rewriting: Rewriting
    despite_totals: bool

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

    def resuming(self, given: Given) -> Resuming:
        """Return what follows the file to skip what was recorded of it before."""
        return Resuming(self.layout, self.result.writing, brand_id=given.brand_id)

    def totals(self) -> Iterator[FileRows]:
        """Read all rows, then yield the day totals that they are parts of."""
        parts, own = DayParts(self.scratch, self.layout), OwnTotals(self.file, self.result.writing)
        for records in self.file.batches(ROWS_A_BATCH):
            self.add_parts(parts, own, own.without(records))
        self.add_parts(parts, own, own.decide_on_summary())
        self.result.own_totals, self.result.off_by = (
            own.found,
            own.compare(despite=self.despite_totals),
        )
        yield from parts.batches(ROWS_A_BATCH)

    def add_parts(self, parts: DayParts, own: OwnTotals, records: Sequence[Record]) -> None:
        """Read rows and set them aside."""
        batch = self.reader.read(records)
        parts.add(batch)
        own.add(batch)
        self.callbacks.refused(self.result.add_refused(batch), self.rewriting)
        self.callbacks.progress(self.result.rows, self.share_read)

    @property
    def share_read(self) -> float:
        """How much of the work is done, about; the survey of the file was the first half."""
        return 0.5 + self.file.share_read / 2

    def add(self, batch: FileRows, outcome: Outcome, *, now: datetime) -> list[RefusedRow]:
        """Add what became of a batch; return its refused rows."""
        refused = self.result.add(batch, outcome, now=now)
        self.callbacks.refused(refused, self.rewriting)
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
    with opened(path, given) as file, scratch_pad() as scratch, small_cache():
        ids_of_names = IdsOfNames(scratch, brand_id=given.brand_id)
        seen = survey(file, progress=callbacks.progress, note=ids_of_names.note)
        writing = settled(file, seen, given)
        reader = RowReader(
            file.layout,
            writing=writing,
            as_of=as_of,
            keys=MadeKeys(scratch),
            naming=Naming(
                within=within,
                brand_id=given.brand_id,
                source=writing.source or DEFAULT_SOURCE,
                names=BrandNames(scratch, within),
                ids_of_names=ids_of_names,
            ),
        )
        result = Result(file.layout, writing, Origin.of(file))
        rewriting = Rewriting(file.layout, writing, encoding=file.encoding)
        yield Reading(file, reader, scratch, callbacks, result, rewriting, given.despite_totals)
