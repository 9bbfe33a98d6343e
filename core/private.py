"""What an installation keeps is for the user who runs it, and for nobody else on the machine."""

import os
import stat
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from core.environment import Environment

OTHERS = stat.S_IRWXG | stat.S_IRWXO
OF_THE_SYSTEM = frozenset(
    {"/etc", "/home", "/opt", "/root", "/run", "/srv", "/usr", "/var", "/var/lib", "/var/log"}
)


def private_folder(environment: Environment, *, default: Path) -> Path:
    """Return the folder that VAR_DIR names, closed; the default where it is not ours to close."""
    folder = Path(environment.text("VAR_DIR") or default)
    if is_shared(folder):
        environment.refuse("VAR_DIR", "Write a folder of its own, such as /var/lib/ad-budgets.")
        folder = default
    keep_private(folder)
    return folder


def keep_private(folder: Path) -> None:
    """Make the folder, close it with all it holds, and make what this process writes private.

    Every door reads the settings first, so nothing is written before; the processes that one
    starts inherit it.
    """
    os.umask(OTHERS)
    folder.mkdir(parents=True, exist_ok=True)
    for path in (folder, *everything_in(folder)):
        with suppress(FileNotFoundError, PermissionError):  # gone meanwhile, or another user's
            mode = path.lstat().st_mode
            if not stat.S_ISLNK(mode) and mode & OTHERS:
                path.chmod(stat.S_IMODE(mode) & ~OTHERS)


def everything_in(folder: Path) -> Iterator[Path]:
    for place, folders, files in os.walk(folder):
        yield from (Path(place, name) for name in (*folders, *files))


def is_shared(folder: Path) -> bool:
    """Say whether the folder holds more than an installation keeps: it is not ours to close."""
    place = folder.resolve()
    if str(place) in OF_THE_SYSTEM or Path(__file__).is_relative_to(place):
        return True
    return place.exists() and bool(place.stat().st_mode & stat.S_ISVTX)  # such as /tmp
