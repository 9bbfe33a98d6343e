"""A walk over every address of the site that is not the API's, present and future."""

import re
from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.contrib.admindocs.views import extract_views_from_urlpatterns, simplify_regex
from django.urls import get_resolver

PLACE = re.compile(r"<(?:\w+:)?(\w+)>")
NOT_WALKED = ("/api/", "/healthz", "/metrics", "/static/")
ENDS_THE_SESSION = ("/admin/logout/", "/admin/login/")


def addresses(ids: dict[str, int]) -> Iterator[str]:
    """Yield every address, filled in for rows with these ids by the name of their model."""
    for _view, regex, _namespace, _name in extract_views_from_urlpatterns(
        get_resolver().url_patterns
    ):
        pattern = simplify_regex(str(regex))
        if pattern.startswith(NOT_WALKED) or pattern in ENDS_THE_SESSION:
            continue
        yield from filled_in(pattern, ids)


def filled_in(pattern: str, ids: dict[str, int]) -> Iterator[str]:
    """Yield the pattern's addresses; a place the walk cannot fill in fails it."""
    places = PLACE.findall(pattern)
    if places == ["url"]:  # what nothing else matches
        return
    if not places:
        yield pattern
    elif places == ["app_label"]:
        yield from (fill(pattern, app_label=app) for app in ("budgets", "auth"))
    elif places == ["kind"]:
        yield from (fill(pattern, kind=kind) for kind in ("day-totals", "entries"))
    elif places == ["uidb64", "token"]:
        yield fill(pattern, uidb64="MQ", token="a-b")
    elif places == ["content_type_id", "object_id"]:
        yield from (fill(pattern, content_type_id=1, object_id=pk) for pk in ids.values())
    elif set(places) <= {"object_id", "id", "pk", "record_id"}:
        pk = ids.get(model_of(pattern), 1)
        yield fill(pattern, **dict.fromkeys(places, pk))
    else:
        raise AssertionError(f"Tell the walk what to put into {pattern}")


def model_of(pattern: str) -> str:
    """Return the model whose rows an address is about; a file of spend is a job's."""
    if pattern.startswith("/admin/budgets/spend/import/"):
        return "job"
    return pattern.split("/")[3]


def fill(pattern: str, **values: Any) -> str:
    """Put values into the places of a pattern."""
    return PLACE.sub(lambda place: str(values[place[1]]), pattern)


def autocompletes() -> Iterator[str]:
    """Yield the question of every box that offers rows as one types."""
    for model, page in admin.site._registry.items():
        inlines = [inline(model, admin.site) for inline in page.inlines]
        for asker in (page, *inlines):
            meta = asker.model._meta
            for field in asker.autocomplete_fields:
                yield (
                    f"/admin/autocomplete/?app_label={meta.app_label}"
                    f"&model_name={meta.model_name}&field_name={field}&term="
                )
