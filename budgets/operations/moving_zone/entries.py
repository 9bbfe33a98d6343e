"""Entries of a brand that moves: each goes to the day that its instant has on the new clock.

Totals of days and where campaigns stand follow, and the statements of what was closed.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection

from budgets.models import Brand, Spend
from budgets.operations.database import Column, TemporaryTable, stage, to_date
from budgets.operations.ingest.bounds import TotalTooLarge
from budgets.operations.ingest.manual_totals import SOURCE as DIRECT
from budgets.operations.ingest.running_totals import add_to_totals
from budgets.operations.ingest.types import Posting
from budgets.operations.ingest.validation import RESERVED_KEYS
from budgets.rules.clock import DAY, LocalClock, clock_of

DAYS_APART = 2
"""Most by which the dates of two zones differ: clocks are up to 26 hours apart."""

TOTALS_AT_ONCE = 10_000

SHIFT_COLUMNS = (
    Column("old_day", "date", is_looked_up=True),
    Column("new_day", "date"),
    Column("starts_at", "timestamptz"),
    Column("ends_at", "timestamptz"),
)

SPAN_COLUMNS = (
    Column("day", "date", is_looked_up=True),
    Column("first_at", "timestamptz"),
    Column("last_at", "timestamptz"),
)

MOVED_COLUMNS = (
    Column("id", "bigint", is_looked_up=True),
    Column("campaign_id", "bigint"),
    Column("old_day", "date"),
    Column("new_day", "date"),
    Column("amount_micros", "bigint"),
)

SAID_OF_A_DAY = f"(e.key LIKE '{RESERVED_KEYS}%%' OR e.source = '{DIRECT}')"

# A time that was ahead of our clock counted as the instant at which it came in.
COUNTED_AT = "CASE WHEN e.occurred_at < e.recorded_at THEN e.occurred_at ELSE e.recorded_at END"

FIND_MOVED = f"""
INSERT INTO {{moved}} (id, campaign_id, old_day, new_day, amount_micros)
SELECT e.id, e.campaign_id, e.day, s.new_day, e.amount_micros
FROM budgets_campaign c
CROSS JOIN budgets_ledgerentry e
CROSS JOIN {{shifts}} s
WHERE c.brand_id = %(brand)s AND e.campaign_id = c.id AND NOT {SAID_OF_A_DAY}
  AND s.old_day = e.day AND {COUNTED_AT} >= s.starts_at AND {COUNTED_AT} < s.ends_at
"""

MOVE = """
UPDATE budgets_ledgerentry SET day = m.new_day
FROM {moved} m WHERE m.id = budgets_ledgerentry.id
"""

# Where in its day such an entry lies says nothing; it has to lie in it.
KEEP_WITHIN = f"""
UPDATE budgets_ledgerentry AS e
SET occurred_at = CASE WHEN e.occurred_at < s.first_at THEN s.first_at ELSE s.last_at END
FROM {{spans}} s
WHERE s.day = e.day AND (e.occurred_at < s.first_at OR e.occurred_at > s.last_at)
  AND {SAID_OF_A_DAY}
  AND e.campaign_id IN (SELECT id FROM budgets_campaign WHERE brand_id = %(brand)s)
"""

DIFFERENCES = """
SELECT campaign_id, day, SUM(amount_micros) FROM (
    SELECT campaign_id, new_day AS day, amount_micros FROM {moved}
    UNION ALL SELECT campaign_id, old_day, -amount_micros FROM {moved}) either
GROUP BY campaign_id, day ORDER BY campaign_id, day
"""

SIZE_OF_MOVE = "SELECT COUNT(*), COALESCE(SUM(amount_micros), 0) FROM {moved} GROUP BY campaign_id"


def move_entries(brand: Brand, *, now: datetime) -> tuple[int, int]:
    """Put the entries on their days of the brand's clock; return how many moved, and their sum."""
    spent = Spend.objects.filter(campaign__brand=brand).order_by()
    days: list[Any] = list(spent.values_list("day", flat=True).distinct())
    clock = clock_of(brand.timezone)
    shifts = stage("staged_shift", SHIFT_COLUMNS, shifts_of(days, clock))
    spans = stage("staged_span", SPAN_COLUMNS, (span_of(day, clock) for day in days))
    moved = stage("staged_moved", MOVED_COLUMNS, ())
    with connection.cursor() as cursor:
        cursor.execute(FIND_MOVED.format(moved=moved, shifts=shifts), {"brand": brand.pk})
        cursor.execute(MOVE.format(moved=moved))
        cursor.execute(KEEP_WITHIN.format(spans=spans), {"brand": brand.pk})
        cursor.execute(SIZE_OF_MOVE.format(moved=moved))
        sizes = cursor.fetchall()
    for postings in differences(moved, brand, now=now):
        try:
            add_to_totals(postings, now=now)
        except TotalTooLarge as error:
            raise ValidationError({"timezone": str(error)}) from None
    return sum(count for count, _sum in sizes), sum(int(micros) for _count, micros in sizes)


def shifts_of(days: Iterable[date], clock: LocalClock) -> Iterator[tuple[Any, ...]]:
    """Yield from each day the days nearby, and when each of them begins and ends on the clock."""
    for day in days:
        for apart in range(-DAYS_APART, DAYS_APART + 1):
            if apart:
                new_day = day + apart * DAY
                yield day, new_day, *clock.day_bounds(new_day)


def span_of(day: date, clock: LocalClock) -> tuple[Any, ...]:
    """Return the day with its first and last instant on the clock."""
    starts, ends = clock.day_bounds(day)
    return day, starts, ends - timedelta(microseconds=1)


def differences(moved: TemporaryTable, brand: Brand, *, now: datetime) -> Iterator[list[Posting]]:
    """Yield what the days of campaigns gain and lose, all days of a campaign together."""
    with connection.cursor() as cursor:
        cursor.execute(DIFFERENCES.format(moved=moved))
        rows = cursor.fetchall()
    batch: list[Posting] = []
    for campaign_id, of_campaign in groupby(rows, key=lambda row: row[0]):
        batch += [
            Posting(0, "", "", campaign_id, brand.pk, now, to_date(day), int(micros))
            for _, day, micros in of_campaign
        ]
        if len(batch) >= TOTALS_AT_ONCE:
            yield batch
            batch = []
    if batch:
        yield batch
