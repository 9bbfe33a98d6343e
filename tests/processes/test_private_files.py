"""No other user of the machine can read what a running installation keeps."""

import os
import stat
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.processes.installation import Installation, wait_for

pytestmark = pytest.mark.processes

CELERY = str(Path(sys.executable).with_name("celery"))


@pytest.fixture
def generous() -> Iterator[None]:
    """Start processes as the shells of most machines do."""
    before = os.umask(0o022)
    yield
    os.umask(before)


def open_to_others(folder: Path) -> list[str]:
    return [
        f"{path.relative_to(folder)} {stat.filemode(path.lstat().st_mode)}"
        for path in (folder, *folder.rglob("*"))
        if path.lstat().st_mode & 0o077
    ]


def test_whoever_writes_it_and_when(installation: Installation, generous: None) -> None:
    """Starts broker, web, worker and beat once: what they write is what matters."""
    var = installation.var
    var.chmod(0o755)
    (var / "db.sqlite3").touch(mode=0o644)  # as an older version left it
    if not installation.environment["DATABASE_URL"].startswith("postgres"):
        del installation.environment["DATABASE_URL"]  # then this is the database
    installation.up("--no-demo")
    assert open_to_others(var) == []
    collected = installation.run("manage.py", "collectstatic", "--noinput")
    assert collected.returncode == 0, collected.stderr
    assert open_to_others(var) == []  # before another process closes what it finds
    installation.start(
        *(CELERY, "-A", "core", "worker", f"--logfile={var}/second.log"),
        *(f"--pidfile={var}/second.pid", "--hostname=second@%h"),
        log="second.out",
    )
    for name in ("second.log", "second.pid"):
        wait_for((var / name).exists, seconds=60, what=name)
    expected = {"secret_key", "up.lock", "admin.css"}
    if not installation.environment.get("REDIS_URL"):
        expected.add("valkey.conf")  # of the broker that is brought along
    assert expected <= {path.name for path in var.rglob("*")}
    assert open_to_others(var) == []
