"""From records to rows that the ledger takes, or that are refused with line, column and reason."""

from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime

from budgets.cells.identifiers import read_identifier
from budgets.operations.ingest.types import CampaignFacts, DayTotal, SpendEntry
from budgets.operations.ingest.validation import (
    MAX_SOURCE_LENGTH,
    Refused,
    check_currency,
    check_name,
)
from budgets.operations.spend_file.broken_rows import references_of, spoiled_by
from budgets.operations.spend_file.campaigns.lookup import CampaignLookup
from budgets.operations.spend_file.campaigns.reference import LeftOut, Reference, Unmatched
from budgets.operations.spend_file.campaigns.stored import Naming
from budgets.operations.spend_file.campaigns.unmatched import UnmatchedRow
from budgets.operations.spend_file.cell_reader import CellReader
from budgets.operations.spend_file.file_rows import (
    AnyRow,
    BadCell,
    Cells,
    FileRows,
    LeftOutRow,
    RefusedRow,
    Spoiled,
    refused_row,
)
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
        naming: Naming,
    ) -> None:
        self.layout = layout
        self.reader = CellReader(layout, writing)
        self.naming = naming
        self.default_source = writing.source
        self.default_as_of = as_of
        self.keys = keys
        self.on_brand_clock = 0

    def read(self, records: Iterable[Record]) -> FileRows:
        """Read a batch of records; up to eight queries."""
        self.on_brand_clock = 0
        good: list[tuple[Record, Cells]] = []
        refused: list[RefusedRow] = []
        broken: list[tuple[Record, list[Reference]]] = []
        for record in records:
            try:
                good.append((record, Cells(self.layout, record)))
            except BadCell as error:
                refused.append(refused_row(record, self.layout, error))
                broken.append((record, references_of(record, self.layout)))
        references = {cells.reference for _, cells in good}
        references |= {reference for _, some in broken for reference in some}
        campaigns = CampaignLookup(references, self.naming)
        batch = FileRows(self.layout, [], [], refused)
        for record, some in broken:
            batch.spoiled += spoiled_by(record, some, campaigns)
        for record, cells in good:
            try:
                batch.rows.append(self.row(cells, campaigns))
                batch.records.append([record])
            except LeftOut as left_out:
                batch.left_out.append(LeftOutRow(left_out.campaign, record))
            except BadCell as error:
                refused.append(refused_row(record, self.layout, error))
                batch.spoiled += self.spoiled(record, cells, error, campaigns)
                if isinstance(error.__cause__, Unmatched):
                    batch.unmatched.append(self.unmatched(cells, record, error.__cause__))
        batch.on_brand_clock = self.on_brand_clock
        batch.found_by_name = campaigns.found_by_name
        return batch

    def spoiled(
        self, record: Record, cells: Cells, error: BadCell, campaigns: CampaignLookup
    ) -> list[Spoiled]:
        """Return the totals of which a refused row is, or may be, a part."""
        if error.spoils:
            return [Spoiled(*error.spoils, record.line)]
        if self.layout.kind == FileKind.ENTRIES or not isinstance(error.__cause__, Refused):
            return []
        day = None
        with suppress(BadCell):
            day = self.reader.day(cells)
        return [Spoiled(pk, day, record.line) for pk in campaigns.with_id_of(cells.reference)]

    def row(self, cells: Cells, campaigns: CampaignLookup) -> AnyRow:
        """Return the row that the cells are. Raises `BadCell` and `LeftOut`."""
        try:
            campaign_id, facts = campaigns.campaign(cells.reference)
        except Refused as refusal:
            raise BadCell(cells.reference.column, refusal.code, str(refusal)) from refusal
        build = self.entry if self.layout.kind == FileKind.ENTRIES else self.total
        return build(cells, campaign_id, facts)

    def unmatched(self, cells: Cells, record: Record, why: Unmatched) -> UnmatchedRow:
        """Return the row as one of a campaign that a person can match."""
        reference, amount, currency = cells.reference, None, ""
        try:
            currency = self.reader.currency(cells)
            amount = self.reader.amount(cells, currency)
        except BadCell:
            pass
        return UnmatchedRow(
            line=record.line,
            reference=reference,
            source=reference.source or self.naming.source,
            brand_id=why.brand_id,
            candidates=why.candidates,
            amount=amount,
            currency=currency,
        )

    def entry(self, cells: Cells, campaign_id: int, facts: CampaignFacts) -> SpendEntry:
        """Return the row as an entry, with a key of its own or one made for it."""
        source = cells.text("source") or self.default_source or DEFAULT_SOURCE
        at = self.instant(cells, "occurred_at", facts)
        amount = self.reader.amount(cells, facts.currency)
        if "key" in self.layout.columns:
            key = cells.read("key", a_key)
        else:
            key = self.keys.next_key(source=source, campaign_id=campaign_id, at=at, amount=amount)
        return SpendEntry(source, key, campaign_id, at, amount, self.reader.currency(cells))

    def total(self, cells: Cells, campaign_id: int, facts: CampaignFacts) -> DayTotal:
        """Return the row as a total of its day, or a part of one."""
        day = None
        try:
            day = self.reader.day(cells)
            cells.read("currency", lambda _: check_currency(self.reader.currency(cells), facts))
            source = cells.text("source") or self.default_source
            cells.read("source", lambda _: check_name("source", source, MAX_SOURCE_LENGTH))
            return DayTotal(
                source=source,
                campaign_id=campaign_id,
                day=day,
                total=self.reader.amount(cells, facts.currency),
                currency=facts.currency,
                as_of=self.as_of(cells, facts),
            )
        except BadCell as error:
            error.spoils = campaign_id, day
            raise

    def as_of(self, cells: Cells, facts: CampaignFacts) -> datetime:
        """Return when the total was known: as the row says, or when the file was given to us."""
        if "as_of" not in self.layout.columns:
            return self.default_as_of
        return self.instant(cells, "as_of", facts)

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
