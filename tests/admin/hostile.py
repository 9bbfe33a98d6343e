"""Values that nobody means, in every place where a request carries one."""

from collections.abc import Iterable, Iterator
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlencode

from django.contrib import admin
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

NUL = "a\0b"
DIGITS_30, DIGITS_5000 = "9" * 30, "9" * 5000
VALUES = (NUL, DIGITS_30, DIGITS_5000, "-1", "x")
OF_ANY_LIST = ("p", "o", "q", "all", "e", "_popup", "_to_field", "_facets", "_changelist_filters")
OF_OTHER_PAGES = (
    "app_label",
    "brand",
    "campaign",
    "kind",
    "older",
    "p",
    "page",
    "person",
    "s",
    "since",
    "term",
    "until",
    "_changelist_filters",
    "_popup",
    "_to_field",
)
MOST_QUERIES = 140
"""Of any answer, whatever was asked: a page that saves a campaign and draws it again takes 64,
every recurring task in one go 125."""


class TakenBack(Exception):
    """Takes back what a request wrote."""


def faults_of(client: Client, path: str, data: Any = None) -> list[str]:
    """Send a request, take back what it did; return what is wrong with the answer."""
    what = f"{'GET' if data is None else 'POST'} {path[:120]} {str(data)[:120]}"
    with CaptureQueriesContext(connection) as queries:
        try:
            with transaction.atomic():
                answer = client.get(path) if data is None else client.post(path, data)
                b"".join(answer) if getattr(answer, "streaming", False) else answer.content
                raise TakenBack
        except TakenBack:
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


def hostile_queries(names: Iterable[str], values: Iterable[str] = VALUES) -> Iterator[str]:
    values = list(values)
    for name in names:
        for value in values:
            yield urlencode({name: value})


def registered() -> list[Any]:
    return sorted(admin.site._registry, key=lambda model: model._meta.label)


class Boxes(HTMLParser):
    """Collects the boxes of the forms of a page, with what is in them."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.values: dict[str, str] = {}
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        if tag in {"input", "textarea", "select"} and named.get("name"):
            self.values[str(named["name"])] = named.get("value") or ""


def hostile_forms(page: str) -> Iterator[dict[str, str]]:
    """Yield what is sent: one value in every box, and counts of rows without end."""
    boxes = Boxes(page).values
    counts = {name: value for name, value in boxes.items() if name.endswith("_FORMS")}
    for value in VALUES:
        yield dict.fromkeys(boxes, value) | counts
    for value in (*VALUES, "999999999"):
        if counts:
            yield boxes | {name: value for name in counts if "TOTAL" in name}
