"""Read the day, the currency and the amount of a row, as its file writes them."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from budgets.cells.dates import read_day
from budgets.cells.numbers import read_number
from budgets.cells.refusal import quoted
from budgets.cells.writing import is_no_value
from budgets.operations.ingest.validation import Refused, checked_micros
from budgets.operations.spend_file.file_rows import BadCell, Cells
from budgets.operations.spend_file.header.names import LAST_DAY
from budgets.operations.spend_file.layout import Layout
from budgets.operations.spend_file.terms import Writing


@dataclass(frozen=True, slots=True)
class CellReader:
    """Reads what a row says by itself, whatever its campaign is."""

    layout: Layout
    writing: Writing

    def day(self, cells: Cells) -> date:
        """Return the one day that a row covers. Raises `BadCell`."""
        if "day" not in self.layout.columns:
            return cells.read("day", lambda _: self.only_day())
        day = cells.read("day", self.read_day)
        if LAST_DAY in self.layout.columns:
            self.refuse_several(cells, day)
        covered = self.writing.covered
        if covered and not covered[0] <= day <= covered[1]:
            raise BadCell(
                "day",
                "day_not_covered",
                f"The report says that it covers {covered[0]} to {covered[1]}, and the row is of "
                f"{day}. Is that the day of its spend? If so, delete the lines above the header.",
            )
        return day

    def refuse_several(self, cells: Cells, day: date) -> None:
        """Refuse a row that ends on another day, or on none. Raises `BadCell`."""
        last = cells.read(LAST_DAY, self.read_day) if cells.text(LAST_DAY) else "no end"
        if last != day:
            raise BadCell(
                "day",
                "several_days",
                f"The row covers several days, {day} to {last}; export the report with a breakdown "
                "by day.",
            )

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
        said = cells.text("currency")
        for where, there in (
            ("The header says", self.layout.currency),
            ("Above the header stands", self.writing.currency_above),
        ):
            if there and said != there:
                raise BadCell(
                    "currency",
                    "wrong_currency",
                    f"{where} {there}, the row says {quoted(said)}; which is right?",
                )
        return said

    def amount(self, cells: Cells, currency: str) -> Decimal:
        """Return the amount, as the file writes numbers; “--” is 0. Raises `BadCell`."""

        def read(cell: object) -> Decimal:
            cells.refuse_split_amount()
            if isinstance(cell, str) and is_no_value(cell):
                return Decimal(0)
            number = read_number(cell, self.writing.amounts, currency=currency)
            checked_micros(number)
            return number

        return cells.read(self.layout.amount_column, read)
