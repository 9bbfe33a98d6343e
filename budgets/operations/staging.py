"""Hand many rows to the database at once: a temporary table, filled the fastest way there is."""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from django.db import connection

from budgets.operations.sql import to_sql


class Column(NamedTuple):
    """A column of a temporary table."""

    name: str
    type: str
    is_looked_up: bool = False
    """Whether campaigns are found by it; PostgreSQL is told what is in it, or reads them all."""


def stage(table: str, columns: Sequence[Column], rows: Iterable[tuple[Any, ...]]) -> None:
    """Make the temporary table hold exactly these rows. Must be called inside a transaction.

    The table belongs to this connection and keeps its rows until the next call.
    """
    definition = ", ".join(f"{column.name} {column.type}" for column in columns)
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE IF NOT EXISTS {table} ({definition})")
        if connection.vendor == "postgresql":
            cursor.execute(f"TRUNCATE {table}")
            with cursor.copy(f"COPY {table} FROM STDIN (FORMAT BINARY)") as copy:
                copy.set_types([column.type for column in columns])
                for row in rows:
                    copy.write_row(row)
            for column in columns:
                if column.is_looked_up:
                    cursor.execute(f"ANALYZE {table} ({column.name})")
        else:
            cursor.execute(f"DELETE FROM {table}")
            marks = ", ".join(["%s"] * len(columns))
            cursor.executemany(
                f"INSERT INTO {table} VALUES ({marks})",
                [tuple(map(to_sql, row)) for row in rows],
            )
