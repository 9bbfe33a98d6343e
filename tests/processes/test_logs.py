"""What programs write is kept, bounded and private; the terminal hears of what matters."""

import io
from datetime import timedelta, timezone
from pathlib import Path

import pytest

from core.machine_zone import machine_zone
from core.processes import logs
from core.processes.console import Console
from core.processes.logs import KeptLog
from tests.builders import an_instant

NOON = an_instant("2026-03-10 12:00")


@pytest.fixture
def shown() -> io.StringIO:
    return io.StringIO()


@pytest.fixture
def log(shown: io.StringIO, tmp_path: Path) -> KeptLog:
    return KeptLog("worker", console=Console(shown), folder=tmp_path / "log")


def test_files_stay_small_and_few(
    log: KeptLog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logs, "FILE_BYTES", 1_000)
    small = KeptLog("web", console=Console(io.StringIO()), folder=tmp_path / "small")
    for _ in range(1_000):
        small.take("a line of twenty ..")

    files = list((tmp_path / "small").iterdir())

    assert len(files) == 1 + logs.OLDER_FILES
    assert all(file.stat().st_size <= 1_000 for file in files)
    assert {file.stat().st_mode & 0o777 for file in files} == {0o600}


@pytest.mark.parametrize(
    "line",
    [
        "[2026-03-10 12:00:00,000: ERROR/ForkPoolWorker-1] Task failed",
        "2026-03-10 12:00:00,000 ERROR django.request: Internal Server Error: /admin/",
        "[ERROR] Unexpected exit from worker-1",
    ],
)
def test_an_error_is_pointed_out_once_a_minute(log: KeptLog, shown: io.StringIO, line: str) -> None:
    log.take(line)
    log.take(line)

    (told,) = shown.getvalue().splitlines()
    assert f"worker reports an error, see {log.where}: {line}" in told


def test_what_is_no_error_is_not_shown(log: KeptLog, shown: io.StringIO) -> None:
    log.take("[2026-03-10 12:00:00,000: INFO/MainProcess] Task check_spend succeeded: no ERRORS")

    assert shown.getvalue() == ""


def test_a_full_disk_stops_no_program(
    log: KeptLog, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_room(_text: str) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(log._file.stream, "write", no_room, raising=False)

    log.take("a line")

    assert capsys.readouterr().err == ""


def test_news_carry_the_time_of_the_machine(shown: io.StringIO) -> None:
    two_hours_east = timezone(timedelta(hours=2))

    Console(shown, zone=two_hours_east).news("paused Acme | Spring", at=NOON)

    assert shown.getvalue() == "14:00 paused Acme | Spring\n"


def test_a_name_cannot_steer_the_terminal(shown: io.StringIO) -> None:
    Console(shown).news("paused \x1b[2J\n", at=NOON)

    assert shown.getvalue() == "12:00 paused ?[2J?\n"


def test_a_terminal_that_is_gone_stops_nothing(shown: io.StringIO) -> None:
    console = Console(shown)
    shown.close()

    console.say("hello")


@pytest.mark.parametrize(
    "name, expected", [("Asia/Kolkata", "17:30"), ("no/zone", "12:00"), ("", "12:00")]
)
def test_the_machine_s_zone_is_the_one_it_names(tmp_path: Path, name: str, expected: str) -> None:
    zone = machine_zone(name, localtime=tmp_path / "none")

    assert f"{NOON.astimezone(zone):%H:%M}" == expected


def test_without_a_name_the_machine_s_own_file_counts(tmp_path: Path) -> None:
    for folder in ("/usr/share/zoneinfo", "/usr/lib/zoneinfo"):
        if (Path(folder) / "Asia/Kolkata").exists():
            zone = machine_zone("", localtime=Path(folder) / "Asia/Kolkata")
            assert f"{NOON.astimezone(zone):%H:%M}" == "17:30"
            return
    pytest.skip("this machine has no files of zones")
