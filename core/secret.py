"""Keys of an installation whose operator set none: each made on first use, and kept in a file.

No installation shares a known key with another.
"""

import base64
import os
import re
import secrets
import tempfile
from contextlib import suppress
from pathlib import Path

from core.environment import Environment, SettingProblem

SEALING_KEY = re.compile(r"[A-Za-z0-9_-]{43}=")
HOW_TO_MAKE_ONE = (
    "Write keys separated by commas, the newest first, each 32 bytes in URL-safe base64, such as "
    "`openssl rand -base64 32 | tr +/ -_` makes."
)


def secret_key(path: Path) -> str:
    """Return the key kept in the file, which signs sessions."""
    return kept(path, secrets.token_urlsafe(64))


def sealing_keys(environment: Environment, path: Path) -> list[str]:
    """Return the keys of `CREDENTIAL_KEYS`; where none is set, the one kept in the file."""
    keys = environment.words("CREDENTIAL_KEYS")
    if not all(map(SEALING_KEY.fullmatch, keys)):
        hidden = SettingProblem(name="CREDENTIAL_KEYS", text="…", hint=HOW_TO_MAKE_ONE)
        environment.problems.append(hidden)
        keys = []
    return keys or [kept(path, base64.urlsafe_b64encode(secrets.token_bytes(32)).decode())]


def kept(path: Path, new: str) -> str:
    """Return what the file holds; where there is none, write a new key and keep that."""
    if not path.exists():
        keep(path, new)
    return path.read_text().strip()


def keep(path: Path, new: str) -> None:
    """Write a new key, whole or not at all; of several processes the first one's stays."""
    # A temporary file is readable by its owner only, and so is its link.
    with tempfile.NamedTemporaryFile("w", dir=path.parent) as file:
        file.write(new)
        file.flush()
        with suppress(FileExistsError):
            os.link(file.name, path)
