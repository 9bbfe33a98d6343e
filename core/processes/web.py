"""The web server's address."""

import http.client
import socket
from dataclasses import dataclass
from typing import Any

from core.processes.errors import CannotRun

EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - recognised, not bound


@dataclass(frozen=True, slots=True)
class Address:
    """Where the web server listens."""

    host: str
    port: int

    def __str__(self) -> str:
        return bracketed(self.host) + f":{self.port}"

    @property
    def url(self) -> str:
        """What a person on this machine types into a browser."""
        return f"http://{bracketed(self._reachable_host)}:{self.port}"

    @property
    def numeric_host(self) -> str:
        """The host as the web server wants it, which resolves no names."""
        return str(self._resolved()[4][0])

    def require_free(self) -> None:
        """Raise CannotRun when another program listens here, or the host is not this machine."""
        try:
            family, kind, protocol, _, place = self._resolved()
            with socket.socket(family, kind, protocol) as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind(place)
        except OSError as error:
            raise CannotRun(
                f"Cannot listen on {self}: {error.strerror}. Stop the program that uses it, or "
                f"choose another port: --port {self.port + 1}"
            ) from error

    def answers(self) -> bool:
        """Whether the sign-in page is served.

        A redirect (HTTPS=1) and a refusal (ALLOWED_HOSTS names another host) are answers too.
        """
        connection = http.client.HTTPConnection(self._reachable_host, self.port, timeout=5)
        try:
            connection.request("GET", "/admin/login/")
            return connection.getresponse().status < http.HTTPStatus.INTERNAL_SERVER_ERROR
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def _resolved(self) -> tuple[Any, Any, int, str, tuple[Any, ...]]:
        return socket.getaddrinfo(self.host, self.port, type=socket.SOCK_STREAM)[0]

    @property
    def _reachable_host(self) -> str:
        return EVERYWHERE.get(self.host, self.host)


def bracketed(host: str) -> str:
    """Write an IPv6 address the way addresses with a port need it."""
    return f"[{host}]" if ":" in host else host
