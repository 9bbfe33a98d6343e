"""The door in front of the WSGI application, on requests and clients made up by hand."""

import asyncio
import tempfile
import threading
from collections.abc import Callable, Coroutine, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

import pytest
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import RequestFactory

from core.serving.answer import header_variables
from core.serving.body import Message
from core.serving.limits import Limits
from core.serving.server import Server

Environ = dict[str, Any]
Start = Callable[..., Any]
T = TypeVar("T")

SMALL = Limits(threads=2, waiting=1, body_bytes=1_000, grace_seconds=0.2)


def echo(environ: Environ, start: Start) -> Iterable[bytes]:
    """Answer with the body that came."""
    body = environ["wsgi.input"].read()
    start("200 OK", [("X-Length", environ.get("CONTENT_LENGTH", "none"))])
    return [body]


def is_known(environ: Environ) -> bool:
    return "HTTP_X_STRANGER" not in environ


class Client:
    """Sends the messages it was given, and keeps what comes back."""

    def __init__(self, *messages: Message, stands_still: bool = False) -> None:
        self.messages = list(messages)
        self.stands_still = stands_still
        self.got: list[Message] = []

    async def receive(self) -> Message:
        if not self.messages:
            await asyncio.sleep(60)
        return self.messages.pop(0)

    async def send(self, message: Message) -> None:
        if self.stands_still and message.get("more_body"):
            await asyncio.sleep(60)
        self.got.append(message)

    @property
    def status(self) -> int:
        return int(self.got[0]["status"])

    @property
    def body(self) -> bytes:
        return b"".join(message["body"] for message in self.got[1:])

    @property
    def headers(self) -> dict[bytes, bytes]:
        return dict(self.got[0]["headers"])


def part(body: bytes = b"", *, more: bool = False) -> Message:
    return {"type": "http.request", "body": body, "more_body": more}


def scope(method: str = "POST", **headers: str) -> dict[str, Any]:
    return {
        "type": "http",
        "method": method,
        "path": "/münchen",
        "query_string": b"q=1",
        "http_version": "1.1",
        "scheme": "http",
        "headers": [
            (name.replace("_", "-").encode(), text.encode()) for name, text in headers.items()
        ],
    }


