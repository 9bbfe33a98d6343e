"""A line of the activity: an edit, a change or one of access, for the page and for a file."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from budgets.admin.render.cells import reasons_cell
from budgets.admin.render.words import figures_in_words
from budgets.models import AccessEvent, AccessKind, Campaign, Change, DatedBudget, Period
from budgets.models.sign_in.access_event import SIGN_INS
from budgets.reports.history.activity import Event
from budgets.reports.history.edits import DELETED, EditInWords
from budgets.reports.history.moves import called
from budgets.reports.words import day_in_words, local_time, status_in_words
from budgets.rules.clock import clock_of

COLUMNS = (
    gettext_lazy("Instant (UTC)"),
    gettext_lazy("Local time"),
    gettext_lazy("Who"),
    gettext_lazy("What"),
    gettext_lazy("Kind"),
    gettext_lazy("Name"),
    gettext_lazy("Brand"),
    gettext_lazy("Before and after"),
    gettext_lazy("Note"),
    gettext_lazy("Decided on"),
)
OF_ACCESS = (gettext_lazy("rights"), gettext_lazy("signing in"))


def line_of(event: Event) -> dict[str, Any]:
    if event.access:
        return line_of_access(event.access)
    line = line_of_edit(event.edit) if event.edit else line_of_change(event.change)
    return {"is_change": event.change is not None, **line}


def line_of_access(access: AccessEvent) -> dict[str, Any]:
    """Return what the page shows of a sign-in or a change of rights, in the server's days."""
    times = access.times
    act = str(access.get_kind_display())
    return {
        "is_access": True,
        "at": local_time(access.at, clock_of("UTC")),
        "who": access.who or who_else(access),
        "act": act if times == 1 else f"{act} ({times}×)",
        "kind": str(OF_ACCESS[access.kind in SIGN_INS]),
        "name": access.name,
        "brand": "",
        "fields": [],
        "words": "; ".join(filter(None, (access.detail, access.address))),
        "note": "",
    }


def who_else(access: AccessEvent) -> str:
    """Say in words who acted without having signed in; nothing of those who tried to get in."""
    if access.kind in SIGN_INS:
        return ""
    if access.kind == AccessKind.PASSWORD_CHANGED:
        return _("%(name)s by a link, or a shell") % {"name": access.name}
    return _("the installation or a shell")


def line_of_edit(edit: EditInWords) -> dict[str, Any]:
    """Return what the page shows of an edit, with a link if the row is still that brand's."""
    record = edit.record
    model = record.instance_type
    is_gone = record.history_type == DELETED
    is_moved = model is Campaign and record.brand_now != record.brand_id
    return {
        "at": edit.at,
        "who": edit.who,
        "act": edit.act,
        "kind": str(model._meta.verbose_name),
        "name": name_of(record),
        "address": "" if is_gone or is_moved else change_url(model, record.id),
        "brand": str(record.brand or "") if hasattr(record, "brand") else "",
        "fields": edit.fields,
        "is_gone": is_gone,
        "is_automatic": edit.is_automatic,
        "note": edit.note,
    }


def name_of(record: Any) -> str:
    """Name the row of a record as it was then; a dated budget by its period and first day."""
    if record.instance_type is not DatedBudget:
        return str(record.name)
    words = _("Monthly budget from %(day)s") if record.period == Period.MONTH else ""
    words = words or _("Daily budget from %(day)s")
    return words % {"day": day_in_words(record.starts_on)}


def line_of_change(change: Any) -> dict[str, Any]:
    campaign, brand = change.campaign, change.brand
    return {
        "at": local_time(change.at, brand.clock),
        "act": act_of_change(change),
        "kind": str(Campaign._meta.verbose_name),
        "name": called(campaign, brand.pk).name,
        # Its page is another brand's once it has moved.
        "address": change_url(Campaign, campaign.pk) if campaign.brand_id == brand.pk else "",
        "brand": brand.name,
        **change_in_words(change),
    }


def change_in_words(change: Change) -> dict[str, Any]:
    """Return who or what changed a campaign, its reasons before and after, and the figures."""
    return {
        "who": change.by.get_username() if change.by else "",
        "why": change.get_trigger_display(),
        "before": _("New") if change.is_first else reasons_cell(change.reasons_before),
        "after": reasons_cell(change.reasons_after),
        "figures": figures_in_words(change),
        "note": change.note,
    }


def act_of_change(change: Change) -> str:
    if change.is_first:
        return _("New, not running")
    if change.must_stop:
        return _("Paused")
    return _("Resumed") if change.may_start else _("Still paused")


def change_url(model: Any, pk: int) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_change", args=[pk])


def cells_of(event: Event) -> list[str]:
    line = line_of(event)
    return [
        event.at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        line["at"],
        line["who"],
        f"{line['act']}: {line['why']}" if event.change else line["act"],
        line["kind"],
        line["name"],
        line["brand"],
        before_and_after(event),
        line["note"],
        "; ".join(line.get("figures", ())),
    ]


def before_and_after(event: Event) -> str:
    if event.access:
        return str(line_of(event)["words"])
    if event.change:
        before, after = event.change.reasons_before, event.change.reasons_after
        was = _("New") if event.change.is_first else status_in_words(before)
        return f"{was} → {status_in_words(after)}"
    fields = event.edit.fields if event.edit else []
    return "; ".join(
        f"{field.label}: {field.before} → {field.after}"
        if field.before
        else f"{field.label}: {field.after}"
        for field in fields
    )
