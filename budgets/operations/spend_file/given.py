"""What is said with a file, by the person or program that hands it in."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Self

from budgets.cells.dates import DayOrder
from budgets.sheets.records import BadFile


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What a file does not say itself; what it does say is taken from the file."""

    source: str = ""
    """Of rows that name none; empty: that of the platform whose report it is."""
    as_of: datetime | None = None
    """When the file was given to us, for totals that do not say when they were known."""
    brand_id: int | None = None
    """The brand whose campaigns are meant by name."""
    currency: str = ""
    day: date | None = None
    """The day of all rows, where the file has no column of days."""
    order: DayOrder | None = None
    """Whether 3/4/2026 is in March or in April, where no cell of the file shows it."""
    columns: Mapping[str, str] = field(default_factory=dict)
    """The header that stands over each of our columns, where we do not know it."""
    despite_totals: bool = False
    """Take the rows though they do not add up to the file's own total."""

    def plain(self) -> dict[str, Any]:
        """Return it as data that JSON can hold."""
        return asdict(self) | {
            "columns": dict(self.columns),
            "as_of": self.as_of and self.as_of.isoformat(),
            "day": self.day and self.day.isoformat(),
        }

    @classmethod
    def read(cls, plain: dict[str, Any]) -> Self:
        """Return what `plain` gave."""
        as_of, day = plain["as_of"], plain["day"]
        return cls(
            **plain
            | {
                "as_of": datetime.fromisoformat(as_of) if as_of else None,
                "day": date.fromisoformat(day) if day else None,
            }
        )


NOTHING_GIVEN = Given()


class Question(StrEnum):
    """What a file may leave open; named like the field of `Given` that answers it."""

    SOURCE = "source"
    COLUMNS = "columns"
    CURRENCY = "currency"
    DAY = "day"
    ORDER = "order"
    BRAND = "brand_id"
    TOTALS = "despite_totals"


class Unanswered(BadFile):
    """A file that cannot be read before somebody answers these questions; it says which and why."""

    def __init__(self, message: str, *questions: Question) -> None:
        super().__init__(message)
        self.questions = frozenset(questions)
