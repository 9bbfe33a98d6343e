"""What a supervised program is."""

import signal
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field


def always() -> bool:
    return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """One program to keep running."""

    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict)
    """Added to the supervisor's own."""

    is_ready: Callable[[], bool] = always
    """The programs after this one start when it says so."""

    stop_seconds: float = 10
    """How long it may finish its work after SIGTERM before it is killed."""

    orphan_signal: signal.Signals = signal.SIGKILL
    """What the kernel sends it should the supervisor die without a word."""
