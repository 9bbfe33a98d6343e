"""The supervisor on small programs: it restarts, gives up, and ends what it started."""

import io
import os
import signal
import sys
import time
from pathlib import Path

import pytest

from core.processes import restarts
from core.processes.console import Console
from core.processes.errors import CannotRun
from core.processes.program import Program
from core.processes.restarts import HEALTHY_AFTER_SECONDS, Restarts
from core.processes.supervisor import Supervisor
from tests.processes.installation import wait_for

pytestmark = pytest.mark.processes


def python(name: str, code: str, *, stop_seconds: float = 5) -> Program:
    return Program(name=name, command=(sys.executable, "-c", code), stop_seconds=stop_seconds)


def run_until_ready(*programs: Program, logs: Path | None = None) -> str:
    """Run the programs, stop as soon as all are started, and return what was shown."""
    shown = io.StringIO()
    supervisor = Supervisor(programs, console=Console(shown), logs=logs)
    supervisor.run(on_ready=lambda: os.kill(os.getpid(), signal.SIGTERM))
    return shown.getvalue()


def is_alive(pid: int) -> bool:
    try:
        return "Z" not in Path(f"/proc/{pid}/stat").read_text().split()[2]
    except FileNotFoundError:
        return False


def test_each_death_in_a_row_waits_longer_until_it_gives_up() -> None:
    deaths = Restarts()

    assert [deaths.delay_seconds(ran_seconds=1) for _ in range(5)] == [1, 2, 4, 8, None]


def test_a_program_that_ran_well_starts_counting_anew() -> None:
    deaths = Restarts()
    for _ in range(4):
        deaths.delay_seconds(ran_seconds=1)

    assert deaths.delay_seconds(ran_seconds=HEALTHY_AFTER_SECONDS) == 1


def test_a_program_that_keeps_dying_stops_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(restarts, "DELAYS_SECONDS", (0, 0))
    shown = io.StringIO()
    supervisor = Supervisor(
        [python("steady", "import time; time.sleep(60)"), python("broken", "raise SystemExit(3)")],
        console=Console(shown),
    )

    with pytest.raises(CannotRun, match="broken ended with exit code 3 again and again"):
        supervisor.run(on_ready=lambda: None)

    assert shown.getvalue().count("starting it again") == 2
    assert "Stopping steady" in shown.getvalue()


def test_programs_stop_in_the_reverse_order_of_their_start() -> None:
    sleeping = "import time; time.sleep(60)"

    shown = run_until_ready(python("first", sleeping), python("second", sleeping))

    assert shown.index("Stopping second") < shown.index("Stopping first")


def test_a_program_that_will_not_stop_is_killed_in_time() -> None:
    stubborn = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(60)"
    begun = time.monotonic()

    run_until_ready(python("stubborn", stubborn, stop_seconds=1))

    assert time.monotonic() - begun < 10


def test_what_a_program_had_started_ends_with_it(tmp_path: Path) -> None:
    note = tmp_path / "pid"
    code = (
        "import pathlib, subprocess, time;"
        "child = subprocess.Popen(['sleep', '60']);"
        f"pathlib.Path({str(note)!r}).write_text(str(child.pid)); time.sleep(60)"
    )
    program = Program(name="parent", command=(sys.executable, "-c", code), is_ready=note.exists)

    run_until_ready(program)

    wait_for(lambda: not is_alive(int(note.read_text())), seconds=5, what="end of the child")


def greeting(done: Path) -> Program:
    code = f"print('hello'); open({str(done)!r}, 'w'); import time; time.sleep(60)"
    return Program(name="greet", command=(sys.executable, "-c", code), is_ready=done.exists)


def test_output_is_shown_under_the_name_of_its_program(tmp_path: Path) -> None:
    assert "greet  | hello\n" in run_until_ready(greeting(tmp_path / "done"))


def test_output_goes_to_a_file_and_not_to_the_terminal(tmp_path: Path) -> None:
    shown = run_until_ready(greeting(tmp_path / "done"), logs=tmp_path / "log")

    assert shown == "Starting greet\nStopping greet\n"
    assert (tmp_path / "log/greet.log").read_text() == "hello\n"


def test_a_death_is_told_with_its_last_lines_and_where_its_log_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(restarts, "DELAYS_SECONDS", (0,))
    shown = io.StringIO()
    dying = python("broken", "print('no room'); raise SystemExit(3)")
    supervisor = Supervisor([dying], console=Console(shown), logs=tmp_path)

    with pytest.raises(CannotRun, match=f"see {tmp_path}/broken.log"):
        supervisor.run(on_ready=lambda: None)

    assert shown.getvalue().count("    no room\n") == 2
    assert (
        f"broken ended with exit code 3; starting it again in 0 s. See {tmp_path}/broken.log."
        in (shown.getvalue())
    )
