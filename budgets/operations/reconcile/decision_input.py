"""What goes into the SQL of a decision: which campaigns it is about, and what time it is for them.

The local time of every zone that brands live in is computed once, and handed over as a small table.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import astuple, dataclass, replace
from datetime import date, datetime
from enum import Enum
from itertools import groupby
from typing import Any

from budgets.models import Brand, Campaign
from budgets.models.locks import lock_slot
from budgets.operations.database import in_ids
from budgets.rules.clock import QUARTERS_PER_DAY, clock_of, month_of, next_month_of

BRANDS_A_CHUNK = 300
"""Brands decided in one transaction: bounds how long an ingest waits for a check."""


class Those(Enum):
    """Which campaigns of the brands to decide, as SQL."""

    ALL = "true"
    RUNNING = "c.reasons = 0"
    PAUSED = "c.reasons <> 0"


@dataclass(frozen=True, slots=True, kw_only=True)
class BrandBatch:
    """Brands decided together, under their locks, in one transaction."""

    brand_ids: Sequence[int]
    is_range: bool = False
    """Whether these are all brands between the first and the last: cheaper to look up."""
    campaign: Campaign | None = None
    """The only campaign to decide. An edit holds its row already; taking no other row lock, it
    cannot wait in a circle with a writer that goes through the rows in order."""
    those: Those = Those.ALL
    schedule_ids: Sequence[int] = ()
    """Decide only campaigns that run by these schedules; none given: by any, or by none."""

    @property
    def conditions(self) -> dict[str, str]:
        """Which brands, which campaigns and dated budgets of theirs, and what to decide, in SQL.

        Said at each place: PostgreSQL does not draw it from the joins, and would read everybody's.
        """
        theirs = self.has("c.brand_id")
        return {
            "brands": self.has("b.id"),
            "their_campaigns": theirs,
            "dated": self.has("d.brand_id"),
            "campaigns": f"{self.asked_for} AND {self.those.value}",
        }

    @property
    def asked_for(self) -> str:
        if self.campaign is not None:
            return "c.id = %(campaign)s"
        theirs = self.has("c.brand_id")
        if not self.schedule_ids:
            return theirs
        by_schedule, _ = in_ids("c.schedule_id", self.schedule_ids, name="schedules")
        return f"{theirs} AND {by_schedule}"

    @property
    def is_whole(self) -> bool:
        """Whether all campaigns of the brands are decided."""
        return self.campaign is None and not self.schedule_ids and self.those is Those.ALL

    @property
    def parameters(self) -> dict[str, Any]:
        if self.is_range:
            return {"first": self.brand_ids[0], "last": self.brand_ids[-1]}
        _, ids = in_ids("", self.brand_ids)
        _, schedules = in_ids("", self.schedule_ids)
        campaign = self.campaign.pk if self.campaign is not None else None
        return {"ids": ids, "campaign": campaign, "schedules": schedules}

    def halves(self) -> tuple["BrandBatch", "BrandBatch"]:
        """Return the first and the second half of several brands."""
        middle = len(self.brand_ids) // 2
        first, second = self.brand_ids[:middle], self.brand_ids[middle:]
        return replace(self, brand_ids=first), replace(self, brand_ids=second)

    def has(self, column: str) -> str:
        """Return the condition that a column is the id of one of these brands."""
        if self.is_range:
            return f"{column} BETWEEN %(first)s AND %(last)s"
        condition, _ = in_ids(column, self.brand_ids)
        return condition


@dataclass(frozen=True, slots=True, kw_only=True)
class Shard:
    """One of several parts that together are all brands; no part waits for another.

    Brands that share a lock are in one part: nobody is held up by what another part decides.
    """

    number: int = 0
    of: int = 1

    def __post_init__(self) -> None:
        if not 0 <= self.number < self.of:
            raise ValueError(f"There is no shard {self.number} of {self.of}; count from 0.")

    def has(self, brand_id: int) -> bool:
        """Say whether the brand belongs to this part: by its id alone, whoever asks and when."""
        return lock_slot(brand_id) % self.of == self.number


def batches_of_brands(
    brand_ids: Collection[int],
    *,
    at_once: int,
    those: Those = Those.ALL,
    schedule_ids: Sequence[int] = (),
) -> Iterator[BrandBatch]:
    """Cut these brands into transactions of bounded size."""
    ids = sorted(brand_ids)
    for start in range(0, len(ids), at_once):
        some = ids[start : start + at_once]
        yield BrandBatch(brand_ids=some, those=those, schedule_ids=schedule_ids)


def batches_of_shard(shard: Shard) -> Iterator[BrandBatch]:
    """Cut all brands of the shard into transactions of bounded size."""
    ids = Brand.objects.order_by("id").values_list("id", flat=True)
    if shard.of > 1:
        yield from batches_of_brands(list(filter(shard.has, ids)), at_once=BRANDS_A_CHUNK)
        return
    for _, block in groupby(ids, key=lambda brand_id: brand_id // BRANDS_A_CHUNK):
        yield BrandBatch(brand_ids=list(block), is_range=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class ZoneNow:
    """One zone's local date, its month and the next (their first days), and what time it is.

    That is the quarter hour of the week, 0 to 671, and of the day, 0 to 95.
    """

    name: str
    today: date
    month: date
    next_month: date
    slot: int
    quarter: int


def zone_now(name: str, *, now: datetime) -> ZoneNow:
    """Return the local time of a zone at the instant."""
    clock = clock_of(name)
    today, slot = clock.day(now), clock.slot(now)
    return ZoneNow(
        name=name,
        today=today,
        month=month_of(today),
        next_month=next_month_of(today),
        slot=slot,
        quarter=slot % QUARTERS_PER_DAY,
    )


def zone_table(zones: Iterable[ZoneNow]) -> tuple[str, dict[str, Any]]:
    """Return the rows as an SQL `VALUES` list and its named parameters."""
    rows: list[str] = []
    parameters: dict[str, Any] = {}
    for number, zone in enumerate(zones):
        columns = astuple(zone)
        names = [f"z{number}_{column}" for column in range(len(columns))]
        rows.append(f"({', '.join(f'%({name})s' for name in names)})")
        parameters |= zip(names, columns, strict=True)
    return ", ".join(rows), parameters
