"""One terminal for the output of many processes."""

import threading
from typing import TextIO

COLOURS = (36, 33, 35, 32, 34)  # cyan, yellow, magenta, green, blue
WIDTH = 6


class Console:
    """Writes whole lines, each under the name of the process it came from."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._colour = stream.isatty()
        self._names: list[str] = []
        self._lock = threading.Lock()

    def line(self, name: str, text: str) -> None:
        """Write one line. A terminal that has gone away stops nothing."""
        with self._lock:
            try:
                self._stream.write(f"{self._label(name)} {text}\n")
                self._stream.flush()
            except (OSError, ValueError):
                return

    def _label(self, name: str) -> str:
        if name not in self._names:
            self._names.append(name)
        label = f"{name:<{WIDTH}} |"
        if not self._colour:
            return label
        colour = COLOURS[self._names.index(name) % len(COLOURS)]
        return f"\033[{colour}m{label}\033[0m"
