"""One terminal for what many processes have to say."""

import threading
from datetime import UTC, datetime, tzinfo
from typing import TextIO

COLOURS = (36, 33, 35, 32, 34)  # cyan, yellow, magenta, green, blue
WIDTH = 6


class Console:
    """Writes whole lines. A terminal that has gone away stops nothing."""

    def __init__(self, stream: TextIO, *, zone: tzinfo = UTC) -> None:
        self._stream = stream
        self._zone = zone
        self._colour = stream.isatty()
        self._names: list[str] = []
        self._lock = threading.Lock()

    def say(self, text: str) -> None:
        """Write a line."""
        with self._lock:
            try:
                self._stream.write(f"{text}\n")
                self._stream.flush()
            except (OSError, ValueError):
                return

    def news(self, text: str, *, at: datetime) -> None:
        """Write what happened at an instant, in the time of this machine."""
        self.say(f"{at.astimezone(self._zone):%H:%M} {printable(text)}")

    def line(self, name: str, text: str) -> None:
        """Write a line under the name of the process it came from."""
        self.say(f"{self._label(name)} {text}")

    def _label(self, name: str) -> str:
        if name not in self._names:
            self._names.append(name)
        label = f"{name:<{WIDTH}} |"
        if not self._colour:
            return label
        colour = COLOURS[self._names.index(name) % len(COLOURS)]
        return f"\033[{colour}m{label}\033[0m"


def printable(text: str) -> str:
    """Return the text without what could steer a terminal: names are typed by anybody."""
    return "".join(letter if letter.isprintable() else "?" for letter in text)
