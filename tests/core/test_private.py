"""A folder is closed to other users of the machine, and only one that is ours."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.environment import Environment
from core.private import is_shared, keep_private, private_folder

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def generous() -> Iterator[None]:
    """Begin as most machines do, and end as the tests began."""
    before = os.umask(0o022)
    yield
    os.umask(before)


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def test_a_folder_that_was_open_is_closed_with_all_it_holds(tmp_path: Path) -> None:
    folder = tmp_path / "var"
    (folder / "jobs").mkdir(parents=True)
    (folder / "jobs" / "upload").touch()
    (folder / "tool").touch(mode=0o755)
    keep_private(folder)
    found = {path: mode(path) for path in (folder, *folder.rglob("*"))}
    assert set(found.values()) == {0o700, 0o600}
    assert (found[folder / "tool"], found[folder / "jobs" / "upload"]) == (0o700, 0o600)


def test_what_is_written_afterwards_is_private(tmp_path: Path) -> None:
    keep_private(tmp_path / "var")
    (tmp_path / "var" / "log").touch()
    assert mode(tmp_path / "var" / "log") == 0o600


def test_a_link_leads_to_nothing_that_is_closed(tmp_path: Path) -> None:
    (tmp_path / "report").touch()
    (tmp_path / "var").mkdir()
    (tmp_path / "var" / "link").symlink_to(tmp_path / "report")
    keep_private(tmp_path / "var")
    assert mode(tmp_path / "report") == 0o644


@pytest.mark.parametrize("place", ["/tmp", "/", "/var", "/var/lib/../lib", str(ROOT)])  # noqa: S108
def test_a_folder_that_holds_more_than_an_installation_is_left(place: str) -> None:
    assert is_shared(Path(place))


def test_no_server_starts_on_a_folder_that_is_not_ours_to_close(tmp_path: Path) -> None:
    environment = Environment({"VAR_DIR": "/tmp"})  # noqa: S108 - nothing is written there
    assert private_folder(environment, default=tmp_path) == tmp_path
    assert "a folder of its own" in environment.problems[0].hint


def test_a_folder_of_its_own_is_not_shared(tmp_path: Path) -> None:
    assert not is_shared(tmp_path)
    assert not is_shared(tmp_path / "not yet there")
    assert not is_shared(ROOT / "var")
