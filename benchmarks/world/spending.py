"""Made-up spend for a seeded agency, and the fastest a database could swallow it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random
from uuid import uuid4

from django.db import connection, transaction

from budgets.operations.database import to_sql
from budgets.operations.ingest.types import DayTotal, SpendEntry

COLUMNS = {
    "source": "text",
    "key": "text",
    "campaign_id": "bigint",
    "occurred_at": "timestamptz",
    "day": "date",
    "amount_micros": "bigint",
    "recorded_at": "timestamptz",
}

RAW_COPIES = 20


@dataclass(slots=True)
class Spender:
    """A source of spend. Its keys grow as those made of a time do, unless they are random."""

    name: str
    campaigns: Sequence[int]
    now: datetime
    has_random_keys: bool = False
    number: int = 0
    random: Random = field(default_factory=lambda: Random(1))

    def entries(self, rows: int) -> list[SpendEntry]:
        """Return new entries of the last minute, each of some campaign."""
        return [self.entry() for _ in range(rows)]

    def entry(self) -> SpendEntry:
        """Return a new entry of up to 5 cents."""
        self.number += 1
        key = str(uuid4()) if self.has_random_keys else f"{self.name}-{self.number:027}"
        return SpendEntry(
            source="adserver",
            key=key,
            campaign_id=self.random.choice(self.campaigns),
            occurred_at=self.now - timedelta(microseconds=self.random.randrange(60_000_000)),
            amount=Decimal(self.random.randrange(1, 50_000)).scaleb(-6),
            currency="USD",
        )

    def totals(self, rows: int) -> list[DayTotal]:
        """Return what a platform reports of some campaigns' day, more than it did before."""
        self.number += 1
        picked = self.random.sample(self.campaigns, rows)
        return [
            DayTotal(
                source="platform",
                campaign_id=campaign,
                day=(self.now - timedelta(days=2)).date(),
                total=Decimal(self.number).scaleb(-2),
                currency="USD",
                as_of=self.now - timedelta(days=1) + timedelta(milliseconds=self.number),
            )
            for campaign in picked
        ]


def raw_copy(entries: Sequence[SpendEntry], *, now: datetime) -> Callable[[], None]:
    """Return a step that puts these rows into a table without an index, several times.

    A transaction each time. PostgreSQL takes them as ready-made binary, so that nothing of Python
    is on the clock. Several times, or on a busy machine it would slip through between others.
    """
    rows = raw_rows(entries, now=now)
    send = block_copy(rows) if connection.vendor == "postgresql" else many_inserts(rows)
    return repeated(send)


def driver_copy(entries: Sequence[SpendEntry], *, now: datetime) -> Callable[[], None]:
    """Return the same step for PostgreSQL, in which the driver turns Python's rows into binary."""
    rows = raw_rows(entries, now=now)

    def send() -> None:
        with (
            transaction.atomic(),
            connection.cursor() as cursor,
            cursor.copy("COPY bench_raw FROM STDIN (FORMAT BINARY)") as copy,
        ):
            copy.set_types(list(COLUMNS.values()))
            for row in rows:
                copy.write_row(row)

    return repeated(send)


def repeated(send: Callable[[], None]) -> Callable[[], None]:
    """Return a step that takes the other one so many times."""

    def send_several() -> None:
        for _ in range(RAW_COPIES):
            send()

    return send_several


def raw_rows(entries: Sequence[SpendEntry], *, now: datetime) -> list[tuple[object, ...]]:
    """Return the entries as rows of a table without an index, which is made if need be."""
    columns = ", ".join(f"{name} {kind}" for name, kind in COLUMNS.items())
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE IF NOT EXISTS bench_raw ({columns})")
    return [
        (e.source, e.key, e.campaign_id, e.occurred_at, e.occurred_at.date(), micros(e), now)
        for e in entries
    ]


def micros(entry: SpendEntry) -> int:
    """Return the amount at rest."""
    return int(entry.amount.scaleb(6))


def block_copy(rows: Sequence[tuple[object, ...]]) -> Callable[[], None]:
    """Return a step that sends the rows as one block."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE bench_shape (LIKE bench_raw)")
        with cursor.copy("COPY bench_shape FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        with cursor.copy("COPY bench_shape TO STDOUT (FORMAT BINARY)") as copy:
            block = b"".join(map(bytes, copy))
        cursor.execute("DROP TABLE bench_shape")

    def send() -> None:
        with (
            transaction.atomic(),
            connection.cursor() as cursor,
            cursor.copy("COPY bench_raw FROM STDIN (FORMAT BINARY)") as copy,
        ):
            copy.write(block)

    return send


def many_inserts(rows: Sequence[tuple[object, ...]]) -> Callable[[], None]:
    """Return a step that inserts the rows with one prepared statement."""
    stored = [tuple(map(to_sql, row)) for row in rows]
    marks = ", ".join(["%s"] * len(COLUMNS))

    def send() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.executemany(f"INSERT INTO bench_raw VALUES ({marks})", stored)

    return send
