"""From records to rows that the ledger takes, or that are refused with line, column and reason."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple, TypeVar

from django.db.models import QuerySet

from budgets.models import Campaign
from budgets.operations.ingest.types import CampaignFacts, DayTotal, SpendEntry
from budgets.operations.ingest.validation import Refused
from budgets.operations.spend_file.campaigns import CampaignLookup, Reference
from budgets.operations.spend_file.layout import FileKind, Layout
from budgets.operations.spend_file.records import Record
from budgets.operations.spend_file.scratch import MadeKeys
from budgets.operations.spend_file.values import quoted, read_amount, read_day, read_instant

Value = TypeVar("Value")
AnyRow = SpendEntry | DayTotal


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


@dataclass(frozen=True, slots=True)
class FileRows:
    """What was read of a batch: the rows in the order of their records."""

    layout: Layout
    records: list[Record]
    rows: list[AnyRow]
    refused: list[RefusedRow]
    on_brand_clock: int
    """How many times had no offset and were read on the brand's clock."""


class BadCell(Exception):
    """What is wrong with a row, and in which column."""

    def __init__(self, column: str, code: str, message: str) -> None:
        super().__init__(message)
        self.column, self.code = column, code


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

    def text(self, column: str) -> str:
        """Return the cell without blanks around it; empty where there is no such column."""
        return self.values.get(column, "")

    def read(self, column: str, parse: Callable[[str], Value]) -> Value:
        """Return what the cell says. Raises `BadCell`."""
        try:
            return parse(self.text(column))
        except Refused as refusal:
            raise BadCell(column, refusal.code, str(refusal)) from None


class RowReader:
    """Reads the records of one file as rows of spend."""

    def __init__(
        self, layout: Layout, *, source: str, keys: MadeKeys, within: QuerySet[Campaign] | None
    ) -> None:
        self.layout = layout
        self.within = within
        self.default_source = source
        self.keys = keys
        self.on_brand_clock = 0

    def read(self, records: Iterable[Record]) -> FileRows:
        """Read a batch of records; two to four queries."""
        self.on_brand_clock = 0
        good: list[tuple[Record, Cells]] = []
        refused: list[RefusedRow] = []
        for record in records:
            try:
                good.append((record, Cells(self.layout, record)))
            except BadCell as error:
                refused.append(refused_row(record, self.layout, error))
        campaigns = CampaignLookup({cells.reference for _, cells in good}, self.within)
        records_read: list[Record] = []
        rows: list[AnyRow] = []
        for record, cells in good:
            try:
                rows.append(self.row(cells, campaigns))
                records_read.append(record)
            except BadCell as error:
                refused.append(refused_row(record, self.layout, error))
        return FileRows(self.layout, records_read, rows, refused, self.on_brand_clock)

    def row(self, cells: Cells, campaigns: CampaignLookup) -> AnyRow:
        """Return the row that the cells are. Raises `BadCell`."""
        reference = cells.reference
        try:
            campaign_id, facts = campaigns.campaign(reference)
        except Refused as refusal:
            column = "campaign_id" if reference.campaign_id else "external_id"
            raise BadCell(column, refusal.code, str(refusal)) from None
        build = self.entry if self.layout.kind == FileKind.ENTRIES else self.total
        return build(cells, campaign_id, facts)

    def entry(self, cells: Cells, campaign_id: int, facts: CampaignFacts) -> SpendEntry:
        """Return the row as an entry, with a key of its own or one made for it."""
        source = cells.text("source") or self.default_source
        at = self.instant(cells, "occurred_at", facts)
        amount = cells.read("amount", self.amount)
        if "key" in self.layout.columns:
            key = cells.read("key", a_key)
        else:
            key = self.keys.next_key(source=source, campaign_id=campaign_id, at=at, amount=amount)
        return SpendEntry(source, key, campaign_id, at, amount, cells.text("currency"))

    def total(self, cells: Cells, campaign_id: int, facts: CampaignFacts) -> DayTotal:
        return DayTotal(
            source=cells.text("source") or self.default_source,
            campaign_id=campaign_id,
            day=cells.read("day", read_day),
            total=cells.read("total", self.amount),
            currency=cells.text("currency"),
            as_of=self.instant(cells, "as_of", facts),
        )

    def amount(self, text: str) -> Decimal:
        """Return the amount, in the file's way of writing decimals. Raises `Refused`."""
        return read_amount(text, decimal_comma=self.layout.decimal_comma)

    def instant(self, cells: Cells, column: str, facts: CampaignFacts) -> datetime:
        """Return the instant, on the brand's clock where no offset is given. Raises `BadCell`."""
        instant, on_brand_clock = cells.read(column, lambda text: read_instant(text, facts.clock))
        self.on_brand_clock += on_brand_clock
        return instant


def a_key(text: str) -> str:
    """Return the key. Raises `Refused`."""
    if not text:
        raise Refused(
            "bad_key", "The key is empty; fill it in, or leave the column out to have keys made."
        )
    return text


def refused_row(record: Record, layout: Layout, error: BadCell) -> RefusedRow:
    """Say at which line, column and cell of the file a row is refused."""
    value = layout.cell(error.column, record.fields)
    return RefusedRow(record.line, error.column, value, error.code, str(error), record.fields)
