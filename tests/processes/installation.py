"""A real installation in a folder of its own, and the processes that belong to it."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from core.processes.broker import free_port

ROOT = Path(__file__).resolve().parents[2]


def parent_of(pid: int) -> int:
    """Return the id of the process that started another; ids begin anew: it may be the larger."""
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])


def wait_for(true: Callable[[], object], *, seconds: float, what: str) -> None:
    """Fail unless the condition becomes true within the time."""
    deadline = time.monotonic() + seconds
    while not true():
        if time.monotonic() > deadline:
            pytest.fail(f"no {what} within {seconds:g} seconds")
        time.sleep(0.1)


class Installation:
    """One folder, one database, one set of processes."""

    def __init__(self, folder: Path, *, database_url: str) -> None:
        self.var = folder
        self.port = free_port()
        self.environment = {
            **os.environ,
            "VAR_DIR": str(folder),
            "DATABASE_URL": database_url,
            "PYTHONPATH": str(ROOT),
            "PYTHONUNBUFFERED": "1",
        }
        self._started: list[subprocess.Popen[bytes]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self, *command: str, log: str) -> subprocess.Popen[bytes]:
        """Start a process of this installation, its output kept in a file of that name."""
        with (self.var / log).open("wb") as output:
            process = subprocess.Popen(
                command,
                cwd=ROOT,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self._started.append(process)
        return process

    @property
    def running(self) -> subprocess.Popen[bytes] | None:
        """The process that was started last, while it runs."""
        last = self._started[-1] if self._started else None
        return last if last and last.poll() is None else None

    def up(self, *options: str) -> subprocess.Popen[bytes]:
        """Start everything and wait until it says that it runs."""
        process = self.start(
            *(sys.executable, "manage.py", "up", f"--port={self.port}", *options), log="up.log"
        )
        wait_for(
            lambda: "is running" in self.log("up.log") or process.poll() is not None,
            seconds=90,
            what="running installation",
        )
        assert process.poll() is None, self.log("up.log")
        return process

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run Python with these arguments to its end."""
        return subprocess.run(
            [sys.executable, *arguments],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    def log(self, name: str) -> str:
        return (self.var / name).read_text()

    def processes(self, containing: str = "") -> dict[int, str]:
        """Return the running processes of this installation: process id and command line."""
        mark = f"VAR_DIR={self.var}".encode()
        found = {}
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                ours = mark in (folder / "environ").read_bytes().split(b"\0")
                # The broker writes its title over its environment, but works in our folder.
                ours = ours or (folder / "cwd").readlink().is_relative_to(self.var)
                command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            except (OSError, UnicodeDecodeError):  # it ended meanwhile, or belongs to someone else
                continue
            if ours and containing in command:
                found[int(folder.name)] = command
        return found

    def wait_until_gone(self, *, seconds: float) -> None:
        wait_for(lambda: not self.processes(), seconds=seconds, what=f"end of {self.processes()}")

    def end(self) -> None:
        """Leave nothing behind, whatever the test did."""
        for process in self._started:
            if process.poll() is None:
                process.terminate()
        for process in self._started:
            try:
                process.wait(timeout=40)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        for pid in self.processes():
            os.kill(pid, signal.SIGKILL)
        self._started.clear()
