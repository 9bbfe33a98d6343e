"""The secret key of an installation whose operator set none."""

import os
import secrets
import tempfile
from contextlib import suppress
from pathlib import Path


def secret_key(path: Path) -> str:
    """Return the key kept in the file, made on first use: no installation shares a known key."""
    if not path.exists():
        make_key(path)
    return path.read_text().strip()


def make_key(path: Path) -> None:
    """Write a new key, whole or not at all; of several processes the first one's stays."""
    # A temporary file is readable by its owner only, and so is its link.
    with tempfile.NamedTemporaryFile("w", dir=path.parent) as file:
        file.write(secrets.token_urlsafe(64))
        file.flush()
        with suppress(FileExistsError):
            os.link(file.name, path)
