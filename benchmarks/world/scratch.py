"""Scratch databases: made for one benchmark, used by its child processes, dropped at its end."""

import os
import signal
import sys
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager, suppress
from multiprocessing import active_children, get_context
from pathlib import Path
from typing import ParamSpec, TypeVar
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg.sql import SQL, Identifier

P = ParamSpec("P")
T = TypeVar("T")

PREFIX = "abm_bench_"
SERVER = "postgres://postgres@127.0.0.1:5432/postgres"
DATABASES = ("postgres", "sqlite")


@contextmanager
def scratch_database(kind: str) -> Iterator[None]:
    """Have an empty database that `DATABASE_URL` of the processes started from here names.

    PostgreSQL: a database of its own on the server of `DATABASE_URL`. SQLite: a file.
    """
    end_on_termination()
    before = os.environ.get("DATABASE_URL")
    with tempfile.TemporaryDirectory(prefix=PREFIX) as folder:
        os.environ["VAR_DIR"] = folder
        try:
            if kind == "sqlite":
                os.environ["DATABASE_URL"] = f"sqlite:///{Path(folder) / 'bench.sqlite3'}"
                yield
            else:
                with on_server(server_of(before)) as url:
                    os.environ["DATABASE_URL"] = url
                    yield
        finally:
            del os.environ["VAR_DIR"]
            if before is None:
                del os.environ["DATABASE_URL"]
            else:
                os.environ["DATABASE_URL"] = before


def end_on_termination() -> None:
    """Let a polite kill end the child processes and run what follows `finally`."""

    def end(*_: object) -> None:
        for child in active_children():
            child.kill()
        sys.exit(143)

    signal.signal(signal.SIGTERM, end)


def server_of(url: str | None) -> str:
    """Return the PostgreSQL server to use."""
    return url if url and url.startswith("postgres") else SERVER


@contextmanager
def on_server(server: str) -> Iterator[str]:
    """Make a database on the server; yield its address; drop it."""
    name = f"{PREFIX}{os.getpid()}"
    with psycopg.connect(server, autocommit=True) as connection:
        drop_left_behind(connection)
        connection.execute(SQL("CREATE DATABASE {}").format(Identifier(name)))
    try:
        yield urlunsplit(urlsplit(server)._replace(path=f"/{name}"))
    finally:
        with psycopg.connect(server, autocommit=True) as connection:
            drop(connection, name)


def drop_left_behind(connection: psycopg.Connection) -> None:
    """Drop databases of benchmarks that were killed."""
    found = connection.execute(
        "SELECT datname FROM pg_database WHERE datname LIKE %s AND NOT EXISTS"
        " (SELECT 1 FROM pg_stat_activity a WHERE a.datname = pg_database.datname)",
        [PREFIX.replace("_", r"\_") + "%"],
    )
    for (name,) in found.fetchall():
        pid = name.removeprefix(PREFIX)
        if pid.isdigit() and not Path(f"/proc/{pid}").exists():
            drop(connection, name)


def drop(connection: psycopg.Connection, name: str) -> None:
    """Drop a database and whoever is still connected to it."""
    connection.execute(SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(Identifier(name)))


def in_a_process(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Call the function in a fresh process, on the scratch database, and return its result."""
    context = get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=context) as pool, suppress(KeyboardInterrupt):
        return pool.submit(function, *args, **kwargs).result()
    sys.exit(130)
