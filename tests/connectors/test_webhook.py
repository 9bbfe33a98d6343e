"""A webhook is sent what it can prove to be ours, and can harm nobody who asks it."""

import json
import socket
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from http.server import BaseHTTPRequestHandler
from ipaddress import ip_address, ip_network
from typing import Any

import httpcore
import pytest
from pytest_django import Settings

from budgets.connectors.base import Limits, Login, Order
from budgets.connectors.errors import (
    ConnectorError,
    CredentialsError,
    PermanentError,
    RateLimited,
    TemporaryError,
)
from budgets.connectors.webhook import WebhookConnector, network
from budgets.connectors.webhook.addresses import may_connect
from budgets.connectors.webhook.connector import headers, require
from budgets.connectors.webhook.messages import reported_days
from budgets.connectors.webhook.network import Response, request
from budgets.rules.status import RunStatus
from tests.platforms.webhook import SECRET, Handler, WebhookPlatform

INSIDE = ip_network("127.0.0.0/8")
TODAY = date(2026, 3, 10)
STOP = [Order("running", RunStatus.PAUSED)]


@pytest.fixture
def there(settings: Settings) -> WebhookPlatform:
    settings.WEBHOOK_NETWORKS = [INSIDE]
    there = WebhookPlatform()
    there.open("running", RunStatus.RUNNING)
    return there


@pytest.fixture
def address(there: WebhookPlatform) -> Iterator[str]:
    with there.served() as address:
        yield address


@pytest.fixture
def connector(monkeypatch: pytest.MonkeyPatch) -> WebhookConnector:
    """Return a connector that waits for half a second."""
    quick = Limits(batch_size=500, calls_a_minute=120, timeout=timedelta(seconds=0.5))
    monkeypatch.setattr(WebhookConnector, "limits", quick)
    return WebhookConnector()


def a_login(address: str, **credentials: str) -> Login:
    known = {"url": f"{address}/status", "secret": SECRET, "totals_url": f"{address}/totals"}
    return Login(
        external_id="a-1",
        timezone="Asia/Kolkata",
        currency="INR",
        credentials={**known, **credentials},
    )


def says(status: int, body: bytes = b"", **named: str) -> Callable[[Any], bool]:
    """Answer whatever is asked with this."""

    def behave(request: BaseHTTPRequestHandler) -> bool:
        request.send_response(status)
        for name, value in named.items():
            request.send_header(name.replace("_", "-"), value)
        request.send_header("content-length", str(len(body)))
        request.end_headers()
        request.wfile.write(body)
        return True

    return behave


def test_a_message_is_of_the_shape_that_standard_webhooks_has(
    there: WebhookPlatform, address: str, connector: WebhookConnector
) -> None:
    connector.set_status(a_login(address), STOP)

    (message,) = there.received
    assert message["type"] == "campaigns.status_wanted"
    assert datetime.fromisoformat(message["timestamp"]).utcoffset() == timedelta(0)
    assert message["data"] == {
        "account": "a-1",
        "campaigns": [{"id": "running", "status": "paused"}],
    }


def test_a_wrong_secret_is_refused_and_said(
    there: WebhookPlatform, address: str, connector: WebhookConnector
) -> None:
    with pytest.raises(CredentialsError, match="refuses the signature"):
        connector.set_status(a_login(address, secret="whsec_b3RoZXI="), STOP)
    assert there.received == []


@pytest.mark.parametrize("secret", ["", "whsec_", "whsec_a"])
def test_a_secret_that_is_none_is_refused_before_anything_is_sent(
    there: WebhookPlatform, address: str, connector: WebhookConnector, secret: str
) -> None:
    with pytest.raises(CredentialsError, match="whsec_"):
        connector.set_status(a_login(address, secret=secret), STOP)


def test_a_message_that_is_replayed_does_nothing(there: WebhookPlatform, address: str) -> None:
    body = b'{"type": "connection.test"}'
    sent: dict[str, Any] = {
        "headers": headers(require(a_login(address)), body),
        "body": body,
        "most_bytes": 1_000,
        "within": timedelta(seconds=1),
        "allowed": [INSIDE],
    }
    request("POST", f"{address}/status", **sent)

    with pytest.raises(CredentialsError):
        request("POST", f"{address}/status", **sent)
    assert len(there.received) == 1


