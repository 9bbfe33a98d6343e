"""Google's sign-in: hands out access tokens for a refresh token."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from secrets import token_urlsafe
from urllib.parse import parse_qs

from tests.platforms.http import served

REFRESH_TOKEN = "refresh-token"


class GoogleSignIn:
    """Knows one OAuth client and the refresh token that was made with it."""

    credentials = {
        "client_id": "client-id",
        "client_secret": "client-secret",
        "refresh_token": REFRESH_TOKEN,
    }

    def __init__(self) -> None:
        self.bearers: set[str] = set()
        self.is_revoked = False
        self.status_instead = 0
        """Answers so instead, as a sign-in that has trouble of its own."""

    def answer(self, _request: BaseHTTPRequestHandler, body: bytes) -> tuple[int, bytes]:
        told = {name: values[0] for name, values in parse_qs(body.decode()).items()}
        if self.status_instead:
            return self.status_instead, b'{"error": "internal_failure"}'
        if self.is_revoked or told != self.credentials | {"grant_type": "refresh_token"}:
            return 400, b'{"error": "invalid_grant", "error_description": "Token was revoked."}'
        token = token_urlsafe()
        self.bearers.add(f"Bearer {token}")
        granted = {"access_token": token, "expires_in": 3600, "token_type": "Bearer"}
        return 200, json.dumps(granted).encode()

    @contextmanager
    def served(self, port: int = 0) -> Iterator[str]:
        with served(self.answer, port) as address:
            yield f"{address}/token"
