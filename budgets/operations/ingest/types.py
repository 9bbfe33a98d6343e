"""What comes in from outside and what is answered: entries, day totals, receipts."""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from budgets.models import Change


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


class Refusal(NamedTuple):
    """Why the row at an index of the batch was not taken."""

    index: int  # type: ignore[assignment]  # shadows tuple.index, which nobody needs here
    code: str
    message: str


@dataclass(slots=True)
class Receipt:
    """What became of a batch: rows taken, rows known already, rows refused, and what followed."""

    accepted: int = 0
    duplicates: int = 0
    refused: list[Refusal] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
