"""Bounded memory on SQLite, whose connection is set up to keep much of the database in memory."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

CACHE_KIB = 16_384


@contextmanager
def small_cache() -> Iterator[None]:
    """Let this connection keep little in memory while a long file is read."""
    if connection.vendor != "sqlite":
        yield
        return
    before = {name: pragma(name) for name in ("cache_size", "mmap_size")}
    try:
        pragma("cache_size", -CACHE_KIB)
        pragma("mmap_size", 0)
        yield
    finally:
        for name, value in before.items():
            pragma(name, value)


def pragma(name: str, value: int | None = None) -> int:
    """Set a pragma of the connection, or read it."""
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA {name}" if value is None else f"PRAGMA {name} = {value}")
        row = cursor.fetchone()
    return int(row[0]) if row else 0
