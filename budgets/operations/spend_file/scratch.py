"""A scratch pad beside the database: what a long file makes us remember, in bounded memory.

SQLite's private temporary database: a file without a name, of which a few megabytes are in memory.
It is gone when it is closed, and when the process is killed.
"""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from django.db import connection

from budgets.operations.ingest.idempotency import digest

CACHE_KIB = 8_192
DATABASE_CACHE_KIB = 16_384
MADE_KEY = "row/"


class Scratch:
    """A table of names, each with what was noted of it."""

    def __init__(self, connection: sqlite3.Connection, table: str) -> None:
        self.connection = connection
        self.table = table
        connection.execute(f"CREATE TABLE {table} (name BLOB PRIMARY KEY, note BLOB) WITHOUT ROWID")

    def get(self, name: Any) -> Any:
        """Return what was noted of the name, `None` if nothing was."""
        # A statement a name: preparing it once makes this as fast as any join.
        row = self.connection.execute(
            f"SELECT note FROM {self.table} WHERE name = ?", (name,)
        ).fetchone()
        return row and row[0]

    def put(self, notes: Iterable[tuple[Any, Any]]) -> None:
        """Note what is known of names, over what was noted before."""
        self.connection.executemany(f"INSERT OR REPLACE INTO {self.table} VALUES (?, ?)", notes)


@contextmanager
def scratch_pad() -> Iterator[sqlite3.Connection]:
    """Open a database for the time of one file."""
    with closing(sqlite3.connect("", isolation_level=None)) as connection:
        connection.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
        connection.execute("PRAGMA journal_mode = OFF")
        connection.execute("BEGIN")
        yield connection


class MadeKeys:
    """Keys for rows that have none, made of what a row says, so that the same file counts once.

    A key is a digest of source, campaign, instant and amount, and the row's number among those of
    the file that say the same. Neither the order of rows or columns nor how an amount is written
    matters. The price: rows of two files that agree in all four are taken for the same spend. A
    file whose rows can be alike and mean different spend needs a column of keys.
    """

    def __init__(self, scratch: sqlite3.Connection) -> None:
        self.seen = Scratch(scratch, "row_seen")

    def next_key(self, *, source: str, campaign_id: int, at: datetime, amount: Decimal) -> str:
        """Return the key of the next row that says this."""
        said = digest(source, campaign_id, at.astimezone(UTC).isoformat(), amount.normalize())
        number = (self.seen.get(said) or 0) + 1
        self.seen.put([(said, number)])
        return f"{MADE_KEY}{said.hex()}/{number}"


@contextmanager
def small_cache() -> Iterator[None]:
    """Bound what SQLite, set up to keep much of the database in memory, keeps for a long file."""
    if connection.vendor != "sqlite":
        yield
        return
    before = {name: pragma(name) for name in ("cache_size", "mmap_size")}
    try:
        pragma("cache_size", -DATABASE_CACHE_KIB)
        pragma("mmap_size", 0)
        yield
    finally:
        for name, value in before.items():
            pragma(name, value)


def pragma(name: str, value: int | None = None) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA {name}" if value is None else f"PRAGMA {name} = {value}")
        row = cursor.fetchone()
    return int(row[0]) if row else 0
