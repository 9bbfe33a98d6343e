"""The types of an ingest: what comes in, what may be booked, and what is answered."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Generic, NamedTuple, TypeVar

from budgets.models import Change
from budgets.rules.clock import LocalClock


@dataclass(frozen=True, slots=True)
class SpendEntry:
    """One report of money spent, in units of the currency, at an aware instant."""

    source: str
    key: str
    campaign_id: int
    occurred_at: datetime
    amount: Decimal
    currency: str


@dataclass(frozen=True, slots=True)
class DayTotal:
    """What a source says a campaign spent on a local day in all, as it knew at `as_of`."""

    source: str
    campaign_id: int
    day: date
    total: Decimal
    currency: str
    as_of: datetime


class CampaignFacts(NamedTuple):
    """What checking a row needs to know of its campaign."""

    brand_id: int
    currency: str
    clock: LocalClock
    source_clocks: Mapping[str, LocalClock]

    def clock_of_source(self, source: str) -> LocalClock:
        """Return the clock by which a source dates its totals; the brand's unless it has one."""
        return self.source_clocks.get(source, self.clock)


class Posting(NamedTuple):
    """An entry that may enter the ledger: checked, in micros, on its local day."""

    row: int
    source: str
    key: str
    campaign_id: int
    brand_id: int
    occurred_at: datetime
    day: date
    micros: int


class DayReport(NamedTuple):
    """A day total that may be booked: checked and in micros.

    `occurred_at` is where its difference falls in the day: when it was reported, inside the day.
    """

    row: int
    source: str
    campaign_id: int
    brand_id: int
    day: date
    micros: int
    as_of: datetime
    occurred_at: datetime


class Refusal(NamedTuple):
    """Why the row at an index of the batch was not taken."""

    index: int  # type: ignore[assignment]  # shadows tuple.index, which nobody needs here
    code: str
    message: str


class Replaced(NamedTuple):
    """A day total that takes the place of what its source had said before, in micros."""

    row: int
    before_micros: int
    after_micros: int


@dataclass(slots=True)
class Outcome:
    """What the ledger made of a batch."""

    accepted: list[Posting] = field(default_factory=list)
    duplicates: int = 0
    refused: list[Refusal] = field(default_factory=list)
    replaced: list[Replaced] = field(default_factory=list)
    undecided: set[int] = field(default_factory=set)
    """Brands to decide: new money came, or what comes again may have been left undecided."""

    def __add__(self, other: "Outcome") -> "Outcome":
        return Outcome(
            accepted=self.accepted + other.accepted,
            duplicates=self.duplicates + other.duplicates,
            refused=self.refused + other.refused,
            replaced=self.replaced + other.replaced,
            undecided=self.undecided | other.undecided,
        )


@dataclass(slots=True)
class Receipt:
    """What became of a batch: rows taken, rows known already, rows refused, and what followed."""

    accepted: int = 0
    duplicates: int = 0
    refused: list[Refusal] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)


Row = TypeVar("Row", bound=SpendEntry | DayTotal)
Checked = TypeVar("Checked", bound=Posting | DayReport)

NumberedRow = tuple[int, Row]
"""A row and its index in the call."""


class SpendKind(ABC, Generic[Row, Checked]):
    """A kind of spend: how a row of it is checked, and how checked rows are booked."""

    def refuse_together(self, rows: Sequence[Row]) -> dict[int, Refusal]:  # noqa: ARG002
        """Return, by their index, the rows that contradict each other within one call."""
        return {}

    @abstractmethod
    def validate(self, row: Row, index: int, campaign: CampaignFacts, *, now: datetime) -> Checked:
        """Return the row as it may be booked. Raises `Refused`."""

    @abstractmethod
    def post(self, checked: Sequence[Checked], *, now: datetime) -> Outcome:
        """Book the rows and add them to the totals. Must be called inside a transaction.

        Raises `TotalTooLarge` when a total would not fit; nothing is kept then.
        """
