"""Requests with the character 0: no name, address or cookie has it, and PostgreSQL refuses it."""

from collections.abc import Callable

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse

NUL, ENCODED = "\0", "%00"
OWN_WORDS = "/api/"
"""Addresses that say themselves what is wrong with a value."""


class RefuseUnreadable:
    """Refuses them as a whole, before anything is looked up; forms say it of their own fields."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if has_nul(request) and not request.path_info.startswith(OWN_WORDS):
            raise BadRequest("The character 0 is in the address or in a cookie.")
        return self.get_response(request)


def has_nul(request: HttpRequest) -> bool:
    query = request.META.get("QUERY_STRING", "")
    texts = (request.path_info, query, *request.COOKIES.values())
    return ENCODED in query or any(NUL in text for text in texts)
