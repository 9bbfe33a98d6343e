"""The agency that many processes write to at once, and the numbered rows that they send."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random

from django.db import connection

from benchmarks.world.seed import ZONES, Size, seed
from benchmarks.world.ways import all_campaigns
from budgets.models import Brand, Campaign, Spend
from budgets.operations.ingest.types import DayTotal, SpendEntry
from budgets.operations.reconcile import reconcile
from budgets.rules.clock import clock_of

ENTRIES, TOTALS = "soak", "platform"
"""The sources."""

ROWS, WINDOW = 200, 400
"""A batch is so many of so many numbers, which lie side by side."""

DAYS_AGO = (*[0] * 37, 1, 2, 5)
# Small and of many sizes: at any time the spend of some is about to scope, or to leave, one.
BUDGETS = "UPDATE budgets_campaign SET daily_budget_micros = (1 + id % 20) * 5000000"
BRAND_BUDGETS = "UPDATE budgets_brand SET daily_budget_micros = (1 + id % 5) * 100000000"

MARGIN = timedelta(minutes=15)
SPENDS_EVERY = 5
STEP = timedelta(milliseconds=1)
"""A report is so much newer than that of the number before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Soak:
    """Who is at work, on which campaigns, since when and for how long."""

    journal: Path
    campaigns: Sequence[int]
    start: datetime
    seconds: float
    writers: int = 8
    checks: int = 0
    editors: int = 0
    has_killer: bool = False

    def entry(self, number: int) -> SpendEntry:
        """Return the entry of a number, whoever asks: of today or late, or a correction."""
        random = Random(number)
        ago = timedelta(days=random.choice(DAYS_AGO), seconds=random.randrange(3_600))
        campaign = random.choice(self.campaigns)
        amount = Decimal(random.randrange(-2_500_000, 3_000_000)).scaleb(-6)
        return SpendEntry(ENTRIES, str(number), campaign, self.start - ago, amount, "USD")

    def total(self, number: int) -> DayTotal:
        """Return the report of a number, newer than that of a lower one."""
        random = Random(f"total {number}")
        # A day before is today or over in every zone.
        day = (self.start - timedelta(days=random.choice([1, 1, 3]))).date()
        total = Decimal(random.randrange(20_000_000)).scaleb(-6)
        as_of = self.start - timedelta(days=1) + number * STEP
        return DayTotal(TOTALS, random.choice(self.campaigns), day, total, "USD", as_of)

    def lines(self) -> list[list[str]]:
        """Return the words of every line of the journal."""
        return [line.split() for line in self.journal.read_text().splitlines()]

    def answered(self) -> Iterator[tuple["Batch", int]]:
        """Yield every batch that was answered, and how many of its rows counted."""
        for who, what, *facts in self.lines():
            if what == "answered":
                number, position, accepted, *_ = map(int, facts)
                yield Batch(who, number, position), accepted


@dataclass(frozen=True, slots=True)
class Batch:
    """Some numbers in an order of their own, which stand for entries or, one batch in five, totals.

    The same whenever it is sent again.
    """

    writer: str
    number: int
    position: int

    @property
    def has_totals(self) -> bool:
        """Whether its numbers stand for totals."""
        return self.number % 5 == 4

    @property
    def numbers(self) -> list[int]:
        """The numbers, as they are sent."""
        window = range(self.position, self.position + WINDOW)
        return Random(f"{self.writer} {self.number}").sample(window, ROWS)


def agency(campaigns: int, start: datetime, seconds: float) -> list[int]:
    """Seed an agency in which only budgets and holds decide; return the campaigns that spend.

    Nothing is spent yet, and no brand's day ends before the soak and the look at it do.
    """
    seed(Size(campaigns=campaigns), now=start)
    Spend.objects.all().delete()
    Campaign.objects.update(day=None, day_spent=0, month=None, month_spent=0)
    Campaign.objects.update(schedule=None, starts_on=None, ends_on=None, is_held=False)
    Brand.objects.update(is_held=False)
    with connection.cursor() as cursor:
        cursor.execute(BUDGETS)
        cursor.execute(BRAND_BUDGETS)
    later = start + timedelta(seconds=seconds) + MARGIN
    near = [zone for zone in ZONES if clock_of(zone).next_day(start) < later]
    far = next(zone for zone in ZONES if zone not in near)
    yesterday = clock_of(far).day(start) - timedelta(days=1)
    Brand.objects.filter(timezone__in=near).update(timezone=far, closed_day=yesterday)
    reconcile(now=start)
    return all_campaigns()[::SPENDS_EVERY]
