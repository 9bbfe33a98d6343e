"""One supervisor an installation."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from core.processes.errors import CannotRun


@contextmanager
def only_one(path: Path) -> Iterator[None]:
    """Hold the lock file; raise CannotRun while another process does.

    The kernel lets go of it when its holder dies, however it dies.
    """
    with path.open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            raise CannotRun(
                f"Already running as process {file.read().strip() or 'unknown'} on {path.parent}. "
                "Stop that one first, or set VAR_DIR to another folder."
            ) from None
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield
