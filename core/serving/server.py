"""The ASGI side: take requests in, hand whole ones to threads, send the answers out."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, closing, suppress
from multiprocessing import parent_process
from typing import Any, TypeVar

from core.processes.orphans import die_with
from core.serving.answer import (
    Answer,
    Scope,
    WSGIApplication,
    answer_of,
    environ_of,
    plain_answer,
)
from core.serving.body import (
    BodyTooLarge,
    BodyTooSlow,
    ClientGone,
    Message,
    Receive,
    Spool,
    whole_body,
)
from core.serving.limits import Limits

Send = Callable[[Message], Awaitable[None]]
T = TypeVar("T")

CHUNK_BYTES = 64 * 1024
CLOSE = (b"connection", b"close")


class Busy(Exception):
    """More requests wait for a thread than may."""


class Server:
    """An ASGI application that serves a WSGI one.

    The event loop waits for slow clients, as many as there are; the threads work, and never wait
    for one.
    """

    def __init__(
        self,
        application: WSGIApplication,
        limits: Limits,
        *,
        may_send_much: Callable[[dict[str, Any]], bool],
    ) -> None:
        """Serve the application; `may_send_much` judges a request by its head, in a thread."""
        self._application = application
        self._limits = limits
        self._may_send_much = may_send_much
        self._threads = ThreadPoolExecutor(limits.threads, thread_name_prefix="request")
        self._given = 0  # requests that wait for a thread or have one
        self._costly = asyncio.Semaphore(limits.costly_at_once)
        self._costly_given = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self.live(receive, send)
        elif scope["type"] == "http":
            await self.serve(scope, receive, send)

    async def live(self, receive: Receive, send: Send) -> None:
        """Tell the server that starts this process when it may begin, and when it may end."""
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                parent = parent_process()
                if parent is not None and parent.pid:  # left alone it would keep the port
                    die_with(parent.pid)
                await send({"type": "lifespan.startup.complete"})
            else:
                await asyncio.to_thread(self._threads.shutdown)
                await send({"type": "lifespan.shutdown.complete"})
                return

    async def serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        try:
            body = await whole_body(
                receive,
                declared_bytes=declared_bytes(scope),
                most_bytes=await self.most_bytes(scope),
                limits=self._limits,
            )
        except ClientGone:
            return
        except Busy:
            answer = plain_answer(503, "Too many requests at once.", (b"retry-after", b"1"))
        except BodyTooSlow:
            answer = plain_answer(408, "The request came too slowly.", CLOSE)
        except BodyTooLarge as refusal:
            answer = plain_answer(413, str(refusal), CLOSE)
        else:
            answer = await self.answer(scope, body)
        with closing(answer.body), suppress(TimeoutError):  # a reader that stands still is left
            await self.send(answer, send, with_body=scope["method"] != "HEAD")

    async def most_bytes(self, scope: Scope) -> int:
        """Return how large a body is taken in of this sender. Raises `Busy`."""
        most = min(self._limits.unknown_bytes, self._limits.body_bytes)
        is_open = b"transfer-encoding" in (name.lower() for name, _ in scope["headers"])
        if not is_open and declared_bytes(scope) <= most:
            return most
        with closing(Spool()) as nothing:
            may = await self.in_a_thread(self._may_send_much, environ_of(scope, nothing))
        return self._limits.body_bytes if may else most

    async def answer(self, scope: Scope, body: Spool) -> Answer:
        """Have a thread answer, unless too many requests wait for one already."""
        try:
            async with self.turn(scope):
                return await self.in_a_thread(answer_of, self._application, scope, body)
        except Busy:
            body.close()
            return plain_answer(503, "Too many requests at once.", (b"retry-after", b"1"))

    @asynccontextmanager
    async def turn(self, scope: Scope) -> AsyncIterator[None]:
        """Wait until no other costly request is worked on, if this is one. Raises `Busy`."""
        if scope["method"] != "POST" or scope["path"] not in self._limits.costly:
            yield
            return
        if self._costly_given >= self._limits.costly_at_once + self._limits.costly_waiting:
            raise Busy
        self._costly_given += 1
        try:
            async with self._costly:
                yield
        finally:
            self._costly_given -= 1

    async def in_a_thread(self, work: Callable[..., T], *arguments: Any) -> T:
        """Return what the work returns, done in a thread. Raises `Busy`."""
        if self._given >= self._limits.threads + self._limits.waiting:
            raise Busy
        self._given += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, work, *arguments)
        finally:
            self._given -= 1

    async def send(self, answer: Answer, send: Send, *, with_body: bool) -> None:
        """Send an answer at the pace of its reader. Raises `TimeoutError` for one too slow."""
        began = asyncio.get_running_loop().time()
        sent = 0
        async with asyncio.timeout_at(began + self._limits.grace_seconds) as pace:
            await send(
                {"type": "http.response.start", "status": answer.status, "headers": answer.headers}
            )
            while with_body and (chunk := answer.body.read(CHUNK_BYTES)):
                await send({"type": "http.response.body", "body": chunk, "more_body": True})
                sent += len(chunk)
                pace.reschedule(began + self._limits.seconds_for(sent))
            await send({"type": "http.response.body", "body": b""})


def declared_bytes(scope: Scope) -> int:
    """Return how large the request says its body is; 0 where it says nothing."""
    for name, text in scope["headers"]:
        if name.lower() == b"content-length" and text.isdigit():
            return int(text)
    return 0
