"""The programs that run this project's own code."""

import sys
from collections.abc import Mapping

from core.processes.program import Program
from core.processes.web import Address

PYTHON = (sys.executable, "-m")
CELERY = (*PYTHON, "celery", "-A", "core")


def web(address: Address, environment: Mapping[str, str]) -> Program:
    """Return the web server; the rest starts when its login page answers."""
    listen = ("--bind", str(address), "--workers=2", "--threads=4", "--preload")
    quiet = ("--graceful-timeout=5", "--no-control-socket")
    return Program(
        name="web",
        command=(*PYTHON, "gunicorn", "core.wsgi:application", *listen, *quiet),
        environment=environment,
        is_ready=address.answers,
    )


def worker(environment: Mapping[str, str]) -> Program:
    """Return the Celery worker. A task it cannot finish in time is delivered again."""
    return Program(
        name="worker",
        command=(*CELERY, "worker", "--loglevel=info", "--concurrency=2"),
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
