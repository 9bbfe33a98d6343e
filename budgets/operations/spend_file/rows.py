"""From records to rows that the ledger takes, or that are refused with line, column and reason."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal

from django.db.models import QuerySet

from budgets.cells.dates import read_day
from budgets.cells.identifiers import read_identifier
from budgets.cells.numbers import read_number
from budgets.cells.refusal import quoted
from budgets.cells.writing import is_no_value
from budgets.models import Campaign
from budgets.operations.ingest.types import CampaignFacts, DayTotal, SpendEntry
from budgets.operations.ingest.validation import (
    MAX_SOURCE_LENGTH,
    Refused,
    check_currency,
    check_name,
    checked_micros,
)
from budgets.operations.spend_file.campaigns import CampaignLookup
from budgets.operations.spend_file.file_rows import (
    AnyRow,
    BadCell,
    Cells,
    FileRows,
    RefusedRow,
    Spoiled,
    refused_row,
)
from budgets.operations.spend_file.header.names import LAST_DAY
from budgets.operations.spend_file.instants import read_instant
from budgets.operations.spend_file.layout import FileKind, Layout
from budgets.operations.spend_file.scratch import MadeKeys
from budgets.operations.spend_file.terms import Writing
from budgets.sheets.records import Record, text_of

DEFAULT_SOURCE = "csv"
"""Of entries that name none. Day totals need a source that is named: they replace each other."""


class RowReader:
    """Reads the records of one file as rows of spend."""

    def __init__(
        self,
        layout: Layout,
        *,
        writing: Writing,
        as_of: datetime,
        keys: MadeKeys,
        within: QuerySet[Campaign] | None,
    ) -> None:
        self.layout = layout
        self.writing = writing
        self.within = within
        self.default_source = writing.source
        self.default_as_of = as_of
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
        batch = FileRows(self.layout, [], [], refused)
        for record, cells in good:
            try:
                batch.rows.append(self.row(cells, campaigns))
                batch.records.append([record])
            except BadCell as error:
                refused.append(refused_row(record, self.layout, error))
                if error.spoils:
                    batch.spoiled.append(Spoiled(*error.spoils, record.line))
        batch.on_brand_clock = self.on_brand_clock
        return batch

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
        source = cells.text("source") or self.default_source or DEFAULT_SOURCE
        at = self.instant(cells, "occurred_at", facts)
        amount = self.amount(cells, facts)
        if "key" in self.layout.columns:
            key = cells.read("key", a_key)
        else:
            key = self.keys.next_key(source=source, campaign_id=campaign_id, at=at, amount=amount)
        return SpendEntry(source, key, campaign_id, at, amount, self.currency(cells))

    def total(self, cells: Cells, campaign_id: int, facts: CampaignFacts) -> DayTotal:
        """Return the row as a total of its day, or a part of one."""
        day = None
        try:
            day = self.day(cells)
            cells.read("currency", lambda _: check_currency(self.currency(cells), facts))
            source = cells.text("source") or self.default_source
            cells.read("source", lambda _: check_name("source", source, MAX_SOURCE_LENGTH))
            return DayTotal(
                source=source,
                campaign_id=campaign_id,
                day=day,
                total=self.amount(cells, facts),
                currency=facts.currency,
                as_of=self.as_of(cells, facts),
            )
        except BadCell as error:
            error.spoils = campaign_id, day
            raise

    def day(self, cells: Cells) -> date:
        """Return the one day that a row covers. Raises `BadCell`."""
        if "day" not in self.layout.columns:
            return cells.read("day", lambda _: self.only_day())
        day = cells.read("day", self.read_day)
        if LAST_DAY in self.layout.columns and (last := cells.read(LAST_DAY, self.read_day)) != day:
            raise BadCell(
                "day",
                "several_days",
                f"The row covers several days, {day} to {last}; export the report with a breakdown "
                "by day.",
            )
        return day

    def read_day(self, cell: object) -> date:
        return read_day(cell, order=self.writing.order)

    def only_day(self) -> date:
        """Return the day of all rows. Raises `Refused`."""
        if self.writing.day is None:
            raise Refused("bad_day", "Nothing says of which day the row is.")
        return self.writing.day

    def currency(self, cells: Cells) -> str:
        """Return the currency of a row. Raises `BadCell` where row and header name two."""
        if "currency" not in self.layout.columns:
            return self.writing.currency
        said, of_header = cells.text("currency"), self.layout.currency
        if of_header and said != of_header:
            raise BadCell(
                "currency",
                "wrong_currency",
                f"The header says {of_header}, the row {quoted(said)}; which is right?",
            )
        return said

    def as_of(self, cells: Cells, facts: CampaignFacts) -> datetime:
        """Return when the total was known: as the row says, or when the file was given to us."""
        if "as_of" not in self.layout.columns:
            return self.default_as_of
        return self.instant(cells, "as_of", facts)

    def amount(self, cells: Cells, facts: CampaignFacts) -> Decimal:
        """Return the amount, as the file writes numbers; “--” is 0. Raises `BadCell`."""

        def read(cell: object) -> Decimal:
            if isinstance(cell, str) and is_no_value(cell):
                return Decimal(0)
            number = read_number(cell, self.writing.amounts, currency=facts.currency)
            checked_micros(number)
            return number

        return cells.read(self.layout.amount_column, read)

    def instant(self, cells: Cells, column: str, facts: CampaignFacts) -> datetime:
        """Return the instant, on the brand's clock where no offset is given. Raises `BadCell`."""
        instant, on_brand_clock = cells.read(
            column, lambda cell: read_instant(text_of(cell), facts.clock)
        )
        self.on_brand_clock += on_brand_clock
        return instant


def a_key(cell: object) -> str:
    """Return the key. Raises `Refused` and `UnreadableCell`."""
    text = cell if isinstance(cell, str) else read_identifier(cell)
    if not text:
        raise Refused(
            "bad_key", "The key is empty; fill it in, or leave the column out to have keys made."
        )
    return text
