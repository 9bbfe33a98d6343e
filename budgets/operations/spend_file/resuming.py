"""Start a file again where it was interrupted: skip what is known to be recorded, unread.

Rows whose keys we make are read again: their keys depend on the rows before them. They, and rows
after one that was refused, are found to be known one by one.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from budgets.models.imported_batch import ImportedBatch
from budgets.operations.ingest.fingerprints import fingerprint
from budgets.operations.spend_file.layout import FileKind, Layout
from budgets.operations.spend_file.records import Record
from budgets.operations.spend_file.rows import RefusedRow

KEPT = timedelta(days=30)


class Resuming:
    """Follows one file from its beginning; knows how far of it was recorded before."""

    def __init__(self, layout: Layout, *, source: str) -> None:
        self.is_recorded = layout.kind == FileKind.TOTALS or "key" in layout.columns
        self.follows = self.is_recorded
        self.print = fingerprint(layout.header, layout.delimiter, source)

    def skips(self, records: Sequence[Record]) -> bool:
        """Say whether these rows, and all before them, were recorded."""
        self.print = fingerprint(self.print, [record.fields for record in records])
        if self.is_recorded:
            known = ImportedBatch.objects.filter(pk=self.print.hex())
            self.is_recorded = known.exists()
        return self.is_recorded

    def note(self, refused: Sequence[RefusedRow], *, now: datetime) -> None:
        """Note that the rows last asked for were recorded.

        After the first that was refused, nothing: it must be read when the file comes again.
        """
        self.follows = self.follows and not refused
        if self.follows:
            batch = ImportedBatch(fingerprint=self.print.hex(), recorded_at=now)
            ImportedBatch.objects.bulk_create([batch], ignore_conflicts=True)
            ImportedBatch.objects.filter(recorded_at__lt=now - KEPT).delete()
