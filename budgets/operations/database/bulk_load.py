"""Hand many rows to the database at once, the fastest way there is."""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple, NewType

from django.db import connection

from budgets.operations.database.dialect import to_sql

TemporaryTable = NewType("TemporaryTable", str)
"""The name of a temporary table, given to whoever reads it."""


class Column(NamedTuple):
    """A column to fill."""

    name: str
    type: str
    is_looked_up: bool = False
    """Whether rows are found by it; PostgreSQL is told what a temporary table has in it."""


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
