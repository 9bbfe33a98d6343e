"""A report's own totals and footers: left out of its rows, and compared with their sum."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from math import isqrt
from typing import Any, NamedTuple

from budgets.cells.currencies import decimals_of
from budgets.cells.dates import read_day
from budgets.cells.numbers import read_number
from budgets.cells.refusal import UnreadableCell, quoted
from budgets.cells.writing import is_no_value
from budgets.operations.ingest.types import DayTotal
from budgets.operations.spend_file.file_rows import FileRows
from budgets.operations.spend_file.given import Question, Unanswered
from budgets.operations.spend_file.header.finding import SpendFile
from budgets.operations.spend_file.header.names import LAST_DAY
from budgets.operations.spend_file.terms import Writing
from budgets.sheets.records import Record, text_of

TOTAL = re.compile(
    r"(?:-+ ?)?(?:(?:grand |overall )?totals?|gesamt|gesamtsumme|gesamtergebnis|summe|insgesamt"
    r"|total (?:général|general|geral)|totaux|totales|totais|totale(?: complessivo)?|totaal)"
    r"(?: *[:–(-].*)?",
    re.IGNORECASE,
)
COUNTED = re.compile(
    r"(?:total (?:of|de)|gesamt(?: von)?|results (?:from|of)|ergebnisse (?:aus|von)"
    r"|résultats (?:de|pour)|resultados de|risultati (?:di|da)|resultaten van) [\d.,]+ [^\W\d]+",
    re.IGNORECASE,
)
"""Totals that say of how many rows they are; no campaign is called so."""
FOOTER = re.compile(r"(?:©|\(c\)|copyright\b).*", re.IGNORECASE)
LABEL = re.compile(f"{TOTAL.pattern}|{COUNTED.pattern}|{FOOTER.pattern}", re.IGNORECASE)
BEGINS = frozenset("-tTgGsSiIrReEoO©(cC")
"""How labels begin, and most other cells do not."""
REFERENCES = ("campaign_id", "external_id", "campaign")


class OwnTotal(NamedTuple):
    """A row that the report adds up itself."""

    line: int
    label: str
    amount: Decimal | None
    """`None` where it says none."""


@dataclass(slots=True)
class OwnTotals:
    """Follows the rows of day totals, sets aside those of the report, and compares at the end."""

    file: SpendFile
    writing: Writing
    found: list[OwnTotal] = field(default_factory=list)
    summary: Record | None = None
    """The first row, where it names no campaign: Meta's sum, or a row that lacks its campaign."""
    rows: int = 0
    total: Decimal = Decimal(0)
    currencies: set[str] = field(default_factory=set)

    def without(self, records: Iterable[Record]) -> list[Record]:
        """Return the rows of spend among the next records."""
        return [record for record in records if not self.sets_aside(record)]

    def sets_aside(self, record: Record) -> bool:
        """Say whether a record is no row of spend."""
        fields, is_first = record.fields, not self.rows
        self.rows += 1
        if is_first and not record.error and self.names_no_campaign(fields):
            self.summary = record
            return True
        label = self.label_of(fields)
        if label is None or not self.is_total(label, fields):
            return False
        self.rows -= 1
        if not FOOTER.fullmatch(label):
            self.found.append(OwnTotal(record.line, label, self.amount_of(fields)))
        return True

    def names_no_campaign(self, fields: Sequence[Any]) -> bool:
        cells = (self.file.layout.cell(column, fields) for column in REFERENCES)
        return len(fields) == len(self.file.layout.header) and not any(cells)

    def label_of(self, fields: Sequence[Any]) -> str | None:
        """Return what may be the label of a total: in the first cell, or in the campaign's."""
        for cell in (first_of(fields), self.file.layout.field("campaign", fields)):
            text = cell.strip() if isinstance(cell, str) else ""
            if text[:1] in BEGINS and LABEL.fullmatch(text):
                return text
        return None

    def is_total(self, label: str, fields: Sequence[Any]) -> bool:
        """Say whether a row so labelled is no campaign's: it names none, and no day.

        A campaign may be called “Total sale”, or “Total”.
        """
        if FOOTER.fullmatch(label):
            return sum(bool(text_of(cell)) for cell in fields) == 1
        layout = self.file.layout
        named = (layout.cell(column, fields) for column in REFERENCES)
        if any(cell and not is_no_value(cell) and cell != label for cell in named):
            return False
        if layout.columns[layout.amount_column] >= len(fields):
            return False
        return bool(COUNTED.fullmatch(label)) or not self.is_of_a_day(fields)

    def is_of_a_day(self, fields: Sequence[Any]) -> bool:
        """Say whether a row is of one day."""
        layout = self.file.layout
        days = {layout.cell(column, fields) for column in ("day", LAST_DAY)} - {""}
        if len(days) != 1:
            return False
        try:
            read_day(days.pop(), order=self.writing.order)
        except UnreadableCell:
            return False
        return True

    def amount_of(self, fields: Sequence[Any]) -> Decimal | None:
        """Return the amount of a row, where it can be read."""
        layout = self.file.layout
        cell = layout.field(layout.amount_column, fields)
        currency = self.writing.currency or layout.cell("currency", fields) or None
        if isinstance(cell, str) and is_no_value(cell):
            return Decimal(0)
        try:
            number = cell.strip() if isinstance(cell, str) else cell
            return read_number(number, self.writing.amounts, currency=currency)
        except UnreadableCell:
            return None

    def add(self, batch: FileRows) -> None:
        """Add up rows, those too that are refused or left out."""
        for row in batch.rows:
            if isinstance(row, DayTotal):
                self.total += row.total
                self.currencies.add(row.currency)
        others = [row.fields for row in batch.refused]
        for fields in others + [row.record.fields for row in batch.left_out]:
            self.total += self.amount_of(fields) or 0
            currency = self.writing.currency or self.file.layout.cell("currency", fields)
            self.currencies |= {currency} - {""}

    def decide_on_summary(self) -> list[Record]:
        """Return the first row if it is not the sum of the others, and so lacks its campaign."""
        record, self.summary = self.summary, None
        if record is None:
            return []
        amount = self.amount_of(record.fields)
        is_sum = amount is not None and self.is_sum(amount) and not self.is_of_a_day(record.fields)
        if amount is None or not (is_sum or self.file.is_of("meta")):
            return [record]
        self.rows -= 1
        self.found.append(OwnTotal(record.line, "", amount))
        return []

    def is_sum(self, amount: Decimal) -> bool:
        """Say whether the rows add up to it, as near as rounding each of them leaves it."""
        decimals = decimals_of(next(iter(self.currencies))) if self.currencies else 2
        rounding = min(Decimal(self.rows) / 2, Decimal(isqrt(self.rows))).scaleb(-decimals)
        return abs(self.total - amount) <= rounding

    def compare(self, *, despite: bool) -> Decimal | None:
        """Return how much the rows are above the nearest of the report's own totals.

        `None` where none can be compared; 0 where one agrees, as near as rounding leaves it.
        Raises `Unanswered` where none agrees, unless the rows are taken despite.
        """
        known = [each for each in self.found if each.amount is not None]
        if not known or len(self.currencies) > 1:
            return None
        nearest = min(known, key=lambda each: abs(self.total - (each.amount or 0)))
        amount = nearest.amount or Decimal(0)
        off_by = self.total - amount
        if self.is_sum(amount):
            return Decimal(0)
        if despite:
            return off_by
        named = f"{quoted(nearest.label)}, " if nearest.label else ""
        more = "more" if off_by > 0 else "less"
        raise Unanswered(
            f"The rows add up to {self.total:f}, and the file's own total ({named}line "
            f"{nearest.line}) is {amount:f}: the rows are {abs(off_by):f} {more}. Was "
            "the file cut off, or were rows filtered out or added? Download it again, or say that "
            "the rows count as they are.",
            Question.TOTALS,
        )


def first_of(fields: Sequence[Any]) -> Any:
    """Return the first cell in which something is written."""
    for cell in fields:
        if cell.strip() if isinstance(cell, str) else True:
            return cell
    return ""
