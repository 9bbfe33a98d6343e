"""A cell without end costs no more than reading it: no reader goes over it again and again."""

from collections.abc import Callable
from contextlib import suppress
from time import process_time
from typing import Any

import pytest

from budgets.cells.dates import DayEvidence, read_day
from budgets.cells.formulas import harmless
from budgets.cells.identifiers import read_identifier
from budgets.cells.names import folded, plain
from budgets.cells.numbers import UNDETERMINED, NumberEvidence, read_number
from budgets.cells.refusal import UnreadableCell
from budgets.cells.typed import read_typed_number
from budgets.rules.hours import BadHours, WeekHours
from budgets.sheets.records import text_of

LENGTH = 300_000
MOST_SECONDS = 0.8
"""Of the processor: what is quadratic takes more at this length, what is linear a tenth."""

STARTS = (
    " ",
    "\u00a0",
    "9",
    '"',
    "'",
    "(",
    "-",
    "=",
    "٣",
    "1 ",
    "1,",
    "1.",
    "1/",
    "1e",
    "9 ",
    "Mon-",
)
READERS: dict[str, Callable[[str], Any]] = {
    "amount": lambda cell: read_number(cell, UNDETERMINED, currency="EUR"),
    "amounts of a column": lambda cell: NumberEvidence().observe(cell, line=2),
    "typed amount": lambda cell: read_typed_number(cell, decimal_sign=".", currency="EUR"),
    "day": lambda cell: read_day(cell, order=None),
    "days of a column": lambda cell: DayEvidence().observe(cell, line=2),
    "id": read_identifier,
    "name": folded,
    "searched name": plain,
    "hours": WeekHours.parse,
    "cell of a file that leaves": harmless,
    "cell as text": text_of,
}


@pytest.mark.parametrize("reader", READERS)
def test_a_cell_without_end_is_read_once(reader: str) -> None:
    slow = {}
    for start in STARTS:
        for cell in (start * (LENGTH // len(start)), start * (LENGTH // len(start)) + "x"):
            before = process_time()
            with suppress(UnreadableCell, BadHours):
                READERS[reader](cell)
            if process_time() - before > MOST_SECONDS:
                slow[cell[:4] + "…" + cell[-2:]] = process_time() - before
    assert slow == {}
