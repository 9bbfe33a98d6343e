"""Parts: rows of a file that share source, campaign and day are parts of one day total.

Reports have a row an ad set, a device, a network. They are added up over the whole file, on a
scratch pad, before any of it is booked. A total of which a part was refused is refused as a whole.
"""

import json
import re
import sqlite3
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from itertools import groupby
from operator import itemgetter

from budgets.cells.refusal import quoted
from budgets.cells.writing import is_no_value
from budgets.operations.ingest.types import DayTotal
from budgets.operations.spend_file.file_rows import BadCell, FileRows, RefusedRow, refused_row
from budgets.operations.spend_file.layout import Layout
from budgets.rules.money import to_micros, to_units
from budgets.sheets.records import Record, text_of

TABLES = """
CREATE TABLE part (campaign INTEGER, day TEXT, source TEXT, as_of TEXT, line INTEGER,
                   currency TEXT, micros INTEGER, fields TEXT);
CREATE TABLE spoiled (campaign INTEGER, day TEXT, line INTEGER)
"""

# A total is known by its campaign, day, source and as_of.
PARTS = "SELECT * FROM part ORDER BY campaign, day, source, as_of, line"
SPOILED = "SELECT MIN(line) FROM spoiled WHERE campaign = ? AND COALESCE(day, ?) = ?"

OF_ALL = re.compile(
    r"(?:all|alle|alles|tous|toutes|todos|todas|tutti|tutte|total|totale|totaal|gesamt)(?: .*)?",
    re.IGNORECASE,
)
A_NUMBER = re.compile(r"[^\w]{0,3}[0-9][0-9.,' ]*[^\w]{0,2}")

Part = tuple[int, str, str, str, int, str, int, str]


class DayParts:
    """The parts of a file's day totals, as many as there are, in bounded memory."""

    def __init__(self, scratch: sqlite3.Connection, layout: Layout) -> None:
        self.scratch = scratch
        self.layout = layout
        for table in TABLES.split(";"):
            scratch.execute(table)

    def add(self, batch: FileRows) -> None:
        """Set aside the rows of a batch."""
        self.scratch.executemany(
            "INSERT INTO part VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            [
                part_of(row, record)
                for row, [record] in zip(batch.rows, batch.records, strict=True)
                if isinstance(row, DayTotal)
            ],
        )
        self.scratch.executemany("INSERT INTO spoiled VALUES (?, ?, ?)", batch.spoiled)

    def batches(self, totals: int) -> Iterator[FileRows]:
        """Yield the totals, so many at once."""
        batch = self.no_rows()
        for key, parts in groupby(self.scratch.execute(PARTS), key=itemgetter(0, 1, 2, 3)):
            self.add_total(batch, list(parts), spoiled_by=self.spoiled_by(*key[:2]))
            if len(batch.rows) >= totals:
                yield batch
                batch = self.no_rows()
        if batch.rows or batch.refused:
            yield batch

    def no_rows(self) -> FileRows:
        return FileRows(self.layout, [], [], [])

    def add_total(
        self,
        batch: FileRows,
        parts: list[Part],
        *,
        spoiled_by: int | None,
    ) -> None:
        """Add the sum of the parts, or refuse each of them."""
        records = [Record(line, json.loads(fields)) for *_, line, _, _, fields in parts]
        if spoiled_by is not None:
            batch.refused += [self.incomplete(record, spoiled_by) for record in records]
            return
        if len(parts) > 1 and (found := self.subtotal(records, [part[6] for part in parts])):
            batch.refused += [self.doubled(record, *found) for record in records]
            return
        campaign_id, day, source, as_of, _, currency, *_ = parts[0]
        batch.records.append(records)
        batch.rows.append(
            DayTotal(
                source=source,
                campaign_id=campaign_id,
                day=date.fromisoformat(day),
                total=to_units(sum(part[6] for part in parts)),
                currency=currency,
                as_of=datetime.fromisoformat(as_of),
            )
        )

    def subtotal(self, records: list[Record], micros: list[int]) -> tuple[int, str] | None:
        """Return line and column of a part that is the sum of others, as breakdowns show it.

        In that column it has “All” or nothing, and those others have words.
        """
        for at in self.breakdowns:
            cells = [record.fields[at] for record in records]
            of_all = [
                not cell or is_no_value(cell) or bool(OF_ALL.fullmatch(cell)) for cell in cells
            ]
            if not any(of_all) or all(of_all):
                continue
            named = [number for number, cell in enumerate(cells) if not of_all[number]]
            total = sum(micros[number] for number in named)
            if not total or all(A_NUMBER.fullmatch(cells[number]) for number in named):
                continue
            for number, is_all in enumerate(of_all):
                if is_all and micros[number] == total:
                    return records[number].line, self.layout.header[at]
        return None

    @property
    def breakdowns(self) -> Sequence[int]:
        """The columns by which a report may be broken down: those that nobody uses."""
        used = self.layout.columns.values()
        return [at for at in range(len(self.layout.header)) if at not in used]

    def doubled(self, record: Record, line: int, column: str) -> RefusedRow:
        words = (
            f"Line {line} seems to be the sum of the other lines of this campaign and day, by its "
            f"{quoted(column)}; the day would count twice. Export without subtotals, or delete "
            "such lines."
        )
        return refused_row(record, self.layout, BadCell("", "subtotal", words))

    def spoiled_by(self, campaign_id: int, day: str) -> int | None:
        """Return the line of a refused row that is a part of the total, too."""
        line: int | None = self.scratch.execute(SPOILED, (campaign_id, day, day)).fetchone()[0]
        return line

    def incomplete(self, record: Record, line: int) -> RefusedRow:
        words = (
            f"Line {line} is a part of the same day's total and was refused; without it the total "
            "would be too low. Put that line right and import the file again."
        )
        return refused_row(record, self.layout, BadCell("", "incomplete_total", words))


def part_of(row: DayTotal, record: Record) -> Part:
    return (
        row.campaign_id,
        row.day.isoformat(),
        row.source,
        row.as_of.astimezone(UTC).isoformat(),
        record.line,
        row.currency,
        to_micros(row.total),
        json.dumps([text_of(field) for field in record.fields]),
    )
