"""What raw SQL needs on both databases: their dialects, and rows handed over in bulk."""

import json
import time
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from typing import Any, NamedTuple, NewType

from django.db import connection
from django.db.models.expressions import RawSQL

TURN_SECONDS = 0.06
PAUSE_SECONDS = 0.03
"""SQLite wakes nobody who waits for its one writer: at first they look again each 25 ms."""

TemporaryTable = NewType("TemporaryTable", str)
"""The name of a temporary table, given to whoever reads it."""


class Column(NamedTuple):
    """A column to fill."""

    name: str
    type: str
    is_looked_up: bool = False
    """Whether rows are found by it; PostgreSQL then gathers statistics on it."""


def in_ids(
    column: str, ids: Sequence[int], *, looked_up: bool = False, name: str = "ids"
) -> tuple[str, Any]:
    """Return a condition that the column is one of a named parameter, and the value of that.

    One parameter for any number of ids: a list of placeholders has a limit on both databases.
    `looked_up` keeps PostgreSQL from counting them, and from reading the whole table for many.
    """
    if connection.vendor == "postgresql":
        array = f"(SELECT %({name})s::bigint[])" if looked_up else f"%({name})s"
        return f"{column} = ANY({array}::bigint[])", f"{{{','.join(map(str, ids))}}}"
    return f"{column} IN (SELECT value FROM json_each(%({name})s))", json.dumps(list(ids))


def id_rows(ids: Iterable[int]) -> RawSQL:
    """Return the ids for `pk__in`: one parameter, so one statement for any number of them.

    With a placeholder each, every number of ids is a statement of its own; SQLite's driver keeps
    the last hundred prepared, which took 100 MB in a long import.
    """
    return values(list(ids), "bigint")


def text_rows(texts: Iterable[str]) -> RawSQL:
    """Return the texts for `…__in`, as `id_rows` does ids."""
    return values(list(texts), "text")


def values(listed: list[Any], kind: str) -> RawSQL:
    if connection.vendor == "postgresql":
        return RawSQL(f"SELECT unnest(%s::{kind}[])", [listed])  # noqa: S611 - our own words
    return RawSQL("SELECT value FROM json_each(%s)", [json.dumps(listed)])


def to_sql(value: Any) -> Any:
    """Return a parameter of raw SQL in the form the ORM stores it."""
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    return value


def to_instant(value: datetime | str) -> datetime:
    """Read an instant as raw SQL gives it back; SQLite keeps it in UTC and drops the zone."""
    instant = value if isinstance(value, datetime) else datetime.fromisoformat(value)
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)


def to_date(day: date | str) -> date:
    """Read a date as raw SQL gives it back; SQLite keeps text."""
    return day if isinstance(day, date) else date.fromisoformat(day)


def stage(name: str, columns: Sequence[Column], rows: Iterable[tuple[Any, ...]]) -> TemporaryTable:
    """Make a temporary table hold exactly these rows. Must be called inside a transaction.

    It belongs to this connection and keeps its rows until it is staged again.
    """
    definition = ", ".join(f"{column.name} {column.type}" for column in columns)
    empty = "TRUNCATE" if connection.vendor == "postgresql" else "DELETE FROM"
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE IF NOT EXISTS {name} ({definition})")
        cursor.execute(f"{empty} {name}")
        put(name, columns, rows)
        if connection.vendor == "postgresql":
            for column in columns:
                if column.is_looked_up:
                    cursor.execute(f"ANALYZE {name} ({column.name})")
    return TemporaryTable(name)


def put(table: str, columns: Sequence[Column], rows: Iterable[tuple[Any, ...]]) -> None:
    """Insert rows into any table. Raises what an INSERT raises."""
    names = ", ".join(column.name for column in columns)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            statement = f"COPY {table} ({names}) FROM STDIN (FORMAT BINARY)"
            with connection.wrap_database_errors, cursor.copy(statement) as copy:
                copy.set_types([column.type for column in columns])
                for row in rows:
                    copy.write_row(row)
        else:
            marks = ", ".join(["%s"] * len(columns))
            cursor.executemany(
                f"INSERT INTO {table} ({names}) VALUES ({marks})",
                [tuple(map(to_sql, row)) for row in rows],
            )


class Turns:
    """Many short transactions, between which others get to write too.

    PostgreSQL serves whoever waits for a lock in turn. SQLite does not: it needs a pause.
    """

    def __init__(self) -> None:
        self.began = time.monotonic()

    def next(self) -> None:
        """Let somebody else in before the next transaction, if it was our turn for long."""
        if connection.vendor != "sqlite" or connection.in_atomic_block:
            return
        if time.monotonic() - self.began > TURN_SECONDS:
            time.sleep(PAUSE_SECONDS)
            self.began = time.monotonic()
