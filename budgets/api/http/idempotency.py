"""Idempotency: a request sent again with the same `Idempotency-Key` gets the first answer."""

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Annotated

from django.db import transaction
from django.http import HttpResponse
from ninja import Header, Schema
from pydantic import Field

from budgets.api.http.keys import KeyRequest
from budgets.api.http.problems import Problem
from budgets.api.http.requests import JSON
from budgets.models import GivenAnswer

KEPT_FOR = timedelta(hours=24)

IdempotencyKey = Annotated[
    str | None,
    Header(
        None,
        alias="Idempotency-Key",
        max_length=255,
        pattern="^[!-~]+$",
        description=(
            "Any text of your choice, one a row to create. Sent again within 24 hours it creates "
            "nothing and gets the first answer."
        ),
    ),
]


class Created(Schema):
    """What a creating request did: the row as JSON text, and its address."""

    body: str
    location: Annotated[str, Field(max_length=200)]


def once(
    request: KeyRequest, name: str | None, create: Callable[[], Created], *, now: datetime
) -> HttpResponse:
    """Create the row and keep the answer, together; or give the answer that was kept.

    Two requests that come at once wait for each other at the unique name, so one creates. Only
    what succeeded is kept: a refused request may be corrected and sent again.
    """
    with transaction.atomic():
        if name is None:
            return answer(create())
        forget_old_answers(request, now=now)
        given, is_first = GivenAnswer.objects.get_or_create(
            api_key=request.auth,
            name=name,
            defaults={"request_hash": fingerprint(request), "created_at": now},
        )
        if is_first:
            created = create()
            given.status, given.body = HTTPStatus.CREATED, created.body
            given.location = created.location
            given.save()
        elif given.request_hash != fingerprint(request):
            raise reused(name)
    return answer(Created(body=given.body, location=given.location), is_repeated=not is_first)


def forget_old_answers(request: KeyRequest, *, now: datetime) -> None:
    request.auth.given_answers.filter(created_at__lt=now - KEPT_FOR).delete()


def fingerprint(request: KeyRequest) -> str:
    """Return what tells a repeated request from another one."""
    address = f"{request.method} {request.path}\n"
    return hashlib.sha256(address.encode() + request.body).hexdigest()


def answer(created: Created, *, is_repeated: bool = False) -> HttpResponse:
    headers = {"Location": created.location}
    if is_repeated:
        headers["Idempotency-Replayed"] = "true"
    return HttpResponse(created.body, status=HTTPStatus.CREATED, content_type=JSON, headers=headers)


def reused(name: str) -> Problem:
    """Return the problem of one name for two different requests."""
    return Problem(
        HTTPStatus.CONFLICT,
        "idempotency_key_reused",
        f"The Idempotency-Key {name!r} came with another request before; use a new one.",
    )
