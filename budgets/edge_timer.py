"""A worker's timer: sends `decide_due` at the very instant of each edge.

Beat sends it every minute, too; by itself it would be up to a minute late. Several workers send it
several times, which does no harm: one of them decides, the others leave at once.
"""

from contextlib import suppress
from threading import Event, Thread
from typing import Any

from celery.signals import worker_ready, worker_shutting_down
from django.utils import timezone
from kombu.exceptions import OperationalError

from budgets.rules.clock import Clock, next_edge
from budgets.tasks import EDGE_EXPIRES_SECONDS, decide_due, send_now

LONGEST_WAIT_SECONDS = 30
"""A clock that is set, or a machine that slept, is noticed after this."""

stopping = Event()


@worker_ready.connect
def start(**_: Any) -> None:
    """Start the timer beside the worker; it ends with it."""
    stopping.clear()
    Thread(target=send_at_edges, args=(stopping,), name="edges", daemon=True).start()


@worker_shutting_down.connect
def stop(**_: Any) -> None:
    stopping.set()


def send_at_edges(stopped: Event, *, clock: Clock = timezone.now) -> None:
    """Send the task once for every edge that comes, until stopped."""
    edge = next_edge(clock())
    while not stopped.wait(min((edge - clock()).total_seconds(), LONGEST_WAIT_SECONDS)):
        now = clock()
        if now >= edge:
            with suppress(OperationalError):  # beat's next one makes up for it
                send_now(decide_due, expires=EDGE_EXPIRES_SECONDS)
        edge = next_edge(now)
