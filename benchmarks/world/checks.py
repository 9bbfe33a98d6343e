"""Checks of a scratch database, timed beside a scan of it and beside the bare statement."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count

from django.db import connection

from benchmarks.world.edges import quarter_hours
from benchmarks.world.measure import (
    Act,
    Times,
    in_turns,
    note,
    peak_megabytes,
    statements_counted,
    timed,
    wal_position,
)
from benchmarks.world.naive import naive_check
from benchmarks.world.seed import LONELY_ZONE, ZONES, Size, seed, tidy
from budgets.models import Brand, Change, Statement
from budgets.operations.close import close_periods
from budgets.operations.reconcile import reconcile
from budgets.operations.reconcile.decision_input import BrandBatch, zone_now, zone_table
from budgets.operations.reconcile.decision_sql import DECISION, PARAMETERS, without_dates

NOW = datetime(2026, 3, 18, 18, 14, tzinfo=UTC)
MIDNIGHT = NOW + timedelta(minutes=1)
"""Of `LONELY_ZONE`; the quarter hour begins in all others too, but no day."""

NAIVE_UP_TO = 10_000

SCAN = """
SELECT COUNT(*), MAX(brand_id), MAX(schedule_id), SUM(reasons), MAX(day), SUM(day_spent_micros),
       MAX(month), SUM(month_spent_micros), SUM(daily_budget_micros), SUM(monthly_budget_micros),
       MIN(starts_on), MAX(ends_on), SUM(CASE WHEN is_held THEN 1 ELSE 0 END)
FROM budgets_campaign
"""
COUNT = "SELECT COUNT(reasons) FROM budgets_campaign"  # of a column, or an index would do
LIMIT = f'{DECISION} SELECT COUNT(*) FROM decision WHERE "before" <> "after"'


@dataclass(frozen=True, slots=True)
class Result:
    """What was measured at one size on one database."""

    times: dict[str, Times]
    statements: int
    wal_bytes_a_change: float
    naive_seconds: float | None


def measure(size: int, turns: int) -> Result:
    """Seed the scratch database and time everything in it."""
    note(f"seeding {size:,} campaigns")
    seed(Size(campaigns=size), now=NOW)
    reconcile(now=NOW)
    one_process()
    tidy()
    times = in_turns(dict(full_checks()), turns=turns)
    times |= in_turns(dict(parts(size)), turns=turns)
    times |= in_turns(dict(midnights()), turns=turns)
    statements, wal_bytes_a_change = statements_of_a_tick(), wal_of_a_change()
    # Last, since it moves every brand to one clock.
    times |= in_turns(dict(quarter_hours()), turns=turns)
    return Result(
        times=times,
        statements=statements,
        wal_bytes_a_change=wal_bytes_a_change,
        naive_seconds=timed(lambda: naive_check(now=NOW)) if size <= NAIVE_UP_TO else None,
    )


def all_brands() -> list[int]:
    """Return the ids of all brands, in order."""
    return list(Brand.objects.order_by("id").values_list("id", flat=True))


def one_process() -> None:
    """Keep PostgreSQL from scanning with several processes, and from tidying when it likes."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET max_parallel_workers_per_gather = 0")
            cursor.execute("ALTER TABLE budgets_campaign SET (autovacuum_enabled = off)")
            cursor.execute("ALTER TABLE budgets_change SET (autovacuum_enabled = off)")


def full_checks() -> Iterator[tuple[str, Act]]:
    """Yield the scans, the bare statement, and checks that find more and more to change."""
    yield "count", Act(lambda: ask(COUNT))
    yield "scan", Act(lambda: ask(SCAN))
    yield "limit", Act(decide_only)
    yield "0 %", Act(check)
    holds = count()
    yield "1 %", Act(check, lambda: toggle_holds(f"id %% 100 = {next(holds) * 7 % 100}"))
    yield "scan again", Act(lambda: ask(SCAN), tidy_campaigns)
    yield "10 %", Act(check, lambda: toggle_holds(f"id %% 10 = {next(holds) % 10}"))
    yield "after", Act(tidy_campaigns)


def parts(size: int) -> Iterator[tuple[str, Act]]:
    """Yield checks of some brands: nothing to change, and all to change."""
    ids = all_brands()
    ten = ids[:: max(len(ids) // 10, 1)][:10]
    held = f"brand_id IN ({', '.join(map(str, ten))})"
    yield "all brands", Act(check)
    yield "1,000 dirty", Act(lambda: reconcile(now=NOW, brand_ids=ten))
    if size > 1_000:
        yield (
            "1,000 dirty, all change",
            Act(lambda: reconcile(now=NOW, brand_ids=ten), lambda: toggle_holds(held)),
        )
    yield "one brand", Act(lambda: reconcile(now=NOW, brand_ids=ten[:1]))


def midnights() -> Iterator[tuple[str, Act]]:
    """Yield a zone's midnight: with its statements, and the decision alone."""
    turning = list(Brand.objects.filter(timezone=LONELY_ZONE).values_list("id", flat=True))
    yield "all brands beside", Act(check)
    yield "midnight", Act(lambda: close_periods(now=MIDNIGHT), back_before_midnight)
    yield (
        "midnight, tick alone",
        Act(lambda: reconcile(now=MIDNIGHT, brand_ids=turning), back_before_midnight),
    )
    yield "evening again", Act(back_before_midnight)


def check() -> None:
    """Reconcile all campaigns."""
    reconcile(now=NOW)


def toggle_holds(condition: str) -> None:
    """Give the campaigns something to change, and clear away what the last change left."""
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE budgets_campaign SET is_held = NOT is_held WHERE {condition}", {})
    tidy_campaigns()


def tidy_campaigns() -> None:
    """Clear away dead rows of what a check writes."""
    tidy("budgets_campaign", "budgets_change")


def back_before_midnight() -> None:
    """Open the day again that was closed, with everything as it was."""
    closed = Brand.objects.filter(timezone=LONELY_ZONE)
    Statement.objects.all().delete()
    closed.update(closed_day=NOW.date() - timedelta(days=1), closed_month=None)
    reconcile(now=NOW)
    tidy("budgets_campaign", "budgets_change", "budgets_brand", "budgets_statement")


def ask(statement: str) -> None:
    """Run a query and take its answer."""
    with connection.cursor() as cursor:
        cursor.execute(statement)
        cursor.fetchall()


def decide_only() -> None:
    """Run the bare statement: decide all campaigns at once and write nothing."""
    scope = BrandBatch(brand_ids=all_brands(), is_range=True)
    zones, of_zones = zone_table([zone_now(name, now=NOW) for name in ZONES])
    statement = without_dates(LIMIT).format(zones=zones, **scope.conditions)
    with connection.cursor() as cursor:
        parameters = PARAMETERS | of_zones | scope.parameters
        cursor.execute(statement, parameters)
        cursor.fetchall()


def statements_of_a_tick() -> int:
    """Count what a check with something to write in it sends to the database."""
    toggle_holds("id %% 100 = 99")
    with statements_counted() as statements:
        check()
    return len(statements)


def wal_of_a_change() -> float:
    """Return the bytes of write-ahead log that a change costs."""
    toggle_holds("id %% 10 = 9")
    before = wal_position()
    changed = reconcile(now=NOW)
    return (wal_position() - before) / changed


def peak_of_a_check() -> float:
    """Return the most memory a process needs to start Django and check, 10 % changing, in MB."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE budgets_campaign SET is_held = NOT is_held WHERE id % 10 = 8")
    before = Change.objects.count()
    reconcile(now=NOW)
    assert Change.objects.count() > before
    return peak_megabytes()
