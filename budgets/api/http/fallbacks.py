"""What Django itself answers when it never comes to a view: under `/api/`, a problem."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.views import defaults

from budgets.api.http.problems import Problem, internal_error

ADDRESSES = "/api/"


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer a request that Django does not trust: a host it does not know, say."""
    if not request.path.startswith(ADDRESSES):
        return defaults.bad_request(request, exception)
    detail = "The server does not answer to this host, or the request is malformed."
    return Problem(HTTPStatus.BAD_REQUEST, "bad_request", detail).response()


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer a failure outside any view."""
    if not request.path.startswith(ADDRESSES):
        return defaults.server_error(request)
    return internal_error().response()
