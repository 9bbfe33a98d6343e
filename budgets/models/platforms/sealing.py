"""Credentials at rest: sealed with the keys of `CREDENTIAL_KEYS`, of which the first seals.

Fernet of `cryptography`: AES-128 in CBC mode under an HMAC-SHA256. A text that none of the keys
opens counts as no credentials: they have to be entered again.
"""

import json
from collections.abc import Mapping

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings


class CannotOpen(Exception):
    """Credentials that were sealed with a key we do not have."""

    def __init__(self) -> None:
        super().__init__(
            "The credentials were sealed with a key that CREDENTIAL_KEYS lacks: add that key, or "
            "enter the credentials again."
        )


def keys() -> MultiFernet:
    return MultiFernet([Fernet(key) for key in settings.CREDENTIAL_KEYS])


def seal(credentials: Mapping[str, str]) -> str:
    """Return the credentials as a text that only our keys open; empty for none."""
    if not credentials:
        return ""
    return keys().encrypt(json.dumps(dict(credentials)).encode()).decode()


def unseal(sealed: str) -> dict[str, str]:
    """Return the credentials that were sealed. Raises `CannotOpen`."""
    if not sealed:
        return {}
    try:
        opened: dict[str, str] = json.loads(keys().decrypt(sealed.encode()))
    except InvalidToken:
        raise CannotOpen from None
    return opened


def seal_anew(sealed: str) -> str:
    """Return the same credentials sealed with the first key. Raises `CannotOpen`."""
    try:
        return keys().rotate(sealed.encode()).decode()
    except InvalidToken:
        raise CannotOpen from None
