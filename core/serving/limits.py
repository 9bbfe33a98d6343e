"""What one process of the web server takes on."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How many requests are worked on, how many wait, and how large and how slow one may be."""

    threads: int
    """Requests worked on at once; each thread keeps a database connection of its own."""

    waiting: int = 256
    """Whole requests that may wait for a thread; more are told to come back."""

    costly: frozenset[str] = frozenset()
    """Addresses to which anybody may send what takes long to work on, such as a password."""

    costly_at_once: int = 1
    costly_waiting: int = 32
    """So many of these requests are worked on at once, and wait: they leave threads to others."""

    body_bytes: int

    unknown_bytes: int = 256 * 1024
    """A body larger than this is taken in only from those who are known to be let send one."""

    grace_seconds: float = 30
    slowest_bytes_a_second: int = 500
    """A body may take the grace and a second for each so many bytes that came, and an answer as
    long to be taken: a large file may be slow, a client that trickles is ended."""

    def seconds_for(self, moved_bytes: int) -> float:
        """Return how long a client may have taken that moved so much."""
        return self.grace_seconds + moved_bytes / self.slowest_bytes_a_second
