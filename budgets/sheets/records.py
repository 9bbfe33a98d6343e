"""What every table is read as: its first records, to find the header in, and those after it."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from typing import Any, NamedTuple, Protocol

from budgets.cells.identifiers import read_identifier
from budgets.cells.refusal import UnreadableCell

HEAD_RECORDS = 60
"""So far down a table the header may stand."""


class BadFile(Exception):
    """A file that cannot be read on; the message says where, why and what to do."""


class Record(NamedTuple):
    """One row of a table: the number of its first line, and its fields as they are written."""

    line: int
    fields: list[Any]
    """Text; of a spreadsheet also numbers, days and what else it keeps."""
    error: str = ""


class Head(NamedTuple):
    """How a table begins if it is read in one way."""

    delimiter: str
    """What separates the fields; empty in a spreadsheet."""
    sheet: str
    """The name of the sheet; empty in a text."""
    records: list[Record]
    ends: list[int]
    """The last line of each record."""


class Table(Protocol):
    """An open file. A text has a head a delimiter, a workbook one a sheet."""

    encoding: str
    heads: Sequence[Head]

    def records_after(self, head: Head, index: int) -> Iterator[Record]:
        """Read the records after the one at `index`, each time anew. Raises `BadFile`."""

    @property
    def share_read(self) -> float:
        """How much of the file has been read, about: 0 to 1."""


def text_of(cell: object) -> str:
    """Return a cell as text without blanks around it, for people and for names."""
    if isinstance(cell, str):
        return cell.strip()
    if cell is None:
        return ""
    if isinstance(cell, datetime) and cell.time() == time(0):
        return cell.date().isoformat()
    if isinstance(cell, (date, time)):
        return cell.isoformat()
    try:
        return read_identifier(cell)
    except UnreadableCell:
        # Not with three decimals, which could be read as thousands.
        return repr(cell) + "0" * (str(cell)[-4:-3] == ".")


def is_blank(fields: Sequence[Any]) -> bool:
    """Say whether nothing is written in a row."""
    return not any(field.strip() if isinstance(field, str) else True for field in fields)
