"""Survey a spend file before it is read: how its whole columns write numbers and days.

A cell alone may have two readings, `1,234` or `3/4/2026`; another of its column shows which.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from budgets.cells.dates import DayEvidence, DayOrder, read_day
from budgets.cells.numbers import NumberEvidence, NumberStyle
from budgets.cells.refusal import UnreadableCell
from budgets.cells.writing import taken_apart
from budgets.operations.spend_file.header.finding import SpendFile
from budgets.operations.spend_file.header.names import LAST_DAY
from budgets.operations.spend_file.layout import Layout
from budgets.sheets.records import BadFile, Record

RECORDS_A_BATCH = 5_000
DAYS_KEPT = 10_000
"""A column of days has few different cells, each of which is looked at once."""


@dataclass(slots=True)
class Survey:
    """What the columns of a file show, seen row by row."""

    layout: Layout
    days_columns: list[str] = field(init=False)
    rows: int = 0
    numbers: NumberEvidence = field(default_factory=NumberEvidence)
    days: DayEvidence = field(default_factory=DayEvidence)
    days_seen: set[str] = field(default_factory=set)
    days_of_two_readings: set[str] = field(default_factory=set)
    currencies: frozenset[str] | None = None
    """The currencies that all amounts which name one can be in; `None` where none does."""

    def __post_init__(self) -> None:
        self.days_columns = [each for each in ("day", LAST_DAY) if each in self.layout.columns]

    @property
    def amounts(self) -> NumberStyle:
        return self.numbers.style()

    @property
    def order(self) -> DayOrder | None:
        return self.days.order()

    def see(self, record: Record) -> None:
        """Look at a row. Raises `BadFile` where a second table begins."""
        fields, layout = record.fields, self.layout
        self.rows += 1
        amount = layout.field(layout.amount_column, fields)
        if isinstance(amount, str):
            amount = amount.strip()
            if not self.numbers.shows_nothing_new(amount):
                currency = layout.cell("currency", fields) or layout.currency or None
                self.numbers.observe(amount, currency=currency, line=record.line)
            if amount[-1:].isalpha() or not amount[:1].isdecimal():
                self.see_words(amount, record)
        for column in self.days_columns:
            day = layout.field(column, fields)
            if not isinstance(day, str):
                self.days.observe(day)
            elif day and day not in self.days_seen:
                self.see_day(day.strip(), record.line)

    def see_words(self, amount: str, record: Record) -> None:
        """Look at an amount that is more than digits."""
        if amount == self.layout.header[self.layout.columns[self.layout.amount_column]]:
            raise BadFile(
                f"Line {record.line} repeats the header: these are two tables. Make one file of "
                "each."
            )
        try:
            named = taken_apart(amount).currencies
        except UnreadableCell:
            return
        if named is not None:
            self.currencies = named if self.currencies is None else self.currencies & named

    def see_day(self, day: str, line: int) -> None:
        self.days.observe(day, line=line)
        if len(self.days_seen) < DAYS_KEPT:
            self.days_seen.add(day)
        try:
            read_day(day)
        except UnreadableCell as error:
            if error.code == "two_readings":
                self.days_of_two_readings.add(day)


def survey(
    file: SpendFile,
    *,
    progress: Callable[[int, float], None],
    note: Callable[[Layout, Record], None],
) -> Survey:
    """Look at all rows of a file. Raises `BadFile`.

    `note` gets each record, for whatever else must be known of all before the first is taken.
    """
    seen = Survey(file.layout)
    for batch in file.batches(RECORDS_A_BATCH):
        for record in batch:
            seen.see(record)
            note(file.layout, record)
        progress(0, file.share_read / 2)
    return seen
