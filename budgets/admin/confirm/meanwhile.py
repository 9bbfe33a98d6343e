"""What others did to a row while somebody had its page open: which values, by whom and when."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from budgets.admin.base.scope import scope_of
from budgets.admin.confirm.confirmation import LOOKED_AT, PlannedEdit
from budgets.admin.render.activity import before_and_after, line_of
from budgets.models import Brand, Campaign
from budgets.models.brand_scope import BrandScope
from budgets.reports.history.activity import ActivityFilter, activity
from budgets.reports.history.edits import EditInWords, capitalised, history_of
from budgets.reports.history.page_cursor import PageCursor

MOST_TOLD = 5


def with_who_set_it(
    planned: dict[str, PlannedEdit], row: Any, *, scope: BrandScope
) -> dict[str, PlannedEdit]:
    """Add to stale edits who set the value that is stored by now, and when."""
    if not any(edit.is_stale for edit in planned.values()):
        return planned
    history = history_of(row, scope=scope)
    return {
        name: with_author(edit, newest_of(row, name, history)) if edit.is_stale else edit
        for name, edit in planned.items()
    }


def newest_of(row: Any, name: str, history: list[EditInWords]) -> EditInWords | None:
    label = capitalised(str(row._meta.get_field(name).verbose_name))
    edits = (edit for edit in history if any(field.label == label for field in edit.fields))
    return next(edits, None)


def with_author(edit: PlannedEdit, found: EditInWords | None) -> PlannedEdit:
    return replace(edit, set_by=found.who, set_at=found.at) if found else edit


def happened_since(request: HttpRequest, row: Any) -> list[str]:
    """Say what happened to a row's brand since the person looked, the newest first."""
    since = parse_looked_at(request.POST.get(LOOKED_AT, ""))
    brand_id = {Brand: row.pk, Campaign: getattr(row, "brand_id", None)}.get(type(row))
    if since is None or brand_id is None:
        return []
    filters = ActivityFilter(scope=scope_of(request), brand_id=brand_id, since=since)
    events = activity(filters, cursor=PageCursor(), limit=MOST_TOLD).events
    return [event_in_words(line_of(event), before_and_after(event)) for event in events]


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
