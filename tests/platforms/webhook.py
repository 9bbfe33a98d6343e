"""A webhook: verifies what it is sent, carries it out on a mock platform, and reports totals.

By hand: `python -m tests.platforms.webhook --port 8900 --secret whsec_c2VjcmV0`; with it running,
`WEBHOOK_NETWORKS=127.0.0.0/8` lets an account use `http://127.0.0.1:8900/status` and
`http://127.0.0.1:8900/totals` (`?as=csv` for CSV).
"""

import argparse
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qs, urlsplit

from standardwebhooks import Webhook
from standardwebhooks.webhooks import WebhookVerificationError

from budgets.connectors.base import Order
from budgets.rules.money import to_units
from budgets.rules.status import RunStatus
from tests.platforms.behind import Behind
from tests.platforms.http import listening, tell_and_wait

SECRET = "whsec_c2VjcmV0IG9mIHRoZSB0ZXN0cw=="
ACCOUNT = "a-1"
COLUMNS = ("campaign", "day", "total", "currency", "as_of")

Behaviour = Callable[[BaseHTTPRequestHandler], bool]
"""Answers in a way of its own, or says that it does not."""


class WebhookPlatform(Behind):
    """An account, and who stands behind its webhook."""

    def __init__(self, *, secret: str = SECRET) -> None:
        super().__init__(ACCOUNT, token=secret)
        self.webhook = Webhook(secret)
        self.seen: set[str] = set()
        self.received: list[dict[str, Any]] = []
        self.behaves: Behaviour = lambda _request: False

    def verified(self, headers: dict[str, str], body: bytes) -> bool:
        """Say whether a message is signed with our secret, of these minutes, and new."""
        message_id = headers.get("webhook-id", "")
        try:
            self.webhook.verify(body, headers, json_parse=False)
        except (WebhookVerificationError, ValueError):
            return False
        if message_id in self.seen:
            return False
        self.seen.add(message_id)
        return True

    def answer(self, body: bytes) -> dict[str, Any]:
        """Carry out a message."""
        message = json.loads(body)
        self.received.append(message)
        if message["type"] == "connection.test":
            account = self.account
            return {
                "name": account.name,
                "timezone": account.timezone,
                "currency": account.currency,
            }
        orders = [
            Order(each["id"], RunStatus(each["status"])) for each in message["data"]["campaigns"]
        ]
        stands = self.platform.set_status(ACCOUNT, orders, now=self.clock())
        return {
            "campaigns": [
                {"id": key, "status": status.value}
                if stands.get(key) is status
                else {"id": key, "error": "It is not there, or was removed."}
                for key, status in orders
            ]
        }

    def totals(self, first: date, last: date) -> list[dict[str, str]]:
        now = self.clock()
        return [
            {
                "campaign": campaign,
                "day": day.isoformat(),
                "total": str(to_units(micros)),
                "currency": self.account.currency,
                "as_of": now.isoformat(),
            }
            for campaign, day, micros in self.billed(first, last)
        ]

    @contextmanager
    def served(self, port: int = 0) -> Iterator[str]:
        """Serve it on this machine; give its address."""
        with listening(handler_of(self), port) as address:
            yield address


class Handler(BaseHTTPRequestHandler):
    """Answers for the platform that it is given by `handler_of`."""

    platform: WebhookPlatform

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        if self.platform.behaves(self):
            return
        if self.is_ours(body):
            self.say(200, "application/json", json.dumps(self.platform.answer(body)).encode())
        else:
            self.say(401, "text/plain", b"")

    def do_GET(self) -> None:
        if self.platform.behaves(self):
            return
        if not self.is_ours(b""):
            self.say(401, "text/plain", b"")
            return
        asked = parse_qs(urlsplit(self.path).query)
        days = self.platform.totals(*(date.fromisoformat(asked[k][0]) for k in ("first", "last")))
        if asked.get("as") == ["csv"]:
            lines = [COLUMNS, *([row[name] for name in COLUMNS] for row in days)]
            self.say(200, "text/csv; charset=utf-8", "\n".join(map(",".join, lines)).encode())
        else:
            self.say(200, "application/json", json.dumps({"days": days}).encode())

    def is_ours(self, body: bytes) -> bool:
        named = {name.lower(): value for name, value in self.headers.items()}
        return self.platform.verified(named, body)

    def say(self, status: int, kind: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


def handler_of(platform: WebhookPlatform) -> type[Handler]:
    return type("OfAPlatform", (Handler,), {"platform": platform})


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--port", type=int, default=8900)
    options.add_argument("--secret", default=SECRET)
    given = options.parse_args()
    stood_up = WebhookPlatform(secret=given.secret)
    stood_up.open_all()
    with stood_up.served(given.port) as address:
        tell_and_wait(f"{address}/status and {address}/totals, secret {given.secret}.")
