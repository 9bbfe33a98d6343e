"""What became of a spend file, or would: its numbers, and the rows that were refused."""

import csv
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from pathlib import Path

from budgets.models import Change
from budgets.operations.ingest.types import DayTotal, Outcome, Refusal
from budgets.operations.spend_file.layout import Layout
from budgets.operations.spend_file.records import opened
from budgets.operations.spend_file.rows import AnyRow, BadCell, FileRows, RefusedRow, refused_row
from budgets.rules.money import to_units
from budgets.rules.reasons import NO_REASON, PauseReason

REFUSED_KEPT = 1_000
"""Refused rows that are kept to be shown; a file of refused rows has all."""

LINE, REASON = "line", "reason"
"""Columns that a file of refused rows adds; an import does not use them, so it can be imported."""

COLUMN_OF_CODE = {
    "unknown_campaign": "campaign_id",
    "wrong_currency": "currency",
    "bad_source": "source",
    "bad_key": "key",
    "conflict": "key",
    "bad_day": "day",
}


@dataclass(slots=True)
class Transition:
    """The reasons of a campaign before the file and after it."""

    before: PauseReason
    after: PauseReason

    @property
    def must_stop(self) -> bool:
        return self.before == NO_REASON != self.after

    @property
    def may_start(self) -> bool:
        """Whether the campaign was paused and runs now."""
        return self.before != NO_REASON == self.after


@dataclass(slots=True)
class Result:
    """The numbers of a file: rows, money by currency, and the campaigns that changed."""

    layout: Layout
    rows: int = 0
    accepted: int = 0
    duplicates: int = 0
    refused: int = 0
    on_brand_clock: int = 0
    micros: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    refused_rows: list[RefusedRow] = field(default_factory=list)
    transitions: dict[int, Transition] = field(default_factory=dict)
    too_large: bool = False
    """Whether some total would be beyond the largest amount; the import says which rows."""

    @property
    def amounts(self) -> dict[str, Decimal]:
        """The money that is new, by currency. Day totals count as their difference."""
        return {currency: to_units(self.micros[currency]) for currency in sorted(self.micros)}

    def add(self, batch: FileRows, outcome: Outcome, *, now: datetime) -> list[RefusedRow]:
        """Add a batch that was booked, or tried, at this instant; return its refused rows."""
        refused = [
            *batch.refused,
            *(refused_by_ledger(batch, refusal, now=now) for refusal in outcome.refused),
        ]
        refused.sort(key=lambda row: row.line)
        self.rows += len(batch.rows) + len(batch.refused)
        self.accepted += len(outcome.accepted)
        self.duplicates += outcome.duplicates
        self.refused += len(refused)
        self.refused_rows += refused[: REFUSED_KEPT - len(self.refused_rows)]
        self.on_brand_clock += batch.on_brand_clock
        for posting in outcome.accepted:
            self.micros[batch.rows[posting.row].currency] += posting.micros
        return refused

    def add_known(self, rows: int) -> None:
        """Add rows that are known to be recorded and were not read."""
        self.rows += rows
        self.duplicates += rows

    def add_changes(self, changes: Iterable[Change]) -> None:
        """Add changes; of several of a campaign, where they started and ended."""
        for change in changes:
            before, after = change.reasons_before, change.reasons_after
            self.transitions.setdefault(change.campaign_id, Transition(before, after)).after = after

    def campaigns(self, *, stopping: bool) -> list[int]:
        """Return the ids of the campaigns that stop, or of those that start."""
        return sorted(
            pk
            for pk, transition in self.transitions.items()
            if (transition.must_stop if stopping else transition.may_start)
        )


def refused_by_ledger(batch: FileRows, refusal: Refusal, *, now: datetime) -> RefusedRow:
    """Say where in the file the row stands that the ledger refused."""
    index, code, message = refusal
    error = BadCell(column_of(code, batch.rows[index], now=now), code, message)
    return refused_row(batch.records[index], batch.layout, error)


def column_of(code: str, row: AnyRow, *, now: datetime) -> str:
    """Return the column that a refusal of the ledger is about."""
    if code in COLUMN_OF_CODE:
        return COLUMN_OF_CODE[code]
    if isinstance(row, DayTotal):
        about_instant = code == "bad_time" or (code == "future" and row.as_of > now)
        return "as_of" if about_instant else "day" if code == "future" else "total"
    return "occurred_at" if code in {"bad_time", "future"} else "amount"


@contextmanager
def refused_file(path: Path, *, of: Path) -> Iterator[Callable[[Sequence[RefusedRow]], None]]:
    """Write the header and yield what appends refused rows, as they came and with the reason.

    Written as the file it comes from: the same delimiter, and the same bytes where they were no
    text. Raises `BadFile` and `OSError`.
    """
    with opened(of) as file:
        layout = file.layout
        encoding = file.encoding
    errors = "surrogateescape" if encoding.startswith("utf-8") else "replace"
    with path.open("w", encoding=encoding, errors=errors, newline="") as text:
        rows = csv.writer(text, delimiter=layout.delimiter)
        rows.writerow([*own_fields(layout.header, layout), LINE, REASON])

        def write(refused: Sequence[RefusedRow]) -> None:
            for row in refused:
                rows.writerow([*own_fields(row.fields, layout), row.line, row.message])

        yield write


def own_fields(fields: Sequence[str], layout: Layout) -> list[str]:
    """Return the fields under the columns of the header, without what an earlier refusal added."""
    width = len(layout.header)
    padded = [*fields[:width], *[""] * (width - len(fields))]
    return [
        field
        for field, name in zip(padded, layout.header, strict=True)
        if name not in (LINE, REASON)
    ]
