"""One running program and everything it started."""

import os
import signal
import subprocess
import threading
import time
from contextlib import suppress
from functools import partial
from typing import IO

from core.processes.logs import Log
from core.processes.orphans import die_with
from core.processes.program import Program

LAST_LINES_WITHIN_SECONDS = 1


class Child:
    """Starts a program in a session of its own, passes its output on, and ends it completely."""

    def __init__(self, program: Program, *, log: Log) -> None:
        self.program = program
        self.log = log
        self._process: subprocess.Popen[str] | None = None
        self._reader: threading.Thread | None = None
        self._started_at = 0.0

    def start(self) -> None:
        """Start the program. Ctrl-C in the terminal does not reach it: the supervisor decides."""
        self._started_at = time.monotonic()
        self._process = subprocess.Popen(
            self.program.command,
            env={**os.environ, "PYTHONUNBUFFERED": "1", **self.program.environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,
            preexec_fn=partial(die_with, os.getpid(), self.program.orphan_signal),
        )
        if self._process.stdout is not None:
            self._reader = threading.Thread(
                target=self._pump, args=[self._process.stdout], daemon=True
            )
            self._reader.start()

    @property
    def is_running(self) -> bool:
        """Whether the program has been started and has not ended."""
        return self._process is not None and self._process.poll() is None

    @property
    def ran_seconds(self) -> float:
        return time.monotonic() - self._started_at

    @property
    def ending(self) -> str:
        code = self._process.returncode if self._process else None
        if code is not None and code < 0:
            return f"was killed by {signal.Signals(-code).name}"
        return f"ended with exit code {code}"

    def ask_to_stop(self) -> None:
        """Ask the program, and not what it started, to finish its work and end."""
        if self._process is not None:
            self._process.terminate()

    def kill(self) -> None:
        """End the program and all it started at once."""
        if self._process is None:
            return
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._process = None
        if self._reader is not None:
            self._reader.join(LAST_LINES_WITHIN_SECONDS)  # its last lines say why it ended

    def _pump(self, output: IO[str]) -> None:
        with output:
            for line in output:
                self.log.take(line.rstrip())
