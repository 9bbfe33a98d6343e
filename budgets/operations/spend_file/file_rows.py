"""Rows of a file as they are read: what the ledger may take, and what is refused, with its cell."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from typing import Any, NamedTuple, TypeVar

from budgets.cells.identifiers import read_identifier
from budgets.cells.refusal import UnreadableCell, quoted
from budgets.operations.ingest.types import DayTotal, SpendEntry
from budgets.operations.ingest.validation import Refused
from budgets.operations.spend_file.campaigns.reference import LeftOutCampaign, Reference
from budgets.operations.spend_file.campaigns.unmatched import UnmatchedRow
from budgets.operations.spend_file.layout import Layout
from budgets.sheets.records import Record, text_of

Value = TypeVar("Value")

NOT_TEXT = re.compile("[\udc80-\udcff]")
"""Bytes that are no text, as they are carried along."""
ENDS_A_GROUP = re.compile(r"[^0-9]{0,5}[0-9]{1,3}", re.ASCII)
BEGINS_A_GROUP = re.compile(r"[0-9]{3}(\.[0-9]+)?[^0-9]{0,5}", re.ASCII)

AnyRow = SpendEntry | DayTotal


class Spoiled(NamedTuple):
    """A row that was refused though its campaign is known: a total without it would be too low."""

    campaign_id: int
    day: date | None
    """`None`: of any day of the file."""
    line: int


class RefusedRow(NamedTuple):
    """A row that is not taken: where it stands, which cell is wrong and what to do about it."""

    line: int
    column: str
    value: str
    code: str
    message: str
    fields: list[Any]

    @property
    def shown_value(self) -> str:
        """The cell in a form that every terminal and page can show; empty if there is none."""
        return quoted(self.value) if self.value else ""


class LeftOutRow(NamedTuple):
    """A row of a campaign that a person chose to leave out."""

    campaign: LeftOutCampaign
    record: Record


@dataclass(slots=True)
class FileRows:
    """What was read of a batch: the rows, and the records that each was made of."""

    layout: Layout
    records: list[list[Record]]
    rows: list[AnyRow]
    refused: list[RefusedRow]
    spoiled: list[Spoiled] = field(default_factory=list)
    on_brand_clock: int = 0
    """How many times had no offset and were read on the brand's clock."""
    unmatched: list[UnmatchedRow] = field(default_factory=list)
    """Of the refused rows, those whose campaign a person can match."""
    left_out: list[LeftOutRow] = field(default_factory=list)
    """Of campaigns that a person chose to leave out: neither taken nor refused."""
    found_by_name: set[int] = field(default_factory=set)
    """The campaigns that were found by their names alone."""


class BadCell(Exception):
    """What is wrong with a row, and in which column."""

    def __init__(
        self, column: str, code: str, message: str, *, spoils: tuple[int, date | None] | None = None
    ) -> None:
        super().__init__(message)
        self.column, self.code = column, code
        self.spoils = spoils
        """The campaign and day of which the row is a part, where they are known."""


class Cells:
    """The cells of one record, by the names of their columns."""

    __slots__ = ("cells", "reference", "split_off")

    def __init__(self, layout: Layout, record: Record) -> None:
        fields = record.fields
        if record.error:
            raise BadCell("", "bad_row", record.error)
        if len(fields) != len(layout.header):
            raise BadCell("", "bad_row", other_fields(fields, layout))
        self.cells = {
            name: cell.strip() if type(cell := fields[at]) is str else cell
            for name, at in layout.columns.items()
        }
        for column, cell in self.cells.items():
            if type(cell) is str and not cell.isascii() and NOT_TEXT.search(cell):
                raise BadCell(column, "bad_encoding", not_utf_8(cell))
        if "external_id" in self.cells:
            self.cells["external_id"] = self.read("external_id", read_identifier)
        self.reference = Reference(*map(self.text, Reference._fields))
        self.split_off = split_off(fields, layout)

    def refuse_split_amount(self) -> None:
        """Refuse an amount of which a part may stand in the next column. Raises `Refused`."""
        if self.split_off:
            raise Refused("bad_amount", self.split_off)

    def text(self, column: str) -> str:
        """Return the cell as text without blanks around it; empty where there is no such column."""
        cell = self.cells.get(column, "")
        return cell if type(cell) is str else text_of(cell)

    def read(self, column: str, parse: Callable[[Any], Value]) -> Value:
        """Return what the cell says, be it text or what a spreadsheet keeps. Raises `BadCell`."""
        try:
            return parse(self.cells.get(column, ""))
        except (Refused, UnreadableCell) as refusal:
            raise BadCell(column, refusal.code, str(refusal)) from None


def other_fields(fields: Sequence[str], layout: Layout) -> str:
    """Say what may be wrong with a row that has more or fewer fields than the header."""
    words = f"The row has {len(fields)} fields, the header {len(layout.header)}"
    if len(fields) > len(layout.header) and layout.delimiter == ",":
        for before, after in pairwise(fields):
            if ENDS_A_GROUP.fullmatch(before.strip()) and BEGINS_A_GROUP.fullmatch(after.strip()):
                return (
                    f"{words}: a comma inside an amount, {before.strip()},{after.strip()}, splits "
                    "it in two. Put such amounts in quotes, or write them without the comma."
                )
    return f"{words}; is a delimiter missing, or one inside a cell without quotes?"


def split_off(fields: Sequence[Any], layout: Layout) -> str:
    """Say that digits beside an amount, in a column without a name, may be a part of it."""
    at = layout.columns[layout.amount_column] + 1
    if layout.delimiter != "," or at >= len(fields) or layout.header[at]:
        return ""
    amount, beside = fields[at - 1].strip(), fields[at].strip()
    if not beside[:1].isdecimal():
        return ""
    return (
        f"{quoted(beside)} stands beside the amount in a column without a name: a comma inside "
        f"the amount, {amount},{beside}, may split it in two. Put such amounts in quotes, or name "
        "the column."
    )


def not_utf_8(text: str) -> str:
    """Say that a cell is in another encoding than the file's."""
    found = NOT_TEXT.search(text)
    byte = f"0x{ord(found[0]) - 0xDC00:02X}" if found else ""
    return (
        f"{quoted(text)} has the byte {byte}, which is no UTF-8: the file, or a part of it, was "
        "saved in another encoding, such as Windows-1252. Export it in UTF-8."
    )


def refused_row(record: Record, layout: Layout, error: BadCell) -> RefusedRow:
    """Say at which line, column and cell of the file a row is refused."""
    value = layout.cell(error.column, record.fields)
    return RefusedRow(record.line, error.column, value, error.code, str(error), record.fields)