def test_a_message_of_ten_minutes_ago_does_nothing(
    there: WebhookPlatform, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    webhook, old = require(a_login(address)), datetime.now(UTC) - timedelta(minutes=10)
    named = {
        "webhook-id": "msg_1",
        "webhook-timestamp": str(int(old.timestamp())),
        "webhook-signature": webhook.sign("msg_1", old, "{}"),
    }
    assert not there.verified(named, b"{}")


@pytest.mark.parametrize(
    "behaves, error, words",
    [
        (says(302, location="http://10.0.0.1/"), PermanentError, "not followed"),
        (says(301, location="https://example.com/new"), PermanentError, "final address"),
        (says(404), PermanentError, "answered 404"),
        (says(401), CredentialsError, "answered 401"),
        (says(500), TemporaryError, "answered 500"),
        (says(429, retry_after="7"), RateLimited, "no more"),
        (says(200, b"fine!"), PermanentError, "cannot be read"),
        (says(200, b'{"campaigns": 5}'), PermanentError, "cannot be read"),
    ],
)
def test_an_answer_that_is_none_is_an_error_that_says_what_to_do(
    there: WebhookPlatform,
    address: str,
    connector: WebhookConnector,
    behaves: Callable[[Any], bool],
    error: type[ConnectorError],
    words: str,
) -> None:
    there.behaves = behaves
    with pytest.raises(error, match=words):
        connector.set_status(a_login(address), STOP)


@pytest.mark.parametrize(
    "text, seconds", [("7", 7), ("0", 1), ("99999999", 3_600), ("soon", 60), ("", 60), ("-5", 60)]
)
def test_how_long_to_wait_is_bounded(text: str, seconds: int) -> None:
    assert network.waited(text) == timedelta(seconds=seconds)


def test_an_empty_success_confirms_all(
    there: WebhookPlatform, address: str, connector: WebhookConnector
) -> None:
    there.behaves = says(204)
    assert [error for _, error in connector.set_status(a_login(address), STOP)] == [None]


def test_an_answer_says_of_each_what_became_of_it(
    there: WebhookPlatform, address: str, connector: WebhookConnector
) -> None:
    stands = [{"id": "a", "status": "running"}, {"id": "b", "error": "Archived."}]
    there.behaves = says(200, json.dumps({"campaigns": stands}).encode())
    orders = [Order(key, RunStatus.PAUSED) for key in "abc"]

    errors = dict(connector.set_status(a_login(address), orders))

    assert isinstance(errors["a"], TemporaryError)
    assert isinstance(errors["b"], PermanentError)
    assert errors.keys() == {"a", "b"}  # of c nothing is known


def drips(request: BaseHTTPRequestHandler) -> bool:
    """Send a byte of the head now and then, for ever."""
    try:
        for byte in b"HTTP/1.1 200 OK\r\nx-slow: " + b"y" * 10_000:
            request.wfile.write(bytes([byte]))
            request.wfile.flush()
            time.sleep(0.05)
    except OSError:
        pass
    return True


def endless(request: BaseHTTPRequestHandler) -> bool:
    """Send a body that does not end."""
    request.send_response(200)
    request.end_headers()
    try:
        while True:
            request.wfile.write(b"x" * 100_000)
    except OSError:
        return True


def test_an_answer_that_is_too_large_is_cut_off(
    there: WebhookPlatform, address: str, connector: WebhookConnector
) -> None:
    there.behaves = says(200, b" " * 1_000_001)
    with pytest.raises(TemporaryError, match="more than 1,000,000 bytes"):
        connector.set_status(a_login(address), STOP)


def silent(_request: BaseHTTPRequestHandler) -> bool:
    time.sleep(2)
    return True


@pytest.mark.parametrize("behaves", [drips, endless, silent])
def test_a_slow_or_endless_answer_is_cut_off(
    there: WebhookPlatform,
    address: str,
    connector: WebhookConnector,
    behaves: Callable[[Any], bool],
) -> None:
    there.behaves = behaves
    began = time.monotonic()

    with pytest.raises(TemporaryError):
        connector.set_status(a_login(address), STOP)

    assert time.monotonic() - began < 1.5  # it may take half a second


@pytest.mark.parametrize(
    "text",
    [
        *("127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254"),
        "0.0.0.0",  # noqa: S104 - nothing listens here
        *("100.64.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255", "192.0.2.1"),
        *("::1", "::", "fe80::1", "fc00::1", "ff02::1", "::ffff:10.0.0.1", "::ffff:127.0.0.1"),
    ],
)
def test_no_address_inside_is_connected_to(text: str) -> None:
    assert not may_connect(ip_address(text), [])


@pytest.mark.parametrize("text", ["1.1.1.1", "2606:4700::1111", "::ffff:1.1.1.1"])
def test_public_addresses_are(text: str) -> None:
    assert may_connect(ip_address(text), [])


def test_what_the_operator_allows_is_too() -> None:
    assert may_connect(ip_address("10.1.2.3"), [ip_network("10.1.0.0/16")])
    assert not may_connect(ip_address("10.2.2.3"), [ip_network("10.1.0.0/16")])
    assert may_connect(ip_address("::ffff:10.1.2.3"), [ip_network("10.1.0.0/16")])


@pytest.mark.parametrize("url", ["http://{}/status", "https://{}/status"])
@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "[::1]", "2130706433", "0x7f.1"])
def test_names_that_lead_inside_are_refused(
    settings: Settings, connector: WebhookConnector, url: str, host: str
) -> None:
    settings.WEBHOOK_NETWORKS = []
    with pytest.raises(ConnectorError, match=r"inside this network|There is no address"):
        connector.set_status(a_login("", url=url.format(host)), STOP)


