"""How far each source of the activity was read. It travels in an address, as text."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


class BadCursor(ValueError):
    """A text that is no cursor."""


@dataclass(frozen=True, slots=True)
class PageCursor:
    """The instant and number of the last row read of each source; those not named are unread."""

    read_to: Mapping[str, tuple[datetime, int]] = field(default_factory=dict)

    @classmethod
    def read(cls, text: str) -> "PageCursor":
        """Read a cursor as it was written into an address. Raises `BadCursor`."""
        try:
            return cls(dict(parsed(part) for part in text.split("~") if part))
        except (ValueError, OverflowError):
            raise BadCursor(f"“{text[:50]}” is no place in the activity.") from None

    def __str__(self) -> str:
        return "~".join(
            f"{source}.{(at - EPOCH) // MICROSECOND}.{number}"
            for source, (at, number) in self.read_to.items()
        )

    def after(self, source: str, at: datetime, number: int) -> "PageCursor":
        return PageCursor({**self.read_to, source: (at, number)})

    def unread(self, source: str, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Return the rows of a source that were not read yet.

        Changes are numbered in the order of time; a record can be older than one before it.
        """
        if source not in self.read_to:
            return rows
        at, number = self.read_to[source]
        if source == "change":
            return rows.filter(id__lt=number)
        if source == "access":
            return rows.filter(Q(at__lt=at) | Q(at=at, id__lt=number), at__lte=at)
        older = Q(history_date__lt=at) | Q(history_date=at, history_id__lt=number)
        return rows.filter(older, history_date__lte=at)


def parsed(part: str) -> tuple[str, tuple[datetime, int]]:
    source, micros, number = part.split(".")
    pk = int(number)
    if not 0 <= pk < 2**63:
        raise ValueError(number)
    return source, (EPOCH + int(micros) * MICROSECOND, pk)
