"""One decision at a time for a brand, and nobody in a circle.

Whoever changes what a brand's decisions depend on takes the brand's lock, writes, decides and
commits; two edits that only together reach a limit therefore never both look too early. On
PostgreSQL these are advisory locks: they write nothing, so a check that changes nothing costs no
disk sync. SQLite has one writer at a time and needs none.

Everybody takes locks in this order, several of a kind by their number: decisions, books, rows of
campaigns, statements. An ingest in a transaction of its own takes no decision lock: it books,
commits, and then decides.
"""

import fcntl
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from zlib import crc32

from django.conf import settings
from django.db import connection

DECISIONS = 0x00AD  # keeps our advisory locks apart from anybody else's
BOOKS = 0x00AE
STATEMENTS = 0x00AF
LOCK_SLOTS = 256
"""Brands share this many locks, which bounds what one transaction takes from the server's table."""


def lock_slot(brand_id: int) -> int:
    """Return which of the locks is the brand's. Never to change: two versions of us may run."""
    return brand_id % LOCK_SLOTS


def lock_brands(brand_ids: Collection[int]) -> None:
    """Be the only one to write what these brands' decisions depend on, until the transaction ends.

    For edits: they hold rows when they decide, which goes through the brand's rows from the first
    again. With an ingest under way beside them each could wait for the other. Must be called inside
    a transaction and before any of its row locks.
    """
    lock_decisions(brand_ids)
    close_books(brand_ids)


def lock_decisions(brand_ids: Collection[int]) -> None:
    """Be the only one to decide these brands until the transaction ends; ingests go on.

    Must be called inside a transaction and before any of its row locks.
    """
    lock("pg_advisory_xact_lock", DECISIONS, brand_ids)


def keep_books_open(brand_ids: Collection[int]) -> None:
    """Let none of these brands close a period, or be edited, until the transaction ends.

    Ingests share this lock: a closing waits for those under way and sees what they wrote, or they
    wait for it and restate what it closed.
    """
    lock("pg_advisory_xact_lock_shared", BOOKS, brand_ids)


def close_books(brand_ids: Collection[int]) -> None:
    """Wait for the ingests of these brands under way, and hold back others until we commit."""
    lock("pg_advisory_xact_lock", BOOKS, brand_ids)


def lock_statements(brand_ids: Collection[int]) -> None:
    """Be the only one to restate these brands' statements until the transaction ends.

    Ingests into two campaigns of a brand share nothing but its statements: of one that is missing,
    each would write a sum without the other's spend.
    """
    lock("pg_advisory_xact_lock", STATEMENTS, brand_ids)


@contextmanager
def alone(name: str, number: int = 0) -> Iterator[bool]:
    """Be the only one to do a job of this name and number; `False` when somebody is at it.

    Never waits, and a process that dies leaves nothing locked.
    """
    if connection.vendor == "postgresql":
        with alone_on_server(crc32(name.encode()) & 0x7FFFFFFF, number) as is_alone:
            yield is_alone
    else:
        with alone_on_machine(settings.VAR_DIR / f"{name}-{number}.lock") as is_alone:
            yield is_alone


@contextmanager
def alone_on_server(space: int, number: int) -> Iterator[bool]:
    """Hold a session's advisory lock, which the server lets go when the connection ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [space, number])
        (is_alone,) = cursor.fetchone()
    try:
        yield is_alone
    finally:
        if is_alone:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [space, number])


@contextmanager
def alone_on_machine(path: Path) -> Iterator[bool]:
    """Hold a file's lock: a SQLite database is used by the processes of one machine."""
    with path.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True


def lock(function: str, space: int, brand_ids: Collection[int]) -> None:
    """Take one kind of lock for all brands, in one order for everybody."""
    if connection.vendor != "postgresql":
        return
    slots = sorted(set(map(lock_slot, brand_ids)))
    if not slots:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {function}(%s, slot) FROM unnest(%s::int[]) AS slot", [space, slots]
        )
