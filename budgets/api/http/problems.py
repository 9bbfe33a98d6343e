"""Problems: every answer that is no success, in the one format of RFC 9457."""

import json
import logging
from collections.abc import Callable, Mapping, Sequence
from http import HTTPStatus
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import IntegrityError, OperationalError
from django.db.models import ProtectedError
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError
from ninja.errors import ValidationError as UnreadableRequest

logger = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"
RETRY_AFTER_SECONDS = "5"

JsonObject = dict[str, Any]


class Problem(Exception):
    """Why a request is not answered: a code for programs, words for people."""

    def __init__(
        self,
        status: HTTPStatus,
        code: str,
        detail: str,
        *,
        errors: Sequence[JsonObject] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.code = code
        self.errors = errors
        self.headers = headers or {}

    def response(self) -> HttpResponse:
        content: JsonObject = {
            "type": "about:blank",
            "title": self.status.phrase,
            "status": self.status.value,
            "detail": str(self),
            "code": self.code,
        }
        if self.errors:
            content["errors"] = list(self.errors)
        return HttpResponse(
            json.dumps(content),
            status=self.status,
            content_type=MEDIA_TYPE,
            headers=dict(self.headers),
        )


NO_KEY = "Send a valid API key: “Authorization: Bearer abm_…”. Keys are made in the admin."


def unauthorized(code: str = "unauthorized", detail: str = NO_KEY) -> Problem:
    """Return the problem of a missing or unknown key, or of one that works no more."""
    return Problem(
        HTTPStatus.UNAUTHORIZED,
        code,
        detail,
        headers={"WWW-Authenticate": 'Bearer realm="Ad Budget Manager"'},
    )


def not_found(what: str) -> Problem:
    """Return the problem of a row that does not exist, or that the key may not know of."""
    return Problem(HTTPStatus.NOT_FOUND, "not_found", f"There is no {what}.")


def invalid(pointer: str, message: str) -> Problem:
    """Return the problem of one field of the body."""
    return invalid_fields([{"pointer": pointer, "message": message}])


def invalid_fields(errors: Sequence[JsonObject]) -> Problem:
    """Return the problem of a request that can be read but not followed."""
    return Problem(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "invalid",
        "The request cannot be followed as it is; `errors` says what to correct.",
        errors=errors,
    )


def conflict(code: str, detail: str) -> Problem:
    """Return the problem of a request that contradicts what is stored."""
    return Problem(HTTPStatus.CONFLICT, code, detail)


def read_problem(error: Exception) -> Problem:
    for kind in type(error).__mro__:
        if kind in MEANINGS:
            return MEANINGS[kind](error)
    return internal_error()


def internal_error() -> Problem:
    """Return the problem of a defect of ours."""
    return Problem(
        HTTPStatus.INTERNAL_SERVER_ERROR,
        "internal_error",
        "The server failed; its log says why. Nothing of this request was kept.",
    )


def busy() -> Problem:
    """Return the problem of a database that does not answer in time."""
    return Problem(
        HTTPStatus.SERVICE_UNAVAILABLE,
        "unavailable",
        "The database does not answer; send the request again.",
        headers={"Retry-After": RETRY_AFTER_SECONDS},
    )


def unreadable(detail: Mapping[str, Any]) -> JsonObject:
    """Return one finding about the request's shape: where, and what."""
    place, *path = detail["loc"]
    # The body is one parameter of the view; its name is no part of the document.
    steps = path[1:] if place == "body" else path
    pointer = "".join(f"/{step}" for step in steps)
    return {
        "pointer": pointer if place == "body" else f"{place}{pointer}",
        "message": detail["msg"],
    }


def errors_of(error: ValidationError) -> list[JsonObject]:
    """Return what a row's own checks found, a field each."""
    if not hasattr(error, "error_dict"):
        return [{"pointer": "", "message": message} for message in error.messages]
    return [
        {"pointer": "" if field == NON_FIELD_ERRORS else f"/{field}", "message": message}
        for field, messages in error.message_dict.items()
        for message in messages
    ]


MEANINGS: dict[type, Callable[[Any], Problem]] = {
    Problem: lambda error: error,
    AuthenticationError: lambda _: unauthorized(),
    HttpError: lambda error: Problem(HTTPStatus(error.status_code), "bad_request", str(error)),
    UnreadableRequest: lambda error: invalid_fields([unreadable(each) for each in error.errors]),
    ValidationError: lambda error: invalid_fields(errors_of(error)),
    ProtectedError: lambda error: conflict("on_record", str(error.args[0])),
    IntegrityError: lambda _: conflict(
        "conflict", "Somebody else just changed this; read it and try again."
    ),
    OperationalError: lambda _: busy(),
}


def answer_problems(api: NinjaAPI) -> None:

    def answer(request: HttpRequest, error: Any) -> HttpResponse:
        problem = read_problem(error)
        if problem.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            logger.error("%s %s failed", request.method, request.path, exc_info=error)
        return problem.response()

    for kind in (Exception, Http404, HttpError, UnreadableRequest):
        api.add_exception_handler(kind, answer)
