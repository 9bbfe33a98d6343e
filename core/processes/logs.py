"""Where the output of a program goes: to a file that stays small, or to the terminal."""

import logging
import os
import re
import time
from collections import deque
from datetime import UTC, datetime
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Protocol

from core.processes.console import Console, printable

FILE_BYTES = 2 * 1024 * 1024
OLDER_FILES = 4
LAST_LINES = 10
LINE_LETTERS = 200
"""As much of a line is shown in the terminal; the file has it whole."""

ERROR = re.compile(r"^.{0,60}\b(ERROR|CRITICAL)\b")
QUIET_SECONDS = 60
"""A program that fails over and over is pointed out this often."""


class Log(Protocol):
    """Takes the lines of one program."""

    where: str
    """Where to look for what it wrote, to end a sentence with."""

    def take(self, line: str) -> None:
        """Keep or show a line."""
        ...

    def tell_last_lines(self) -> None:
        """Show why the program ended, unless it was shown."""
        ...


class ShownLog:
    """Shows every line in the terminal, under the name of its program."""

    where = "its last lines above"

    def __init__(self, name: str, *, console: Console) -> None:
        self._name, self._console = name, console

    def take(self, line: str) -> None:
        self._console.line(self._name, line)

    def tell_last_lines(self) -> None:
        """Do nothing: they were shown."""


class KeptLog:
    """Keeps every line in a file, and says in the terminal when one tells of an error."""

    def __init__(self, name: str, *, console: Console, folder: Path) -> None:
        self._name, self._console = name, console
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.where = str(folder / f"{name}.log")
        self._file = PrivateFile(self.where, maxBytes=FILE_BYTES, backupCount=OLDER_FILES)
        self._last: deque[str] = deque(maxlen=LAST_LINES)
        self._told_at = -float(QUIET_SECONDS)

    def take(self, line: str) -> None:
        self._last.append(line)
        self._file.handle(logging.makeLogRecord({"msg": line}))
        if ERROR.match(line) and time.monotonic() - self._told_at >= QUIET_SECONDS:
            self._told_at = time.monotonic()
            told = f"{self._name} reports an error, see {self.where}: {line[:LINE_LETTERS]}"
            self._console.news(told, at=datetime.now(UTC))

    def tell_last_lines(self) -> None:
        for line in self._last.copy():  # another line may come meanwhile
            self._console.say(f"    {printable(line[:LINE_LETTERS])}")
        self._last.clear()


def keep_own_lines(folder: Path) -> None:
    """Write what this process logs itself into a file, as its programs' lines are."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    own = PrivateFile(folder / "up.log", maxBytes=FILE_BYTES, backupCount=OLDER_FILES)
    root = logging.getLogger()
    for shown in root.handlers:
        own.setFormatter(shown.formatter)
        for each in shown.filters:
            own.addFilter(each)
    root.handlers = [own]


class PrivateFile(RotatingFileHandler):
    """A file for its owner alone, begun anew when it is full; a full disk stops no program."""

    def _open(self) -> TextIOWrapper:
        handle = os.open(self.baseFilename, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        return TextIOWrapper(os.fdopen(handle, "ab"), encoding="utf-8", errors="replace")

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's name
        """Drop the line."""
