"""Servers on this machine, for the length of a test or until somebody ends them by hand."""

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any

Answer = Callable[[BaseHTTPRequestHandler, bytes], tuple[int, bytes]]
"""Given a request and its body, returns the status and what is answered as JSON."""


class Handler(BaseHTTPRequestHandler):
    """Answers every request by one function."""

    answer: Answer
    headers_besides: Mapping[str, str]

    def do_GET(self) -> None:
        self.reply()

    def do_POST(self) -> None:
        self.reply()

    def reply(self) -> None:
        with suppress(ConnectionError):  # of one that waits no longer
            self.reply_at_all()

    def reply_at_all(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        status, said = type(self).answer(self, body)
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(said)))
        for name, value in self.headers_besides.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(said)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@contextmanager
def served(
    answer: Answer, port: int = 0, headers: Mapping[str, str] | None = None
) -> Iterator[str]:
    """Answer on a port; give the address. `headers` may change meanwhile."""
    besides = {} if headers is None else headers
    attributes = {"answer": staticmethod(answer), "headers_besides": besides}
    with listening(type("Bound", (Handler,), attributes), port) as address:
        yield address


@contextmanager
def listening(handler: type[BaseHTTPRequestHandler], port: int = 0) -> Iterator[str]:
    """Have requests handled on a port; give the address."""
    server = ThreadingHTTPServer(("127.0.0.1", port), handler)
    Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()


def tell_and_wait(*lines: str) -> None:
    """Write what somebody needs to know who started a server by hand, and wait for Ctrl-C."""
    sys.stdout.write("\n".join([*lines, "Ctrl-C ends it.", ""]))
    sys.stdout.flush()
    with suppress(KeyboardInterrupt):
        Event().wait()