def test_a_name_with_one_address_inside_is_refused_and_asked_once(
    there: WebhookPlatform, connector: WebhookConnector, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rebinding: the name leads outside when it is judged, and inside when it would be used."""
    asked: list[str] = []

    def resolve(host: str, port: int, **_: Any) -> list[Any]:
        asked.append(host)
        kind = (socket.AF_INET, socket.SOCK_STREAM, 6, "")
        return [(*kind, ("1.1.1.1", port)), (*kind, ("10.0.0.1", port))]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    with pytest.raises(PermanentError, match=r"leads to 10\.0\.0\.1"):
        connector.set_status(a_login("", url="https://hook.example.com/"), STOP)
    assert asked == ["hook.example.com"]


def test_what_is_judged_is_what_is_connected_to(
    settings: Settings, connector: WebhookConnector, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.WEBHOOK_NETWORKS = [INSIDE]
    connected: list[str] = []

    def resolve(host: str, port: int, **_: Any) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]

    def connect(_self: object, host: str, *_: Any) -> None:
        connected.append(host)
        raise httpcore.ConnectError("no further")

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    monkeypatch.setattr(httpcore.SyncBackend, "connect_tcp", connect)
    with pytest.raises(TemporaryError, match="could not be reached"):
        connector.set_status(a_login("", url="https://hook.example.com/"), STOP)
    assert connected == ["127.0.0.1"]


@pytest.mark.parametrize(
    "url, words",
    [
        ("", "Enter the address"),
        ("ftp://example.com/", "begins with https"),
        ("file:///etc/passwd", "begins with https"),
        ("nonsense", "begins with https"),
        ("https://", "."),
        ("https://exa mple.com/", "."),
    ],
)
def test_what_is_no_address_is_refused(connector: WebhookConnector, url: str, words: str) -> None:
    with pytest.raises(ConnectorError, match=words):
        connector.set_status(a_login("", url=url), STOP)


def test_plain_http_to_a_public_address_is_refused(
    connector: WebhookConnector, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        socket,
        "getaddrinfo",
        lambda _host, port, **_: [(2, 1, 6, "", ("1.1.1.1", port))],
    )
    with pytest.raises(PermanentError, match="over https:// only"):
        connector.set_status(a_login("", url="http://example.com/"), STOP)


def test_totals_come_as_csv_too(
    there: WebhookPlatform, address: str, connector: WebhookConnector
) -> None:
    there.clock = lambda: datetime.now(UTC) + timedelta(hours=3)
    today = there.clock().date()
    span = {"first": today - timedelta(days=2), "last": today + timedelta(days=1)}
    login = a_login(address)
    as_csv = a_login(address, totals_url=f"{address}/totals?as=csv")

    in_json = list(connector.read_days(login, ["running"], **span))
    in_csv = list(connector.read_days(as_csv, ["running"], **span))

    assert in_json
    assert [row[:4] for row in in_csv] == [row[:4] for row in in_json]


@pytest.mark.parametrize(
    "kind, body, words",
    [
        ("text/csv", b"campaign,day\n1,2026-03-10\n", "lack the columns as_of, currency, total"),
        ("text/csv", b"", "lack the columns"),
        (
            "text/csv",
            b"campaign,day,total,currency,as_of\nc,10.3.2026,1,INR,2026-03-10T12:00Z\n",
            "Line 2",
        ),
        (
            "text/csv",
            b"campaign,day,total,currency,as_of\nc,2026-03-10,1.5,INR,2026-03-10T12:00\n",
            "no offset",
        ),
        ("text/csv", b"campaign,day,total,currency,as_of\nc,2026-03-10\n", "Line 2"),
        ("text/csv", "é".encode("latin-1"), "UTF-8"),
        ("application/json", b'{"days": [{"campaign": 1}]}', "cannot be read"),
        ("text/html", b"<html>", "cannot be read"),
    ],
)
def test_totals_that_cannot_be_read_say_where(kind: str, body: bytes, words: str) -> None:
    with pytest.raises(PermanentError, match=words):
        reported_days(Response(kind, body))


def test_a_totals_amount_is_exact() -> None:
    body = (
        b'{"days": [{"campaign": "c", "day": "2026-03-10", "total": 0.1, "currency": "INR",'
        b' "as_of": "2026-03-10T12:00:00Z"}]}'
    )
    (row,) = reported_days(Response("application/json", body))
    assert str(row.total) == "0.1"


def test_without_an_address_of_totals_nothing_is_read(
    there: WebhookPlatform, address: str, connector: WebhookConnector
) -> None:
    login = a_login(address, totals_url="")
    assert list(connector.read_days(login, ["running"], first=TODAY, last=TODAY)) == []


def test_the_server_answers_by_the_platform_that_it_is_given() -> None:
    assert not hasattr(Handler, "platform")
