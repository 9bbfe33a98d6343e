"""The body of a request, whole before a thread sees it."""

import asyncio
from collections.abc import Awaitable, Callable
from tempfile import SpooledTemporaryFile
from typing import Any

from django.core.exceptions import RequestDataTooBig

from core.serving.limits import Limits

Message = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]

IN_MEMORY_BYTES = 256 * 1024
"""A larger body, and a larger answer, is kept in a file until it is done with. No body of somebody
unknown is larger."""


class BodyTooLarge(Exception):
    """A body of undeclared length that went beyond the limit of its sender."""

    def __init__(self, most_bytes: int) -> None:
        super().__init__(f"The most that is taken is {most_bytes:,} bytes.")


class BodyTooSlow(Exception):
    """A body that did not come at the pace that is asked for."""


class ClientGone(Exception):
    """A client that left before its request was whole."""


class Spool(SpooledTemporaryFile[bytes]):
    """Bytes on their way: in memory while they are few, then in a file without a name."""

    def __init__(self) -> None:
        super().__init__(max_size=IN_MEMORY_BYTES)


class RefusedBody(Spool):
    """The body of a request that declares too much: the view may look at its headers only."""

    def read(self, *_: Any) -> bytes:
        raise RequestDataTooBig("The request's body is larger than this server takes.")

    readline = read


async def whole_body(
    receive: Receive, *, declared_bytes: int, most_bytes: int, limits: Limits
) -> Spool:
    """Take in a body. Raises `BodyTooLarge`, `BodyTooSlow` and `ClientGone`.

    One that is declared as too large is not taken in at all: the view says so in its own words.
    """
    if declared_bytes > most_bytes:
        return RefusedBody()
    body = Spool()
    try:
        await take_in(receive, body, most_bytes=most_bytes, limits=limits)
    except TimeoutError:
        body.close()
        raise BodyTooSlow from None
    except BaseException:
        body.close()
        raise
    body.seek(0)
    return body


async def take_in(receive: Receive, body: Spool, *, most_bytes: int, limits: Limits) -> None:
    """Write what comes into the body, within the limits."""
    began = asyncio.get_running_loop().time()
    received = 0
    async with asyncio.timeout_at(began + limits.grace_seconds) as pace:
        while True:
            message = await receive()
            if message["type"] != "http.request":
                raise ClientGone
            chunk: bytes = message.get("body", b"")
            received += len(chunk)
            if received > most_bytes:
                raise BodyTooLarge(most_bytes)
            body.write(chunk)
            if not message.get("more_body", False):
                return
            pace.reschedule(began + limits.seconds_for(received))
