"""Jobs on real processes: a worker is killed, a broker forgets, a database goes away.

What takes seconds here is starting processes, and the silence by which the dead are known.
"""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest
import redis

from core.processes.broker import EmbeddedBroker, free_port
from tests.processes.installation import Installation, wait_for

pytestmark = pytest.mark.processes

CELERY = str(Path(sys.executable).with_name("celery"))
SCRIPT = "tests/processes/jobs_script.py"
ROWS = 40_000
DEAD_AFTER_SECONDS = 3


class Office:
    """An installation with a broker, in which jobs are asked for."""

    def __init__(self, installation: Installation, broker_url: str) -> None:
        self.installation = installation
        self.broker_url = broker_url

    def worker(self) -> subprocess.Popen[bytes]:
        command = (CELERY, "-A", "core", "worker", "--loglevel=info", "--concurrency=2")
        worker = self.installation.start(*command, log="worker.log")
        wait_for(lambda: "ready." in self.installation.log("worker.log"), seconds=60, what="worker")
        return worker

    def script(self, *words: str) -> str:
        done = self.installation.run(SCRIPT, *words)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def upload(self, rows: int = ROWS) -> str:
        return self.script("upload", str(rows)).splitlines()[-1]

    def value(self, statement: str) -> Any:
        """Return what a statement returns, past Django."""
        url = self.installation.environment["DATABASE_URL"]
        if url.startswith("postgres"):
            with psycopg.connect(url, autocommit=True) as connection:
                row = connection.execute(statement).fetchone()
        else:
            connection_to_file = sqlite3.connect(urlsplit(url).path, timeout=20)
            row = connection_to_file.execute(statement).fetchone()
            connection_to_file.close()
        return row and row[0]

    def wait_for_state(self, pk: str, state: str) -> None:
        wait_for(lambda: self.state(pk) == state, seconds=60, what=f"{state} job")

    def state(self, pk: str) -> Any:
        return self.value(f"SELECT state FROM budgets_job WHERE id = {int(pk)}")  # noqa: S608  # a number

    def wait_until_half_done(self) -> None:
        before = self.entries()
        wait_for(lambda: self.entries() > before, seconds=60, what="recorded entry")

    def entries(self) -> int:
        found: int = self.value("SELECT count(*) FROM budgets_ledgerentry")
        return found

    def resume(self, pk: str) -> None:
        """Let what beat sends each minute be sent once the dead are known."""
        time.sleep(DEAD_AFTER_SECONDS + 0.5)
        self.script("resume")
        self.wait_for_state(pk, "done")

    def require_whole(self, pk: str, *, before: int) -> None:
        """Require that every row counts once, and that the page says so."""
        assert self.entries() - before == ROWS
        page, audit = self.script("look", pk).splitlines()[-2:]
        assert audit == "audit: []"
        assert "This work was interrupted and resumed" in page
        assert "Imported by ada" in page
        assert "Refused 0" in page


@pytest.fixture(scope="module")
def office(installation: Installation) -> Office:
    installation.environment |= {
        "DJANGO_SETTINGS_MODULE": "core.settings",
        "JOB_DEAD_AFTER_SECONDS": str(DEAD_AFTER_SECONDS),
    }
    migrated = installation.run("manage.py", "migrate", "--verbosity=0")
    assert migrated.returncode == 0, migrated.stderr
    embedded = EmbeddedBroker(installation.var / "valkey")
    program = embedded.program()
    installation.start(*program.command, log="broker.log")
    wait_for(program.is_ready, seconds=10, what="broker")
    installation.environment["REDIS_URL"] = embedded.url
    return Office(installation, embedded.url)


@pytest.fixture
def worker(office: Office) -> Iterator[subprocess.Popen[bytes]]:
    worker = office.worker()
    yield worker
    kill(worker)


def kill(worker: subprocess.Popen[bytes]) -> None:
    """Kill a worker and its children without warning."""
    if worker.poll() is None:
        os.killpg(worker.pid, signal.SIGKILL)
        worker.wait()


def test_a_job_whose_worker_is_killed_is_finished_by_another(
    office: Office, worker: subprocess.Popen[bytes]
) -> None:
    before, pk = office.entries(), office.upload()
    office.script("send", pk)
    office.wait_until_half_done()
    kill(worker)
    assert 0 < office.entries() - before < ROWS
    another = office.worker()
    office.resume(pk)
    kill(another)
    office.require_whole(pk, before=before)


def test_a_job_that_the_broker_forgot_is_found(office: Office) -> None:
    pk = office.upload(rows=10)
    office.script("send", pk)
    redis.Redis.from_url(office.broker_url).flushall()
    worker = office.worker()
    office.script("resume")
    office.wait_for_state(pk, "done")
    kill(worker)


def test_without_a_broker_the_work_is_done_at_once(office: Office) -> None:
    pk = office.upload(rows=10)
    nowhere = f"redis://127.0.0.1:{free_port()}/0"
    office.installation.environment["REDIS_URL"] = nowhere
    try:
        office.script("send_or_do", pk)
    finally:
        office.installation.environment["REDIS_URL"] = office.broker_url
    assert office.state(pk) == "done"


def test_a_job_whose_database_goes_away_is_finished_when_it_is_back(
    office: Office, worker: subprocess.Popen[bytes]
) -> None:
    url = office.installation.environment["DATABASE_URL"]
    if not url.startswith("postgres"):
        pytest.skip("the server of PostgreSQL can go away, a file of SQLite is there")
    before, pk = office.entries(), office.upload()
    office.script("send", pk)
    office.wait_until_half_done()
    close_database(url)
    assert office.entries() - before < ROWS
    office.resume(pk)
    office.require_whole(pk, before=before)
    assert worker.poll() is None


def close_database(url: str) -> None:
    """End every connection to a database, and let nobody in for a second."""
    name = urlsplit(url).path.removeprefix("/")
    server = urlsplit(url)._replace(path="/postgres").geturl()
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name]
        )
        time.sleep(1)
        connection.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true')