def run(work: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine on a thread of its own: a browser under test may have a loop in this one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()


def serve(application: Any, client: Client, request: Environ, limits: Limits = SMALL) -> Client:
    server = Server(application, limits, may_send_much=is_known)
    run(server(request, client.receive, client.send))
    return client


def test_the_application_sees_a_body_that_came_in_parts_as_one() -> None:
    client = serve(echo, Client(part(b"spe", more=True), part(b"nd")), scope(content_length="5"))
    assert (client.status, client.body, client.headers[b"x-length"]) == (200, b"spend", b"5")


def test_a_large_body_and_its_answer_pass_through_files_unchanged() -> None:
    body = bytes(range(256)) * 4_000
    limits = Limits(threads=1, body_bytes=len(body))
    request = scope(content_length=str(len(body)))
    assert serve(echo, Client(part(body)), request, limits).body == body


def test_a_body_that_stops_coming_is_ended_with_408() -> None:
    client = serve(echo, Client(part(b"a", more=True)), scope(content_length="500"))
    assert (client.status, client.headers[b"connection"]) == (408, b"close")


def test_a_large_body_may_take_as_long_as_its_pace_allows() -> None:
    class Uploader(Client):
        async def receive(self) -> Message:
            await asyncio.sleep(0.1)
            return await super().receive()

    client = Uploader(*(part(b"x" * 100, more=True) for _ in range(5)), part())
    limits = Limits(threads=1, body_bytes=1_000, grace_seconds=0.2, slowest_bytes_a_second=500)
    assert serve(echo, client, scope(), limits).body == b"x" * 500


def test_a_body_of_undeclared_length_is_ended_at_the_limit() -> None:
    client = serve(echo, Client(part(b"x" * 900, more=True), part(b"x" * 900, more=True)), scope())
    assert client.status == 413
    assert b"1,000 bytes" in client.body


def test_a_body_that_is_declared_too_large_comes_to_a_view_that_looks_at_headers_only() -> None:
    def view(environ: Environ, start: Start) -> Iterable[bytes]:
        start("413 Too large", [])
        with pytest.raises(RequestDataTooBig):
            environ["wsgi.input"].read()
        return [b"in my own words"]

    client = serve(view, Client(), scope(content_length="1001"))
    assert (client.status, client.body) == (413, b"in my own words")


STRICT = Limits(threads=1, body_bytes=1_000, unknown_bytes=100, grace_seconds=0.2)


def look_only(environ: Environ, start: Start) -> Iterable[bytes]:
    """Answer by the head, and say whether there is a body."""
    start("200 OK", [])
    try:
        return [b"body of %d" % len(environ["wsgi.input"].read())]
    except RequestDataTooBig:
        return [b"no body"]


@pytest.mark.parametrize(
    "request_, told",
    [
        (scope(content_length="100", x_stranger="1"), b"body of 100"),
        (scope(content_length="101", x_stranger="1"), b"no body"),
        (scope(content_length="101"), b"body of 101"),
    ],
)
def test_a_large_body_of_somebody_unknown_is_not_taken_in(request_: Environ, told: bytes) -> None:
    sent = int(dict(request_["headers"])[b"content-length"])
    client = serve(look_only, Client(part(b"x" * sent)), request_, STRICT)
    assert client.body == told
    assert len(client.messages) == (1 if told == b"no body" else 0)


def test_a_body_of_undeclared_length_of_somebody_unknown_is_ended_early() -> None:
    parts = [part(b"x" * 60, more=True), part(b"x" * 60)]
    known = serve(echo, Client(*parts), scope(transfer_encoding="chunked"), STRICT)
    stranger = scope(transfer_encoding="chunked", x_stranger="1")
    unknown = serve(echo, Client(*parts), stranger, STRICT)
    assert (known.status, unknown.status) == (200, 413)


def test_a_file_of_a_form_is_in_no_folder_under_a_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    content = b"x" * 3_000_000
    request = RequestFactory().post("/", {"file": SimpleUploadedFile("report.csv", content)})
    file: Any = request.FILES["file"]
    assert list(tmp_path.iterdir()) == []
    assert (file.name, file.size, b"".join(file.chunks())) == ("report.csv", 3_000_000, content)


def test_a_client_that_left_is_not_answered() -> None:
    gone = Client(part(b"a", more=True), {"type": "http.disconnect"})
    assert serve(echo, gone, scope()).got == []


def test_a_reader_that_stands_still_is_left() -> None:
    slow = Client(part(b"x" * 10), stands_still=True)
    assert [message["type"] for message in serve(echo, slow, scope()).got] == [
        "http.response.start"
    ]


def test_slow_clients_take_no_thread() -> None:
    async def many() -> Client:
        server = Server(echo, SMALL, may_send_much=is_known)
        slow = [Client(part(b"a", more=True)) for _ in range(40)]
        waiting = [asyncio.create_task(server(scope(), each.receive, each.send)) for each in slow]
        await asyncio.sleep(0)
        quick = Client(part(b"quick"))
        await asyncio.wait_for(server(scope(), quick.receive, quick.send), 0.15)
        assert not any(task.done() for task in waiting)
        for task in waiting:
            task.cancel()
        return quick

    assert run(many()).body == b"quick"


def test_more_requests_than_may_wait_are_told_to_come_back() -> None:
    go_on = threading.Event()

    def busy(_environ: Environ, start: Start) -> Iterable[bytes]:
        go_on.wait(10)
        start("200 OK", [])
        return []

    async def four() -> list[Client]:
        server = Server(busy, SMALL, may_send_much=is_known)  # two threads, and one may wait
        clients = [Client(part()) for _ in range(4)]
        tasks = [asyncio.create_task(server(scope(), c.receive, c.send)) for c in clients]
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        go_on.set()
        await asyncio.gather(*tasks)
        return clients

    assert [client.status for client in run(four())] == [200, 200, 200, 503]


def test_costly_requests_leave_a_thread_to_others() -> None:
    go_on = threading.Event()

    def hashes(environ: Environ, start: Start) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] == "POST":
            go_on.wait(10)
        start("200 OK", [])
        return []

    async def crowd() -> tuple[Client, list[Client]]:
        limits = Limits(threads=2, body_bytes=100, costly=frozenset({"/münchen"}), costly_waiting=2)
        server = Server(hashes, limits, may_send_much=is_known)
        guessers = [Client(part()) for _ in range(4)]
        tasks = [asyncio.create_task(server(scope(), c.receive, c.send)) for c in guessers]
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        other = Client(part())
        await asyncio.wait_for(server(scope("GET"), other.receive, other.send), 5)
        go_on.set()
        await asyncio.gather(*tasks)
        return other, guessers

    other, guessers = run(crowd())
    assert other.status == 200
    assert [client.status for client in guessers] == [200, 200, 200, 503]


def test_a_streamed_answer_is_written_and_closed_in_its_thread() -> None:
    seen: list[tuple[str, int]] = []

    class Rows:
        def __iter__(self) -> Iterator[bytes]:
            for row in (b"1,", b"2"):
                seen.append(("row", threading.get_ident()))
                yield row

        def close(self) -> None:
            seen.append(("close", threading.get_ident()))

    def stream(_environ: Environ, start: Start) -> Rows:
        start("200 OK", [])
        return Rows()

    assert serve(stream, Client(part()), scope("GET")).body == b"1,2"
    assert [what for what, _ in seen] == ["row", "row", "close"]
    assert len({thread for _, thread in seen} - {threading.get_ident()}) == 1


def test_a_stream_that_fails_is_not_taken_for_whole() -> None:
    def stream(_environ: Environ, start: Start) -> Iterator[bytes]:
        start("200 OK", [])
        yield b"half"
        raise RuntimeError("the database went away")

    client = serve(stream, Client(part()), scope("GET"))
    assert client.status == 500
    assert b"half" not in client.body


def test_head_is_answered_without_a_body() -> None:
    assert serve(echo, Client(part(b"x")), scope("HEAD")).body == b""


def test_a_header_with_an_underscore_cannot_pose_as_one_of_the_proxy() -> None:
    headers = [(b"X_Forwarded_Proto", b"https"), (b"cookie", b"a=1"), (b"cookie", b"b=2")]
    assert header_variables(headers) == {"HTTP_COOKIE": "a=1;b=2"}


def test_a_path_comes_as_wsgi_writes_it() -> None:
    def path(environ: Environ, start: Start) -> Iterable[bytes]:
        start("200 OK", [])
        return [environ["PATH_INFO"].encode("latin1")]

    assert serve(path, Client(part()), scope("GET")).body.decode() == "/münchen"
