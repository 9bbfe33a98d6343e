"""Read the sheets of an XLSX workbook row by row."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from budgets.cells.formulas import as_meant
from budgets.sheets.bounds import check_bounds
from budgets.sheets.records import HEAD_RECORDS, BadFile, Head, Record, is_blank


@dataclass(slots=True)
class Workbook:
    """An open workbook. Of its sheets those that are hidden are left out."""

    heads: Sequence[Head]
    sheets: dict[str, CalamineSheet]
    encoding: str = "utf-8-sig"
    """Of what is written of it as text: so a spreadsheet knows it as UTF-8."""
    at: float = field(default=0, init=False)

    def records_after(self, head: Head, index: int) -> Iterator[Record]:
        """Read the records after one of the head, each time anew."""
        sheet, before = self.sheets[head.sheet], head.ends[index]
        rows = max(sheet.total_height, 1)
        for record in records_of(sheet):
            if record.line > before:
                self.at = record.line / rows
                yield record

    @property
    def share_read(self) -> float:
        """How much of the sheet has been read: 0 to 1."""
        return self.at


def read_workbook(path: Path) -> Workbook:
    """Open a workbook, unless it would take too much memory. Raises `BadFile`."""
    check_bounds(path)
    try:
        book = CalamineWorkbook.from_path(path)
        sheets = {
            each.name: book.get_sheet_by_name(each.name)
            for each in book.sheets_metadata
            if each.typ == SheetTypeEnum.WorkSheet and each.visible == SheetVisibleEnum.Visible
        }
    except PasswordError:
        raise BadFile("The workbook has a password; save it without one.") from None
    except CalamineError as error:
        raise BadFile(
            f"This workbook cannot be read ({error}); open it and save it as XLSX or CSV."
        ) from None
    heads = [head for name, sheet in sheets.items() if (head := head_of(name, sheet)).records]
    if not heads:
        raise BadFile("The workbook is empty; a row of its sheet must name the columns.")
    return Workbook(heads, sheets)


def head_of(name: str, sheet: CalamineSheet) -> Head:
    """Return how a sheet begins."""
    head = Head("", name, [], [])
    for record in records_of(sheet):
        if record.line > HEAD_RECORDS:
            break
        head.records.append(record)
        head.ends.append(record.line)
    return head


def records_of(sheet: CalamineSheet) -> Iterator[Record]:
    """Read the rows in which something is written, by their numbers in the spreadsheet."""
    if sheet.start is None:
        return
    rows: Iterator[list[Any]] = sheet.iter_rows()
    for line, fields in enumerate(rows, start=1):
        if not is_blank(fields):
            yield Record(line, as_meant(fields))
