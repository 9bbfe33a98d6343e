"""A reference for each request: in its log lines, in its answer, and on the page of an error."""

import secrets
from collections.abc import Callable
from contextvars import ContextVar

from django.http import HttpRequest, HttpResponse

HEADER = "X-Request-ID"
BYTES = 5

_current: ContextVar[str] = ContextVar("reference", default="")


def current_reference() -> str:
    """Return the reference of the request that this thread answers; empty where there is none."""
    return _current.get()


def with_reference(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Name each request before anything else looks at it; what a client sends is no name."""

    def middleware(request: HttpRequest) -> HttpResponse:
        reference = request.META["REFERENCE"] = secrets.token_hex(BYTES)
        before = _current.set(reference)
        try:
            response = get_response(request)
        finally:
            _current.reset(before)
        response.headers[HEADER] = reference
        return response

    return middleware
