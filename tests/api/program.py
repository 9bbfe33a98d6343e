"""A program that uses the API, and the keys it shows."""

import json
from dataclasses import dataclass, field
from typing import Any

from django.test import Client
from django.utils import timezone

from budgets.models import ApiKey, Brand
from budgets.operations.keys import new_secret

JSON = "application/json"


@dataclass
class Program:
    """Sends requests with one key and reads the answers."""

    token: str
    key: ApiKey = field(default_factory=ApiKey)
    client: Client = field(default_factory=lambda: Client(raise_request_exception=False))

    def get(self, path: str, **query: Any) -> Any:
        return self.client.get(f"/api/v1{path}", query, **self.headers())

    def post(self, path: str, body: Any = None, *, idempotency_key: str | None = None) -> Any:
        more = {"Idempotency-Key": idempotency_key} if idempotency_key else {}
        return self.send("POST", path, body, more)

    def patch(self, path: str, body: Any) -> Any:
        return self.send("PATCH", path, body)

    def send(
        self,
        method: str,
        path: str,
        body: Any = None,
        headers: dict[str, str] | None = None,
        *,
        media_type: str = JSON,
    ) -> Any:
        """Send a body: text and bytes as they are, all else as JSON."""
        is_raw = isinstance(body, str | bytes)
        content = body if is_raw else b"" if body is None else json.dumps(body)
        return self.client.generic(
            method, f"/api/v1{path}", content, content_type=media_type, **self.headers(headers)
        )

    def headers(self, more: dict[str, str] | None = None) -> dict[str, Any]:
        shown = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        return {"headers": shown | (more or {})}


def a_program(
    *brands: Brand,
    scopes: str = "read spend manage",
    requests_per_minute: int = 10_000,
    **facts: Any,
) -> Program:
    """Save a key and return a program that shows it; without brands the key is for all.

    Unless somebody made it, it is the house's: what it says itself is all that limits it.
    """
    key = ApiKey(
        name="nightly sync",
        all_brands=not brands,
        is_of_house="created_by" not in facts,
        requests_per_minute=requests_per_minute,
        **{f"may_{scope}": scope in scopes.split() for scope in ("read", "spend", "manage")},
        **facts,
    )
    key.save()
    key.brands.set(brands)
    return Program(new_secret(key, now=timezone.now()).token, key)


def problem_of(response: Any, status: int) -> dict[str, Any]:
    """Return the problem of an answer, its status and form checked."""
    assert response.status_code == status, response.content
    assert response.headers["Content-Type"] == "application/problem+json"
    problem: dict[str, Any] = json.loads(response.content)
    assert problem["status"] == status
    return problem
