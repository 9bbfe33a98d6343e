"""What others did to a row while somebody had its page open: which values, by whom and when."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.http import HttpRequest, QueryDict
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from budgets.admin.base.admin import request_time
from budgets.admin.base.scope import scope_of
from budgets.admin.confirm.confirmation import LOOKED_AT, Confirmation, PlannedEdit
from budgets.admin.render.activity import before_and_after, line_of
from budgets.models.brand_scope import BrandScope
from budgets.reports.history.activity import ActivityFilter, activity
from budgets.reports.history.edits import EditInWords, FieldEdit, capitalised, history_of
from budgets.reports.history.page_cursor import PageCursor

MOST_TOLD = 10
MOST_BRANDS = 1_000


def with_who_set_it(
    planned: dict[str, PlannedEdit], row: Any, *, scope: BrandScope
) -> dict[str, PlannedEdit]:
    """Add to stale edits who set the value that is stored by now, and when."""
    if not any(edit.is_stale for edit in planned.values()):
        return planned
    history = history_of(row, scope=scope)
    return {
        name: with_author(edit, newest_of(label_of(row, name), history)) if edit.is_stale else edit
        for name, edit in planned.items()
    }


def label_of(row: Any, name: str) -> str:
    return capitalised(str(row._meta.get_field(name).verbose_name))


def newest_of(label: str, history: list[EditInWords]) -> tuple[EditInWords, FieldEdit] | None:
    """Return the last edit of a field, and what it made of it."""
    edits = ((edit, field) for edit in history for field in edit.fields if field.label == label)
    return next(edits, None)


def with_author(edit: PlannedEdit, found: tuple[EditInWords, FieldEdit] | None) -> PlannedEdit:
    return replace(edit, set_by=found[0].who, set_at=found[0].at) if found else edit


def set_since(row: Any, labels: Collection[str], *, scope: BrandScope) -> list[str]:
    """Say who set each of these fields of a row last, from what to what, and when."""
    history = history_of(row, scope=scope)
    return [set_in_words(capitalised(label), history) for label in labels]


def set_in_words(label: str, history: list[EditInWords]) -> str:
    found = newest_of(label, history)
    if found is None:
        return _("%(label)s was changed.") % {"label": label}
    edit, field = found
    told = {"who": edit.who, "label": label, "before": field.before, "after": field.after}
    if not edit.who:
        text = _("%(label)s was set from %(before)s to %(after)s on %(at)s.")
    else:
        text = _("%(who)s set %(label)s from %(before)s to %(after)s on %(at)s.")
    return text % (told | {"at": edit.at})


def asked(request: HttpRequest, confirmation: Confirmation) -> dict[str, Any]:
    """Return what a page that asks needs, and what happened since its person looked before."""
    context = confirmation.context(request.POST)
    brand_ids = confirmation.brand_ids if context["has_moved_on"] else ()
    return context | looked(request, request.POST, brand_ids, now=request_time(request))


def looked(
    request: HttpRequest, sent: QueryDict, brand_ids: Collection[int], *, now: datetime
) -> dict[str, Any]:
    """Return as of when a page is shown, and what happened to brands since it was shown before."""
    happened = happened_since(request, sent.get(LOOKED_AT, ""), brand_ids)
    return {"looked_at": (LOOKED_AT, now.isoformat()), "happened": happened}


def happened_since(request: HttpRequest, looked_at: str, brand_ids: Collection[int]) -> list[str]:
    """Say what happened to brands since the person looked, the newest first."""
    since = parse_looked_at(looked_at)
    if since is None or not brand_ids:
        return []
    some = sorted(brand_ids)[:MOST_BRANDS]
    filters = ActivityFilter(scope=scope_of(request), brand_ids=some, since=since)
    page = activity(filters, cursor=PageCursor(), limit=MOST_TOLD)
    told = [event_in_words(line_of(event), before_and_after(event)) for event in page.events]
    return [*told, *([_("and more: see Activity")] if page.older else [])]


def parse_looked_at(text: str) -> datetime | None:
    try:
        at = parse_datetime(text)
    except ValueError:
        return None
    return at if at and at.tzinfo else None


def event_in_words(line: dict[str, Any], what: str) -> str:
    told = {"at": line["at"], "act": line["act"], "name": line["name"], "what": what}
    if not line["who"]:
        return _("%(at)s: %(act)s “%(name)s”: %(what)s") % told
    text = _("%(at)s, %(who)s: %(act)s “%(name)s”: %(what)s")
    return text % (told | {"who": line["who"]})
