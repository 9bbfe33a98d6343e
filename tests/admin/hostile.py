"""Values that nobody means, in every place where a request carries one."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from django.contrib import admin
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

NUL = "a\0b"
DIGITS_30, DIGITS_5000 = "9" * 30, "9" * 5000
BEYOND_64_BITS = str(2**63)
VALUES = (NUL, DIGITS_30, DIGITS_5000, "-1", "x")
OF_ANY_LIST = ("p", "o", "q", "all", "e", "_popup", "_to_field", "_facets", "_changelist_filters")
MOST_QUERIES = 60
"""Of any answer, whatever was asked."""


class Refused(Exception):
    """Takes back what a request wrote."""


def faults_of(client: Client, path: str, data: Any = None) -> list[str]:
    """Send a request, take back what it did; return what is wrong with the answer."""
    what = f"{'POST' if data is not None else 'GET'} {path[:120]} {str(data)[:120]}"
    with CaptureQueriesContext(connection) as queries:
        try:
            with transaction.atomic():
                answer = client.post(path, data) if data is not None else client.get(path)
                b"".join(answer) if getattr(answer, "streaming", False) else answer.content
                raise Refused
        except Refused:
            pass
        except Exception as error:  # noqa: BLE001  # whatever it is, it would be a 500
            return [f"{what}: {type(error).__name__} {str(error)[:100]}"]
    if answer.status_code >= 500:
        return [f"{what}: {answer.status_code}"]
    return [f"{what}: {len(queries)} queries"] if len(queries) > MOST_QUERIES else []


def address_of(model: Any, page: str, *args: Any) -> str:
    meta = model._meta
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_{page}", args=args)


def filters_of(client: Client, model: Any) -> list[str]:
    """Return the parameters by which the list of a model is filtered."""
    shown = client.get(address_of(model, "changelist")).context["cl"]
    return [name for spec in shown.filter_specs for name in spec.expected_parameters() if name]


def hostile_queries(names: Any) -> Iterator[str]:
    for name in names:
        for value in VALUES:
            yield urlencode({name: value}, errors="surrogatepass")


def registered() -> list[Any]:
    return sorted(admin.site._registry, key=lambda model: model._meta.label)
