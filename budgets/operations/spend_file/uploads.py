"""Uploads: files that wait, a day at most, for a person to confirm what the preview told."""

import secrets
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime, timedelta
from hashlib import file_digest, sha256
from pathlib import Path
from typing import NamedTuple

from django.conf import settings

LONGEST_WAIT = timedelta(days=1)


class UploadGone(Exception):
    """An upload that expired, was imported already, or is not what was previewed."""

    def __init__(self) -> None:
        super().__init__("The upload is not here any more; choose the file again.")


class Upload(NamedTuple):
    """A file that was uploaded: where it waits, and what it held."""

    name: str
    sha256: str

    @property
    def path(self) -> Path:
        """Where it waits."""
        return folder() / Path(self.name).name

    def checked(self) -> Path:
        """Return the path of the very file that was uploaded. Raises `UploadGone`."""
        try:
            with self.path.open("rb") as file:
                is_same = file_digest(file, "sha256").hexdigest() == self.sha256
        except OSError:
            raise UploadGone from None
        if not is_same:
            raise UploadGone
        return self.path

    def discard(self) -> None:
        """Delete it; harmless when it is gone."""
        with suppress(FileNotFoundError):
            self.path.unlink()


def folder() -> Path:
    """Return where uploads wait, readable by this service alone."""
    path: Path = settings.VAR_DIR / "uploads"
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def keep(chunks: Iterable[bytes], *, now: datetime) -> Upload:
    """Store an upload under a name nobody can guess; delete those that waited too long."""
    discard_old(now=now)
    name, digest = secrets.token_hex(16), sha256()
    with (folder() / name).open("xb") as file:
        for chunk in chunks:
            digest.update(chunk)
            file.write(chunk)
    return Upload(name, digest.hexdigest())


def discard_old(*, now: datetime) -> None:
    """Delete what nobody confirmed in time."""
    oldest = (now - LONGEST_WAIT).timestamp()
    for path in folder().iterdir():
        with suppress(FileNotFoundError):
            if path.stat().st_mtime < oldest:
                path.unlink()
