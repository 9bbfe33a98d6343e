"""What became of a spend file, or would: its numbers, and the rows that were refused."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from budgets.models import Change
from budgets.operations.ingest.types import DayTotal, Outcome, Refusal
from budgets.operations.spend_file.campaigns.reference import LeftOutCampaign
from budgets.operations.spend_file.campaigns.unmatched import UnmatchedCampaigns
from budgets.operations.spend_file.file_rows import (
    AnyRow,
    BadCell,
    FileRows,
    RefusedRow,
    refused_row,
)
from budgets.operations.spend_file.header.origin import Origin
from budgets.operations.spend_file.layout import Layout
from budgets.operations.spend_file.own_totals import OwnTotal
from budgets.operations.spend_file.terms import Writing
from budgets.rules.money import to_units
from budgets.rules.reasons import NO_REASON, PauseReason

REFUSED_KEPT = 1_000
"""Refused rows that are kept to be shown; a file of refused rows has all."""
REPLACED_KEPT = 100

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


class ReplacedTotal(NamedTuple):
    """A total that takes the place of another, in units of its currency."""

    source: str
    campaign_id: int
    day: date
    before: Decimal
    after: Decimal
    currency: str


@dataclass(slots=True)
class Result:
    """The numbers of a file: rows, money by currency, and the campaigns that changed."""

    layout: Layout
    writing: Writing
    origin: Origin
    rows: int = 0
    accepted: int = 0
    duplicates: int = 0
    refused: int = 0
    on_brand_clock: int = 0
    totals: int = 0
    """Day totals that the rows are, or are parts of; 0 for entries."""
    replaced: int = 0
    replaced_totals: list[ReplacedTotal] = field(default_factory=list)
    """The first of the totals that take the place of what their source said before."""
    own_totals: list[OwnTotal] = field(default_factory=list)
    """Rows that the report adds up itself; they are left out."""
    off_by: Decimal | None = None
    """How much the rows are above its own total: 0 where they agree, `None` if none is compared."""
    micros: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    refused_rows: list[RefusedRow] = field(default_factory=list)
    transitions: dict[int, Transition] = field(default_factory=dict)
    unmatched: UnmatchedCampaigns = field(default_factory=UnmatchedCampaigns)
    """The campaigns of refused rows that a person can match."""
    left_out: int = 0
    """Rows of campaigns that a person chose to leave out."""
    left_out_campaigns: set[LeftOutCampaign] = field(default_factory=set)
    found_by_name: set[int] = field(default_factory=set)
    """The campaigns that were found by their names alone."""
    too_large: bool = False
    """Whether some total would be beyond the largest amount; the import says which rows."""

    @property
    def amounts(self) -> dict[str, Decimal]:
        """The money that is new, by currency. Day totals count as their difference."""
        return {currency: to_units(self.micros[currency]) for currency in sorted(self.micros)}

    def add(self, batch: FileRows, outcome: Outcome, *, now: datetime) -> list[RefusedRow]:
        """Add a batch that was booked, or tried, at this instant; return its refused rows."""
        by_ledger = [row for r in outcome.refused for row in refused_by_ledger(batch, r, now=now)]
        rows = sum(map(len, batch.records))
        accepted = sum(len(batch.records[posting.row]) for posting in outcome.accepted)
        self.rows += rows
        self.accepted += accepted
        self.duplicates += rows - accepted - len(by_ledger)
        for posting in outcome.accepted:
            self.micros[batch.rows[posting.row].currency] += posting.micros
        self.add_totals(batch, outcome)
        return self.add_refused(batch, by_ledger)

    def add_refused(
        self, batch: FileRows, by_ledger: Sequence[RefusedRow] = ()
    ) -> list[RefusedRow]:
        """Add the rows that are refused as they are read, and by the ledger; return both."""
        refused = sorted([*batch.refused, *by_ledger], key=lambda row: row.line)
        self.rows += len(batch.refused) + len(batch.left_out)
        self.refused += len(refused)
        self.refused_rows += refused[: REFUSED_KEPT - len(self.refused_rows)]
        self.refused_rows.sort(key=lambda row: row.line)
        self.on_brand_clock += batch.on_brand_clock
        self.add_campaigns(batch)
        return refused

    def add_campaigns(self, batch: FileRows) -> None:
        """Add how the campaigns of the rows were found, if not by an id, and which were not."""
        for row in batch.unmatched:
            self.unmatched.add(row)
        self.left_out += len(batch.left_out)
        self.left_out_campaigns |= {row.campaign for row in batch.left_out}
        self.found_by_name |= batch.found_by_name

    def add_totals(self, batch: FileRows, outcome: Outcome) -> None:
        """Count day totals, and note those that take the place of others."""
        self.totals += sum(isinstance(row, DayTotal) for row in batch.rows)
        self.replaced += len(outcome.replaced)
        for index, before, after in outcome.replaced[: REPLACED_KEPT - len(self.replaced_totals)]:
            row = batch.rows[index]
            if isinstance(row, DayTotal):
                units = to_units(before), to_units(after)
                self.replaced_totals.append(
                    ReplacedTotal(row.source, row.campaign_id, row.day, *units, row.currency)
                )

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


def refused_by_ledger(batch: FileRows, refusal: Refusal, *, now: datetime) -> Iterator[RefusedRow]:
    """Say where in the file the row stands that the ledger refused, with all its parts."""
    index, code, message = refusal
    error = BadCell(column_of(code, batch.rows[index], now=now), code, message)
    for record in batch.records[index]:
        yield refused_row(record, batch.layout, error)


def column_of(code: str, row: AnyRow, *, now: datetime) -> str:
    """Return the column that a refusal of the ledger is about."""
    if isinstance(row, DayTotal) and code == "conflict":
        return "total"
    if code in COLUMN_OF_CODE:
        return COLUMN_OF_CODE[code]
    if isinstance(row, DayTotal):
        if code == "too_old":
            return "day"
        about_instant = code == "bad_time" or (code == "future" and row.as_of > now)
        return "as_of" if about_instant else "day" if code == "future" else "total"
    return "occurred_at" if code in {"bad_time", "future", "too_old"} else "amount"
