"""A scratch installation with the demo, to look at and throw away."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MANAGE = (sys.executable, "manage.py")
KEPT = ("PATH", "HOME", "LANG", "TMPDIR")
PASSWORD = "throw-away-only"  # noqa: S105 - of an installation that lives for minutes
# The checks' own turn comes after ten minutes.
CHECKS = "from budgets.tasks import *; check_spend(); check_dayparts(); reset_daily()"
HAVE_RUN = """
from django.utils import timezone
from budgets.reports.diagnostics.recurring import task_health
raise SystemExit(not all(task.at for task in task_health(now=timezone.now())))
"""
START_SECONDS = 180
STOP_SECONDS = 30


@contextmanager
def installation(scratch: Path) -> Iterator[str]:
    """Run an installation of its own with the demo, and yield its address."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    log = scratch / "up.log"
    with log.open("w") as output:
        up = subprocess.Popen(
            (*MANAGE, "up", f"--port={port}"),
            cwd=ROOT,
            env=environment_of(scratch),
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        wait_for(lambda: "is running" in log.read_text(), process=up, log=log)
        run_inside(scratch, CHECKS)
        have_run = (*MANAGE, "shell", "-v0", "-c", HAVE_RUN)
        ask = partial(subprocess.run, have_run, cwd=ROOT, env=environment_of(scratch))
        wait_for(lambda: ask().returncode == 0, process=up, log=log)
        yield url
    finally:
        up.send_signal(signal.SIGINT)
        up.wait(STOP_SECONDS)


def run_inside(scratch: Path, code: str) -> None:
    """Run code beside the processes of an installation, on its database."""
    shell = (*MANAGE, "shell", "-v0", "-c", code)
    subprocess.run(shell, cwd=ROOT, env=environment_of(scratch), check=True)


def environment_of(scratch: Path) -> dict[str, str]:
    """Return what an installation finds around it: nothing of the one that is worked on."""
    environment = {name: os.environ[name] for name in KEPT if name in os.environ}
    return environment | {"VAR_DIR": str(scratch), "ADMIN_PASSWORD": PASSWORD}


def wait_for(happens: Callable[[], bool], *, process: subprocess.Popen[bytes], log: Path) -> None:
    """Wait until it happens; give up when the process ends or takes too long."""
    deadline = time.monotonic() + START_SECONDS
    while not happens():
        if process.poll() is not None or time.monotonic() > deadline:
            raise SystemExit(f"The scratch installation did not start:\n{log.read_text()}")
        time.sleep(1)


def free_port() -> int:
    """Return a port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
