"""Keep programs running until a person or the system says stop."""

import signal
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType

from core.processes.child import Child
from core.processes.console import Console
from core.processes.errors import CannotRun
from core.processes.logs import KeptLog, Log, ShownLog
from core.processes.program import Program
from core.processes.restarts import Restarts

LOOK_EVERY_SECONDS = 0.1
READY_WITHIN_SECONDS = 60
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Supervised:
    """A child, and when to start it again."""

    def __init__(self, child: Child) -> None:
        self.child = child
        self.restarts = Restarts()
        self.start_at: float | None = None


def log_of(program: Program, *, console: Console, folder: Path | None) -> Log:
    if folder is None:
        return ShownLog(program.name, console=console)
    return KeptLog(program.name, console=console, folder=folder)


class Supervisor:
    """Starts programs in order, restarts those that die, stops them in reverse."""

    def __init__(
        self, programs: Iterable[Program], *, console: Console, logs: Path | None = None
    ) -> None:
        """Prepare the programs. What they write goes to files in `logs`, else to the console."""
        self._console = console
        self._waiting = [
            Supervised(Child(program, log=log_of(program, console=console, folder=logs)))
            for program in programs
        ]
        self._started: list[Supervised] = []
        self._stop_requests = 0

    def run(self, *, on_ready: Callable[[], None]) -> None:
        """Run until SIGINT, SIGTERM or SIGHUP; raise CannotRun when a program keeps dying."""
        before = {
            number: signal.signal(number, self._ask_to_stop)
            for number in STOP_SIGNALS
            if signal.getsignal(number) is not signal.SIG_IGN  # nohup and `&` stay in force
        }
        try:
            self._start_in_order()
            if not self._stop_requests:
                on_ready()
            while not self._stop_requests:
                self._tend()
                time.sleep(LOOK_EVERY_SECONDS)
        finally:
            self._stop_in_reverse()
            for number, handler in before.items():
                signal.signal(number, handler)

    def _ask_to_stop(self, _number: int, _frame: FrameType | None) -> None:
        self._stop_requests += 1

    def _start_in_order(self) -> None:
        for supervised in self._waiting:
            if self._stop_requests:
                return
            self._started.append(supervised)
            self._console.say(f"Starting {supervised.child.program.name}")
            supervised.child.start()
            self._wait_until_ready(supervised.child)

    def _wait_until_ready(self, child: Child) -> None:
        deadline = time.monotonic() + READY_WITHIN_SECONDS
        while not self._stop_requests and not child.program.is_ready():
            if time.monotonic() > deadline:
                child.log.tell_last_lines()
                raise CannotRun(
                    f"{child.program.name} did not answer within {READY_WITHIN_SECONDS} seconds; "
                    f"see {child.log.where}."
                )
            self._tend()
            time.sleep(LOOK_EVERY_SECONDS)

    def _tend(self) -> None:
        for supervised in self._started:
            if supervised.start_at is not None:
                self._start_again_when_due(supervised)
            elif not supervised.child.is_running:
                self._plan_restart(supervised)

    def _plan_restart(self, supervised: Supervised) -> None:
        child, name = supervised.child, supervised.child.program.name
        ending = child.ending
        child.kill()  # what it had started must not outlive it
        delay = supervised.restarts.delay_seconds(ran_seconds=child.ran_seconds)
        if delay is None:
            child.log.tell_last_lines()
            raise CannotRun(f"{name} {ending} again and again; see {child.log.where}.")
        told = f"{name} {ending}; starting it again in {delay:g} s. See {child.log.where}."
        self._console.news(told, at=datetime.now(UTC))
        child.log.tell_last_lines()
        supervised.start_at = time.monotonic() + delay

    def _start_again_when_due(self, supervised: Supervised) -> None:
        if supervised.start_at is not None and time.monotonic() >= supervised.start_at:
            supervised.start_at = None
            supervised.child.start()

    def _stop_in_reverse(self) -> None:
        for supervised in reversed(self._started):
            child = supervised.child
            self._console.say(f"Stopping {child.program.name}")
            child.ask_to_stop()
            deadline = time.monotonic() + child.program.stop_seconds
            while child.is_running and time.monotonic() < deadline and not self._is_in_a_hurry:
                time.sleep(LOOK_EVERY_SECONDS)
            child.kill()

    @property
    def _is_in_a_hurry(self) -> bool:
        return self._stop_requests > 1  # someone who asks twice does not want to wait
