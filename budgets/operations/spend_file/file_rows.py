"""Rows of a file as they are read: what the ledger may take, and what is refused, with its cell."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple, TypeVar

from budgets.cells.identifiers import read_identifier
from budgets.cells.refusal import UnreadableCell, quoted
from budgets.operations.ingest.types import DayTotal, SpendEntry
from budgets.operations.ingest.validation import Refused
from budgets.operations.spend_file.campaigns import Reference
from budgets.operations.spend_file.layout import Layout
from budgets.operations.spend_file.records import Record

Value = TypeVar("Value")
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
    fields: list[str]

    @property
    def shown_value(self) -> str:
        """The cell in a form that every terminal and page can show; empty if there is none."""
        return quoted(self.value) if self.value else ""


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

    __slots__ = ("reference", "values")

    def __init__(self, layout: Layout, record: Record) -> None:
        fields = record.fields
        if record.error:
            raise BadCell("", "bad_row", record.error)
        if len(fields) != len(layout.header):
            words = f"has {len(fields)} fields, the header {len(layout.header)}"
            raise BadCell("", "bad_row", f"The row {words}; is a delimiter missing?")
        self.values = {name: fields[at].strip() for name, at in layout.columns.items()}
        self.reference = Reference(*map(self.text, Reference._fields))
        self.read("external_id", read_identifier)

    def text(self, column: str) -> str:
        """Return the cell without blanks around it; empty where there is no such column."""
        return self.values.get(column, "")

    def read(self, column: str, parse: Callable[[str], Value]) -> Value:
        """Return what the cell says. Raises `BadCell`."""
        try:
            return parse(self.text(column))
        except (Refused, UnreadableCell) as refusal:
            raise BadCell(column, refusal.code, str(refusal)) from None


def refused_row(record: Record, layout: Layout, error: BadCell) -> RefusedRow:
    """Say at which line, column and cell of the file a row is refused."""
    value = layout.cell(error.column, record.fields)
    return RefusedRow(record.line, error.column, value, error.code, str(error), record.fields)
