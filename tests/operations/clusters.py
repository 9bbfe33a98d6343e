"""PostgreSQL clusters of a test: made, run and removed with the programs of this machine."""

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

USER = "postgres"
FOLDERS = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
PROGRAMS = FOLDERS[0] if FOLDERS else Path(shutil.which("initdb") or "/nowhere").parent
IS_ROOT = hasattr(os, "geteuid") and os.geteuid() == 0


def can_run() -> bool:
    """Say whether there is a server to run, and, for root, somebody else to run it as."""
    found = all((PROGRAMS / name).exists() for name in ("initdb", "pg_ctl", "pg_dump"))
    return found and (not IS_ROOT or Path("~postgres").expanduser().exists())


@dataclass(frozen=True, slots=True)
class Cluster:
    """A cluster that runs."""

    port: int

    @property
    def url(self) -> str:
        return f"postgres://{USER}@127.0.0.1:{self.port}/budgets"

    def execute(self, statement: Any, *, database: str = "budgets") -> Any:
        """Run a statement in a transaction of its own; return its first row, if it has any."""
        address = f"postgres://{USER}@127.0.0.1:{self.port}/{database}"
        with psycopg.connect(address, autocommit=True) as connection:
            cursor = connection.execute(statement)
            return cursor.fetchone() if cursor.description else None


@contextmanager
def a_cluster() -> Iterator[Cluster]:
    """Run a new cluster with an empty database."""
    folder = Path(tempfile.mkdtemp(prefix="budgets-cluster-"))
    if IS_ROOT:
        shutil.chown(folder, USER)
    data, cluster = folder / "data", Cluster(free_port())
    settings = f"-p {cluster.port} -k {folder} -c listen_addresses=127.0.0.1 -c fsync=off"
    try:
        run("initdb", "-D", data, "-U", USER, "-A", "trust", "-N")
        run("pg_ctl", "-D", data, "-w", "-l", folder / "log", "-o", settings, "start")
        try:
            cluster.execute("CREATE DATABASE budgets", database="postgres")
            yield cluster
        finally:
            run("pg_ctl", "-D", data, "-w", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def run(program: str, *arguments: object) -> None:
    """Run a program of PostgreSQL, which root must not do itself."""
    subprocess.run(
        [PROGRAMS / program, *map(str, arguments)],
        user=USER if IS_ROOT else None,
        cwd="/",
        stdout=subprocess.DEVNULL,
        check=True,
        timeout=120,
    )
