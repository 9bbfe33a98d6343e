"""Survey a spend file before it is read: how its whole columns write numbers and days.

A cell alone may have two readings, `1,234` or `3/4/2026`; another of its column shows which.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from budgets.cells.dates import DayEvidence, DayOrder
from budgets.cells.numbers import UNDETERMINED, NumberEvidence, NumberStyle
from budgets.cells.refusal import UnreadableCell
from budgets.operations.spend_file.layout import BadFile
from budgets.operations.spend_file.records import opened

RECORDS_A_BATCH = 5_000


@dataclass(frozen=True, slots=True)
class Writing:
    """How the amounts and the days of a file are written."""

    amounts: NumberStyle = UNDETERMINED
    order: DayOrder | None = None


def survey(path: Path, *, progress: Callable[[int, float], None]) -> Writing:
    """Return how the columns of a file are written. Raises `BadFile` and `OSError`.

    Refused where two cells of a column contradict each other: one of them would be misread.
    """
    numbers, days = NumberEvidence(), DayEvidence()
    with opened(path) as file:
        layout = file.layout
        for batch in file.batches(RECORDS_A_BATCH):
            for record in batch:
                currency = layout.cell("currency", record.fields) or None
                amount = layout.cell(layout.amount_column, record.fields)
                numbers.observe(amount, currency=currency, line=record.line)
                days.observe(layout.cell("day", record.fields), line=record.line)
            progress(0, file.share_read / 2)
    try:
        return Writing(numbers.style(), days.order())
    except UnreadableCell as error:
        raise BadFile(str(error)) from None
