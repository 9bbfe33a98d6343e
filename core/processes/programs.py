"""The programs that run this project's own code."""

import signal
import sys
from collections.abc import Mapping

from core.processes.program import Program
from core.processes.web import Address

PYTHON = (sys.executable, "-m")
SERVE = (
    *("granian", "--interface=asgi", "--http=1", "--no-ws"),
    *("--respawn-failed-workers", "--workers-kill-timeout=15"),
)
"""README.md shows the same line. HTTP/1 alone: a proxy in front speaks the others. At the end,
requests under way have 15 seconds."""

CELERY = (*PYTHON, "celery", "-A", "core")


def web(address: Address, environment: Mapping[str, str], *, processes: int) -> Program:
    """Return the web server; the rest starts when its sign-in page answers.

    Should the supervisor die, the server is asked to stop, and takes its processes with it.
    """
    listen = (f"--host={address.numeric_host}", f"--port={address.port}", f"--workers={processes}")
    return Program(
        name="web",
        command=(*PYTHON, *SERVE, *listen, "core.asgi:application"),
        environment=environment,
        is_ready=address.answers,
        stop_seconds=20,
        orphan_signal=signal.SIGTERM,
    )


def worker(environment: Mapping[str, str]) -> Program:
    """Return the Celery worker. A task it cannot finish in time is delivered again."""
    return Program(
        name="worker",
        command=(*CELERY, "worker", "--loglevel=info"),
        environment=environment,
        stop_seconds=20,
    )


def beat(environment: Mapping[str, str]) -> Program:
    """Return Celery's clock: exactly one, two would send everything twice."""
    return Program(
        name="beat",
        command=(*CELERY, "beat", "--loglevel=info"),
        environment=environment,
    )
