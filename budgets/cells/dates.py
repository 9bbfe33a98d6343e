"""Days: learn from a whole column whether the day or the month comes first, then read each."""

import re
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Literal

from budgets.cells.months import month_named
from budgets.cells.refusal import UnreadableCell, quoted
from budgets.cells.writing import alike

DayOrder = Literal["dmy", "mdy"]

YEAR_FIRST = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})([ T]00:00(:00(\.0+)?)?)?", re.ASCII)
COMPACT = re.compile(r"([12]\d{3})(\d\d)(\d\d)", re.ASCII)
SLASHED = re.compile(r"(\d{1,2})([-/])(\d{1,2})\2(\d{4})( 0?0:00(:00)?)?", re.ASCII)
DOTTED = re.compile(r"(\d{1,2})\. ?(\d{1,2})\. ?(\d{4})( 0?0:00(:00)?)?", re.ASCII)
DAY_NAMED = re.compile(r"(\d{1,2})\.?(?:[ -]| de )([^\W\d_]+)\.?,?(?:[ -]| de )(\d{4})")
MONTH_NAMED = re.compile(r"([^\W\d_]+)\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})")
TWO_DIGIT_YEAR = re.compile(r"\d{1,2}([-/.]) ?\d{1,2}\1 ?\d\d", re.ASCII)
SERIAL = re.compile(r"\d{5}(\.\d+)?", re.ASCII)

FIRST_YEAR, LAST_YEAR = 2000, 2999


@dataclass(slots=True)
class DayEvidence:
    """What the cells of a column show of the order of day and month, seen one by one."""

    proofs: dict[DayOrder, str] = field(default_factory=dict)
    """For each order the first cell that can only be read in it."""
    converted: str = ""
    """The first cell that a spreadsheet made a date, which may have swapped day and month."""

    def observe(self, cell: object, *, line: int | None = None) -> None:
        """Look at a cell; only 3/31/2026 and the like show anything, by a value over 12."""
        if isinstance(cell, date) and cell.day <= 12 and not self.converted:
            self.converted = quoted(f"{cell:%Y-%m-%d}")
        match = SLASHED.fullmatch(alike(cell)) if isinstance(cell, str) else None
        if match:
            first, second = int(match[1]), int(match[3])
            if (first > 12) != (second > 12):
                where = quoted(cell) if line is None else f"{quoted(cell)} in line {line}"
                self.proofs.setdefault("dmy" if first > 12 else "mdy", where)

    def order(self) -> DayOrder | None:
        """Return the order, `None` where no cell shows it.

        Raises `UnreadableCell` where two cells contradict each other.
        """
        if self.proofs and self.converted:
            text = next(iter(self.proofs.values()))
            raise UnreadableCell(
                "two_styles",
                f"A spreadsheet took some days of one column for dates, such as {self.converted}, "
                f"and left others as text, such as {text}: it reads days in the other order, and "
                "those it took may have day and month swapped. Take the file as it was downloaded.",
            )
        if len(self.proofs) == 2:
            raise UnreadableCell(
                "two_styles",
                f"One column is written in two ways: {self.proofs['dmy']} has the day first, "
                f"{self.proofs['mdy']} the month; write days like 2026-03-31.",
            )
        return next(iter(self.proofs), None)


def read_day(cell: object, *, order: DayOrder | None = None) -> date:
    """Return the day that a cell names, in the order of its column or as the caller knows.

    Raises `UnreadableCell` for two readings, a year of two digits, and whatever is no day.
    """
    if isinstance(cell, datetime):
        if cell.time() != time(0) or cell.tzinfo:
            raise bad_day(f"{quoted(cell)} is a time, not a day; write it like 2026-03-31.")
        return of_this_century(cell.date())
    if isinstance(cell, date):
        return of_this_century(cell)
    text = alike(str(cell))
    year, month, day = parts_of(text, order)
    try:
        return of_this_century(date(year, month, day))
    except ValueError as error:
        if isinstance(error, UnreadableCell):
            raise
        raise bad_day(f"There is no such day: {quoted(text)}.") from None


def parts_of(text: str, order: DayOrder | None) -> tuple[int, int, int]:
    """Return year, month and day as they are written."""
    if match := YEAR_FIRST.fullmatch(text):
        return int(match[1]), int(match[3]), int(match[4])
    if match := COMPACT.fullmatch(text):
        return int(match[1]), int(match[2]), int(match[3])
    if match := DOTTED.fullmatch(text):
        return int(match[3]), int(match[2]), int(match[1])
    if match := SLASHED.fullmatch(text):
        return slashed(text, int(match[1]), int(match[3]), int(match[4]), order)
    if (match := DAY_NAMED.fullmatch(text)) and (month := month_named(match[2])):
        return int(match[3]), month, int(match[1])
    if (match := MONTH_NAMED.fullmatch(text)) and (month := month_named(match[1])):
        return int(match[3]), month, int(match[2])
    raise no_day(text)


def slashed(
    text: str, first: int, second: int, year: int, order: DayOrder | None
) -> tuple[int, int, int]:
    """Return year, month and day of what is day first in one country, month first in another."""
    if order is None and first != second and first <= 12 and second <= 12:
        day_first, month_first = (
            f"{year}-{m:02}-{d:02}" for m, d in ((second, first), (first, second))
        )
        raise UnreadableCell(
            "two_readings",
            f"{quoted(text)} is {day_first} or {month_first}, and nothing shows which; "
            "write it like 2026-03-31.",
        )
    is_day_first = order == "dmy" if order else first > 12
    return (year, second, first) if is_day_first else (year, first, second)


def of_this_century(day: date) -> date:
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise bad_day(f"{quoted(day)} is not of this century; is the year right?")
    return day


def no_day(text: str) -> UnreadableCell:
    """Return what keeps the text from being a day, and what to write."""
    if not text:
        return UnreadableCell("empty", "The cell is empty; write a day like 2026-03-31.")
    if TWO_DIGIT_YEAR.fullmatch(text):
        return bad_day(f"{quoted(text)} has a year of two digits; write all four: 2026-03-31.")
    if SERIAL.fullmatch(text):
        return bad_day(
            f"{quoted(text)} is a spreadsheet's number for a day; show the column as a date there."
        )
    return bad_day(f"{quoted(text)} is no day we read for certain; write it like 2026-03-31.")


def bad_day(message: str) -> UnreadableCell:
    return UnreadableCell("bad_day", message)
