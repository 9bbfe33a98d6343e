"""A server on this machine that answers every request by one function."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

Answer = Callable[[BaseHTTPRequestHandler, bytes], tuple[int, bytes]]
"""Given a request and its body, returns the status and what is answered as JSON."""


class Handler(BaseHTTPRequestHandler):
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
    server = ThreadingHTTPServer(("127.0.0.1", port), type("Bound", (Handler,), attributes))
    Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
