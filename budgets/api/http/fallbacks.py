"""What Django itself answers that never comes to a view: under `/api/` a problem, else a page."""

from http import HTTPStatus

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.views import defaults

from budgets.api.http.problems import Problem, internal_error

ADDRESSES = "/api/"


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer a request that Django does not trust: a host it does not know, say."""
    is_large = isinstance(exception, RequestDataTooBig)
    if request.path.startswith(ADDRESSES):
        return (too_large() if is_large else malformed()).response()
    if is_large:
        most = {"most": settings.SPEND_UPLOAD_MAX_BYTES}
        return HttpResponse(
            render_to_string("413.html", most), status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE
        )
    return defaults.bad_request(request, exception)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer a failure outside any view."""
    if not request.path.startswith(ADDRESSES):
        return defaults.server_error(request)
    return internal_error().response()


def malformed() -> Problem:
    detail = "The server does not answer to this host, or the request is malformed."
    return Problem(HTTPStatus.BAD_REQUEST, "bad_request", detail)


def too_large() -> Problem:
    detail = "The body is larger than the server takes from this sender."
    return Problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too_large", detail)
