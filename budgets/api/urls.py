"""The addresses of the API, `/api/v1/…`, and what every other address under `/api/` answers."""

from functools import wraps
from typing import Any

from django.contrib.admin.views.decorators import staff_member_required
from django.http import HttpRequest, HttpResponse
from django.urls import path, re_path
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from ninja.openapi.docs import Swagger

from budgets.api import brands, campaigns, changes, dated_budgets, schedules, statements
from budgets.api.http.keys import working_key
from budgets.api.http.openapi import DocumentedApi, ExactRenderer
from budgets.api.http.problems import Problem, answer_problems, not_found
from budgets.api.http.requests import ExactParser, View, refuse_other_methods
from budgets.api.spend import endpoints as spend

DESCRIPTION = """\
Report spend, learn at once which campaigns must stop, and manage brands, schedules and campaigns.

Every request needs an API key, made in the admin: `Authorization: Bearer abm_…`. What is beyond
the key's brands does not exist to it. Problems are answered as RFC 9457 problem details.
"""


def for_staff_and_keys(view: View) -> View:
    """Show the document to people who work here, and to programs that show a key."""

    for_staff = staff_member_required(view)

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "Authorization" not in request.headers:
            return for_staff(request, *args, **kwargs)
        try:
            token = request.headers["Authorization"].partition(" ")[2]
            working_key(request, token, None, "view_brand", now=timezone.now())
        except Problem as problem:
            return problem.response()
        return view(request, *args, **kwargs)

    return guarded


# No validator: it would send the address of this document to a server outside.
PAGE = Swagger({"validatorUrl": None, "persistAuthorization": False})

api = DocumentedApi(
    title="Ad Budget Manager",
    version="1",
    description=DESCRIPTION,
    docs=PAGE,
    docs_decorator=for_staff_and_keys,
    urls_namespace="api",
    parser=ExactParser(),
    renderer=ExactRenderer(),
)
answer_problems(api)
api.add_router("/spend", spend.router)
api.add_router("/brands", brands.router)
api.add_router("/schedules", schedules.router)
api.add_router("/campaigns", campaigns.router)
api.add_router("/dated-budgets", dated_budgets.router)
api.add_router("/changes", changes.router)
api.add_router("/statements", statements.router)


@csrf_exempt
def no_such_address(request: HttpRequest) -> HttpResponse:
    """Answer every other address under `/api/`, whatever the method."""
    return not_found(f"address {request.path}").response()


def api_addresses() -> tuple[list[Any], str, str]:
    addresses, application, namespace = api.urls
    patterns: list[Any] = list(addresses)
    for pattern in patterns:
        # Ninja's root only marks where the API begins; asked for, it raises Django's own page.
        is_root = pattern.name == "api-root"
        pattern.callback = no_such_address if is_root else refuse_other_methods(pattern.callback)
    return patterns, application, namespace


urlpatterns = [path("v1/", api_addresses()), re_path("", no_such_address)]
