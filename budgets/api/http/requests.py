"""Requests: which methods, media types and sizes are taken at all, and how JSON becomes Python."""

import json
from collections.abc import Callable
from decimal import Decimal
from functools import wraps
from http import HTTPStatus
from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from ninja.parser import Parser

from budgets.api.http.problems import Problem

JSON = "application/json"
NDJSON = "application/x-ndjson"

SMALL_BYTES = 64 * 1024
"""More than a brand, schedule or campaign with every field at its longest."""

View = Callable[..., HttpResponse]


def accepts(*media_types: str, most_bytes: int) -> Callable[[View], View]:
    """Refuse bodies of another kind or of more bytes, before a byte of them is read."""

    def decorator(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            problem = fault_of(request, media_types, most_bytes)
            return problem.response() if problem else view(request, *args, **kwargs)

        return guarded

    return decorator


def fault_of(request: HttpRequest, media_types: tuple[str, ...], most_bytes: int) -> Problem | None:
    """Return what is wrong with the body as its headers announce it."""
    if "Transfer-Encoding" in request.headers:
        return Problem(
            HTTPStatus.LENGTH_REQUIRED, "length_required", "Send the body with a Content-Length."
        )
    length = content_length(request)
    if length > most_bytes:
        return Problem(
            HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
            "too_large",
            f"The body has {length:,} bytes, the most is {most_bytes:,}; send less a request.",
        )
    if length and (request.content_type not in media_types or is_encoded(request)):
        return Problem(
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
            "unsupported_media_type",
            f"Send the body as {' or '.join(media_types)}, not compressed.",
        )
    return None


def content_length(request: HttpRequest) -> int:
    """Return how many bytes the body has; what is no number is no body, as Django sees it too."""
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0


def is_encoded(request: HttpRequest) -> bool:
    return request.headers.get("Content-Encoding", "identity").lower() != "identity"


def refuse_other_methods(view: View) -> View:
    """Answer a method that an address does not know as a problem, like everything else."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        if response.status_code != HTTPStatus.METHOD_NOT_ALLOWED:
            return response
        allowed = response.headers["Allow"]
        return Problem(
            HTTPStatus.METHOD_NOT_ALLOWED,
            "method_not_allowed",
            f"This address knows {allowed}, not {request.method}.",
            headers={"Allow": allowed},
        ).response()

    return guarded


class ExactParser(Parser):
    """Reads the numbers of JSON as they are written: money never passes through a binary float."""

    def parse_body(self, request: HttpRequest) -> dict[str, Any]:
        return cast(
            dict[str, Any],
            json.loads(request.body, parse_float=Decimal, parse_constant=refuse_constant),
        )


def refuse_constant(name: str) -> None:
    """Refuse NaN and the infinities, which are no JSON."""
    raise ValueError(f"{name} is no number of JSON.")
