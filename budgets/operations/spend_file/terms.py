"""Terms: what holds for all rows of a file, from the file itself, else from who hands it in."""

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from budgets.cells.dates import DayOrder, read_day
from budgets.cells.numbers import UNDETERMINED, NumberStyle
from budgets.cells.refusal import UnreadableCell
from budgets.operations.spend_file.given import Given, Question, Unanswered
from budgets.operations.spend_file.header.finding import SpendFile
from budgets.operations.spend_file.layout import FileKind
from budgets.operations.spend_file.survey import Survey
from budgets.sheets.records import BadFile

ORDERS: tuple[DayOrder, DayOrder] = ("dmy", "mdy")
A_REPORT = re.compile("report|bericht|rapport|informe|relat[óo]rio")
"""What the titles of Google's reports have in common, in the languages of their users."""
ORDER_WORDS = {"dmy": "the day first", "mdy": "the month first"}


@dataclass(frozen=True, slots=True)
class Writing:
    """How the rows of a file are written, and what they do not say themselves."""

    amounts: NumberStyle = UNDETERMINED
    order: DayOrder | None = None
    source: str = ""
    """Of rows that name none."""
    currency: str = ""
    """Of all rows, where there is no column of currencies."""
    day: date | None = None
    """Of all rows, where there is no column of days."""
    covered: tuple[date, date] | None = None
    """The first and the last day of which the report says that it is."""
    currency_above: str = ""
    """What stands above the header, though there is a column of currencies."""


def settled(file: SpendFile, seen: Survey, given: Given) -> Writing:
    """Return the terms of a file. Raises `BadFile`, and `Unanswered` with all that is open."""
    try:
        writing = Writing(
            seen.amounts,
            order_of(file, seen, given),
            source_of(file, given),
            currency_of(file, seen, given),
            day_of(file, given),
            covered_by(file),
            file.preamble.currency,
        )
    except UnreadableCell as error:
        raise BadFile(str(error)) from None
    questions = dict(open_questions(file, seen, writing))
    if questions:
        raise Unanswered(" ".join(questions.values()), *questions)
    return writing


NEEDS_A_SOURCE = (
    "Day totals replace what their source said before, so they need its name: give the source "
    "(such as google or meta), or add a column “source”."
)
NEEDS_A_CURRENCY = "Nothing in the file says in which currency its amounts are."
NEEDS_A_DAY = "The file has no column of days, and its rows may be of several."
NEEDS_AN_ORDER = (
    "Days such as “{}” have two readings, and no day over 12 shows which; is the day first or the "
    "month?"
)
NEEDS_ITS_DAYS = (
    "The rows have a first day, and nothing says on which day they end; export the report by day, "
    "or say that this is the column of days."
)


def open_questions(
    file: SpendFile, seen: Survey, writing: Writing
) -> Iterator[tuple[Question, str]]:
    """Yield what somebody must say before the file can be read, and why."""
    columns, of_totals = file.layout.columns, file.layout.kind == FileKind.TOTALS
    if not seen.rows:
        return
    if of_totals and not writing.source and "source" not in columns:
        yield Question.SOURCE, NEEDS_A_SOURCE
    if not writing.currency and "currency" not in columns:
        yield Question.CURRENCY, NEEDS_A_CURRENCY
    if of_totals and writing.day is None and "day" not in columns:
        yield Question.DAY, NEEDS_A_DAY
    if seen.days_of_two_readings and writing.order is None:
        yield Question.ORDER, NEEDS_AN_ORDER.format(min(seen.days_of_two_readings))
    if file.layout.lone_first_day and not is_by_day(file, seen, writing.order):
        yield Question.COLUMNS, NEEDS_ITS_DAYS


def is_by_day(file: SpendFile, seen: Survey, order: DayOrder | None) -> bool:
    """Say whether the first days of rows are their only ones: LinkedIn names them so.

    Elsewhere they may be those on which campaigns began. Two days in a row show that they are no
    first days of weeks or months.
    """
    if not file.is_of("linkedin"):
        return False
    return file.preamble.only_day is not None or any(
        (later - earlier).days == 1
        for each in ([order] if order else ORDERS)
        for earlier, later in pairwise(sorted(days_in(seen.days_seen, each)))
    )


def days_in(cells: Iterable[str], order: DayOrder) -> Iterator[date]:
    """Yield the days of those cells that can be read."""
    for cell in cells:
        with suppress(UnreadableCell):
            yield read_day(cell, order=order)


def source_of(file: SpendFile, given: Given) -> str:
    """Return the source of rows that name none. Entries of none have a name of their own."""
    if given.source or file.layout.kind == FileKind.ENTRIES:
        return given.source
    chosen = file.remembered.source if file.remembered else ""
    return chosen or (file.platform.source if file.platform else "")


def currency_of(file: SpendFile, seen: Survey, given: Given) -> str:
    """Return the currency of all rows. Raises `BadFile` where the file names two."""
    if "currency" in file.layout.columns:
        return ""
    said = {file.layout.currency, file.preamble.currency} - {""}
    named = seen.currencies
    if len(said) > 1 or named == frozenset():
        raise BadFile(
            "The file names several currencies and has no column of them; add a column “currency”, "
            "or make one file of each."
        )
    if said:
        return said.pop()
    if named is not None and len(named) == 1:
        return next(iter(named))
    return given.currency.upper() or (file.remembered.currency if file.remembered else "")


def day_of(file: SpendFile, given: Given) -> date | None:
    """Return the day of all rows. Raises `BadFile` where the report is of several."""
    if file.layout.kind == FileKind.ENTRIES or "day" in file.layout.columns:
        return None
    covered = covered_by(file)
    if covered and covered[0] != covered[1]:
        raise BadFile(
            f"The report covers {covered[0]} to {covered[1]} and has no column of days; export it "
            "with a breakdown by day."
        )
    # Below its title Google writes the days that the report covers, others when it was made.
    is_below_title = file.is_of("google") and A_REPORT.search(file.preamble.text)
    lone_day = file.preamble.lone_day if is_below_title else None
    return file.preamble.only_day or lone_day or given.day


def covered_by(file: SpendFile) -> tuple[date, date] | None:
    """Return the days that the report says it covers."""
    first, last = file.preamble.first_day, file.preamble.last_day
    return (first, last) if first and last else None


def order_of(file: SpendFile, seen: Survey, given: Given) -> DayOrder | None:
    """Return whether the day or the month comes first. Raises `BadFile` for what is disproved."""
    proven = seen.order or order_in_range(file, seen)
    if proven and given.order and proven != given.order:
        raise BadFile(
            f"The file's days have {ORDER_WORDS[proven]}, and {ORDER_WORDS[given.order]} was "
            "given; leave it out."
        )
    return proven or given.order


def order_in_range(file: SpendFile, seen: Survey) -> DayOrder | None:
    """Return the only order in which all days are of those that the report says it covers."""
    covered = covered_by(file)
    if not (covered and seen.days_of_two_readings):
        return None
    first, last = covered
    orders = [
        order
        for order in ORDERS
        if all(first <= read_day(day, order=order) <= last for day in seen.days_of_two_readings)
    ]
    return orders[0] if len(orders) == 1 else None
