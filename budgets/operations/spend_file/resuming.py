"""Resume a file: skip, unread, what an interrupted import of it recorded."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from budgets.models import ImportedBatch
from budgets.operations.ingest.idempotency import digest
from budgets.operations.spend_file.layout import Layout
from budgets.operations.spend_file.terms import Writing
from budgets.sheets.records import Record

BATCHES_KEPT = timedelta(days=30)


class Resuming:
    """Follows one file from its beginning, to skip what an interrupted import recorded, unread.

    Rows whose keys we make are read again: their keys depend on the rows before them. They, and
    rows after one that was refused, are found to be known one by one.
    """

    def __init__(self, layout: Layout, writing: Writing, *, brand_id: int | None) -> None:
        self.is_recorded = "key" in layout.columns
        self.follows = self.is_recorded
        self.digest = digest(
            layout.header,
            layout.delimiter,
            sorted(layout.columns.items()),
            writing.source,
            writing.currency,
            brand_id,
        )

    def skips(self, records: Sequence[Record]) -> bool:
        """Say whether the next rows, and all before them, were recorded."""
        self.digest = digest(self.digest, [record.fields for record in records])
        if self.is_recorded:
            known = ImportedBatch.objects.filter(pk=self.digest.hex())
            self.is_recorded = known.exists()
        return self.is_recorded

    def note(self, *, has_all: bool, now: datetime) -> None:
        """Note that the rows last passed to `skips` were recorded, if all of them were.

        After the first that was refused or left out, nothing: it must be read when the file comes
        again.
        """
        self.follows = self.follows and has_all
        if self.follows:
            batch = ImportedBatch(fingerprint=self.digest.hex(), recorded_at=now)
            ImportedBatch.objects.bulk_create([batch], ignore_conflicts=True)
            ImportedBatch.objects.filter(recorded_at__lt=now - BATCHES_KEPT).delete()
