"""Call the WSGI application in a thread, and keep its answer until the client has taken it."""

import logging
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any, Protocol

from core.serving.body import Spool

log = logging.getLogger(__name__)

Header = tuple[bytes, bytes]
Scope = Mapping[str, Any]
OWN_VARIABLES = {"content-length", "content-type"}


class WSGIApplication(Protocol):
    """What Django's `get_wsgi_application` returns."""

    def __call__(
        self, environ: dict[str, Any], start_response: Callable[..., Any], /
    ) -> Iterable[bytes]: ...


@dataclass(slots=True)
class Answer:
    """A whole answer: nothing of the application is needed any more to send it."""

    status: int = 500
    headers: list[Header] = field(default_factory=list)
    body: Spool = field(default_factory=Spool)

    def start(self, status: str, headers: list[tuple[str, str]], *_: object) -> None:
        """Take what WSGI calls `start_response`."""
        self.status = int(status.partition(" ")[0])
        self.headers = [
            (name.lower().encode("latin1"), text.encode("latin1")) for name, text in headers
        ]


def answer_of(application: WSGIApplication, scope: Scope, body: Spool) -> Answer:
    """Return the application's whole answer to a whole request; called in a thread.

    Also an answer that is streamed is written to its end here: a database cursor belongs to its
    thread, and a slow reader would hold both.
    """
    answer = Answer()
    with closing(body):
        try:
            chunks = application(environ_of(scope, body), answer.start)
            try:
                for chunk in chunks:
                    answer.body.write(chunk)
            finally:
                close = getattr(chunks, "close", None)
                if close is not None:
                    close()
        except Exception:  # Django answers its own; this is one while a stream was written
            log.exception("No answer to %s %s", scope["method"], scope["path"])
            answer.body.close()
            return plain_answer(500, "The server failed to answer; its log says why.")
    answer.body.seek(0)
    return answer


def plain_answer(status: int, words: str, *headers: Header) -> Answer:
    """Return an answer of a line of text, to a request that came to no view."""
    answer = Answer(status=status)
    answer.body.write(f"{words}\n".encode())
    answer.body.seek(0)
    answer.headers = [(b"content-type", b"text/plain; charset=utf-8"), *headers]
    return answer


def environ_of(scope: Scope, body: Spool) -> dict[str, Any]:
    """Return the request as WSGI describes one."""
    host, port = scope.get("server") or ("localhost", 80)
    client = scope.get("client") or ("", 0)
    return {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": scope.get("root_path", ""),
        "PATH_INFO": scope["path"].encode().decode("latin1"),
        "QUERY_STRING": scope["query_string"].decode("latin1"),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "SERVER_NAME": host,
        "SERVER_PORT": str(port),
        "REMOTE_ADDR": client[0],
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope["scheme"],
        "wsgi.input": body,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
        **header_variables(scope["headers"]),
    }


def header_variables(headers: Iterable[Header]) -> dict[str, str]:
    """Return the headers as WSGI variables.

    A name with an underscore would become the variable of one with a hyphen, and pass a
    `X_Forwarded_Proto` by the proxy that removes `X-Forwarded-Proto`: such a header is dropped.
    """
    texts: dict[str, list[str]] = defaultdict(list)
    for raw_name, raw_text in headers:
        name = raw_name.decode("latin1").lower()
        if "_" in name:
            continue
        prefix = "" if name in OWN_VARIABLES else "http_"
        texts[(prefix + name).upper().replace("-", "_")].append(raw_text.decode("latin1"))
    return {
        name: (";" if name == "HTTP_COOKIE" else ",").join(found) for name, found in texts.items()
    }
