"""The web server on the loopback, and clients that keep it busy."""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from http.client import HTTPConnection
from time import monotonic, sleep

from django.urls import Resolver404, resolve
from django.utils import timezone

from budgets.models import ApiKey
from budgets.operations.ingest.types import SpendEntry
from budgets.operations.keys import new_secret
from core.processes.programs import SERVE

SPEND = "/api/v1/spend"
STARTS_WITHIN_SECONDS = 30


def has_api() -> bool:
    """Say whether spend can come in through HTTP."""
    try:
        resolve(SPEND)
    except Resolver404:
        return False
    return True


def new_token() -> str:
    """Return a token that may report spend of every brand."""
    key = ApiKey.objects.create(
        name="benchmark",
        may_spend=True,
        all_brands=True,
        requests_per_minute=1_000_000,
        is_of_house=True,
    )
    return new_secret(key, now=timezone.now()).token


@contextmanager
def web_server(workers: int) -> Iterator[int]:
    """Have the web server of the product serve the scratch database; yield its port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    # Without the Redis of somebody else each process counts requests by itself.
    environment = os.environ | {"REDIS_URL": "redis://127.0.0.1:1/0", "LOG_LEVEL": "ERROR"}
    listen = [f"--workers={workers}", f"--port={port}", "--log-level=error"]
    command = [sys.executable, "-m", *SERVE, *listen, "core.asgi:application"]
    server = subprocess.Popen(command, env=environment)
    try:
        wait_for(port)
        yield port
    finally:
        server.terminate()
        server.wait(timeout=STARTS_WITHIN_SECONDS)


def wait_for(port: int) -> None:
    """Wait until the server answers."""
    give_up = monotonic() + STARTS_WITHIN_SECONDS
    while monotonic() < give_up:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port)):
            return
        sleep(0.1)
    raise TimeoutError(f"The web server did not answer within {STARTS_WITHIN_SECONDS} s.")


def body_of(entries: Sequence[SpendEntry]) -> bytes:
    """Return the entries as a client sends them."""
    rows = [
        {
            "source": e.source,
            "key": e.key,
            "campaign_id": e.campaign_id,
            "occurred_at": e.occurred_at.isoformat(),
            "amount": str(e.amount),
            "currency": e.currency,
        }
        for e in entries
    ]
    return json.dumps({"entries": rows}).encode()


def post(port: int, token: str, bodies: Sequence[bytes]) -> int:
    """Send the bodies one after the other; return how many rows were taken."""
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    connection = HTTPConnection("127.0.0.1", port, timeout=120)
    taken = 0
    for body in bodies:
        connection.request("POST", SPEND, body, headers)
        answer = connection.getresponse()
        text = answer.read()
        assert answer.status == 200, text
        taken += json.loads(text)["accepted"]
    return taken
