"""Requests to addresses that people typed in: bounded in time and size, and to no address inside.

The connection is made to the address that was judged: a name that leads elsewhere a moment later is
not asked again. Redirects are not followed.
"""

import ssl
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from time import monotonic
from typing import NamedTuple

import httpcore

from budgets.connectors.errors import (
    CredentialsError,
    PermanentError,
    RateLimited,
    TemporaryError,
)
from budgets.connectors.webhook.addresses import Network, is_inside, judged

LONGEST_RETRY_SECONDS = 3_600
RETRY_SECONDS = 60


class Response(NamedTuple):
    """What came back: the media type without its parameters, and the whole body."""

    media_type: str
    body: bytes


class Bounded(httpcore.NetworkStream):
    """A connection that ends at an instant, however slowly the other side goes on."""

    def __init__(self, stream: httpcore.NetworkStream, ends: float) -> None:
        self.stream = stream
        self.ends = ends

    def left(self) -> float:
        left = self.ends - monotonic()
        if left <= 0:
            raise httpcore.ReadTimeout
        return left

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self.stream.read(max_bytes, self.left())

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self.stream.write(buffer, self.left())

    def close(self) -> None:
        self.stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        return Bounded(self.stream.start_tls(ssl_context, server_hostname, self.left()), self.ends)

    def get_extra_info(self, info: str) -> object:
        return self.stream.get_extra_info(info)


class Guarded(httpcore.SyncBackend):
    """Connects to public addresses, and to those inside that the operator allows."""

    def __init__(self, allowed: Sequence[Network], ends: float) -> None:
        self.allowed = allowed
        self.ends = ends

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        address = str(judged(host, port, self.allowed))
        left = max(0.001, self.ends - monotonic())
        stream = super().connect_tcp(address, port, left, local_address, socket_options)
        return Bounded(stream, self.ends)


def request(
    method: str,
    url: str,
    *,
    headers: Mapping[str, str],
    body: bytes,
    most_bytes: int,
    within: timedelta,
    allowed: Sequence[Network],
) -> Response:
    """Make one request; the answer is whole and good. Raises `ConnectorError`.

    `within` bounds all of it, `most_bytes` the answer. `allowed` are networks inside that may be
    asked, also without TLS.
    """
    ends = monotonic() + within.total_seconds()
    try:
        target = httpcore.URL(url)
        require_tls(target, allowed)
        backend = Guarded(allowed, ends)
        with (
            httpcore.ConnectionPool(network_backend=backend, max_connections=1) as pool,
            pool.stream(method, target, headers=list(headers.items()), content=body) as answer,
        ):
            require_good(answer.status, dict(answer.headers))
            return Response(media_type(dict(answer.headers)), whole(answer, most_bytes))
    except httpcore.TimeoutException:
        raise TemporaryError("The webhook did not answer in time.") from None
    except (httpcore.NetworkError, httpcore.ProtocolError, ssl.SSLError) as error:
        raise TemporaryError(f"The webhook could not be reached: {error}.") from None
    except (httpcore.UnsupportedProtocol, ValueError, TypeError) as error:
        raise PermanentError(f"“{url}” is no address to ask: {error}.") from None


def require_tls(url: httpcore.URL, allowed: Sequence[Network]) -> None:
    """Refuse plain HTTP, over which anybody on the way reads along, but to networks inside."""
    if url.scheme == b"https":
        return
    host = url.host.decode()
    if url.scheme != b"http" or not host:
        raise PermanentError("Write an address that begins with https://.")
    if not is_inside(judged(host, url.port or 80, allowed), allowed):
        raise PermanentError(f"“{host}” is asked over https:// only.")


def require_good(status: int, headers: Mapping[bytes, bytes]) -> None:
    """Raise what a status means, unless it is a success."""
    named = {name.lower(): value.decode("latin-1") for name, value in headers.items()}
    if 200 <= status < 300:
        return
    if 300 <= status < 400:
        where = named.get(b"location", "elsewhere")[:200]
        raise PermanentError(
            f"The webhook sends us on to {where}; that is not followed. Enter its final address."
        )
    if status in (401, 403):
        raise CredentialsError(
            f"The webhook answered {status}: it refuses the signature. Is the secret the same "
            "there, and its clock right?"
        )
    if status == 429:
        raise RateLimited(
            "The webhook takes no more for now.", retry_after=waited(named.get(b"retry-after", ""))
        )
    if status in (408, 425) or status >= 500:
        raise TemporaryError(f"The webhook answered {status}.")
    raise PermanentError(f"The webhook answered {status}; is its address right?")


def waited(text: str) -> timedelta:
    """Return what `Retry-After` says, in seconds; a minute where it says something else."""
    is_number = text.isascii() and text.isdecimal() and len(text) < 10
    seconds = int(text) if is_number else RETRY_SECONDS
    return timedelta(seconds=min(max(seconds, 1), LONGEST_RETRY_SECONDS))


def media_type(headers: Mapping[bytes, bytes]) -> str:
    named = {name.lower(): value.decode("latin-1") for name, value in headers.items()}
    return named.get(b"content-type", "").partition(";")[0].strip().lower()


def whole(answer: httpcore.Response, most_bytes: int) -> bytes:
    """Read the body; an answer that does not end is cut off."""
    parts: list[bytes] = []
    size = 0
    for part in answer.iter_stream():
        size += len(part)
        if size > most_bytes:
            raise TemporaryError(f"The webhook answered more than {most_bytes:,} bytes.")
        parts.append(part)
    return b"".join(parts)
