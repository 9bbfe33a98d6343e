"""A line of the activity: an edit or a change, for the page and for a file."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from budgets.admin.render.cells import figures_in_words, reasons_cell
from budgets.models import Campaign, Change
from budgets.models.brand import clock_of
from budgets.reports.history.activity import Event
from budgets.reports.history.edits import DELETED, EditInWords
from budgets.reports.words import local_time, reasons_in_words

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


def line_of(event: Event) -> dict[str, Any]:
    line = line_of_edit(event.edit) if event.edit else line_of_change(event.change)
    return {"is_change": event.change is not None, **line}


def line_of_edit(edit: EditInWords) -> dict[str, Any]:
    record = edit.record
    model = record.instance_type
    is_gone = record.history_type == DELETED
    return {
        "at": edit.at,
        "who": edit.who,
        "act": edit.act,
        "kind": str(model._meta.verbose_name),
        "name": record.name,
        "address": "" if is_gone else page_of(model, record.id),
        "brand": str(record.brand or "") if model is Campaign else "",
        "fields": edit.fields,
        "is_gone": is_gone,
        "note": edit.note,
    }


def line_of_change(change: Any) -> dict[str, Any]:
    brand = change.campaign.brand
    return {
        "at": local_time(change.at, clock_of(brand.timezone)),
        "who": change.by.get_username() if change.by else "",
        "act": act_of_change(change),
        "why": str(change.get_trigger_display()),
        "kind": str(Campaign._meta.verbose_name),
        "name": change.campaign.name,
        "address": page_of(Campaign, change.campaign_id),
        "brand": brand.name,
        "before": reasons_cell(change.reasons_before),
        "after": reasons_cell(change.reasons_after),
        "figures": figures_in_words(change, brand.currency),
        "note": change.note,
    }


def act_of_change(change: Change) -> str:
    """Say in a word what became of the campaign."""
    if change.must_stop:
        return _("Paused")
    return _("Resumed") if change.may_start else _("Still paused")


def page_of(model: Any, pk: int) -> str:
    """Return the address of a row's page."""
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_change", args=[pk])


def cells_of(event: Event) -> list[str]:
    line = line_of(event)
    what = (line["act"], line.get("why", ""))
    return [
        event.at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        line["at"],
        line["who"],
        ": ".join(filter(None, what)),
        line["kind"],
        line["name"],
        line["brand"],
        before_and_after(event),
        line["note"],
        "; ".join(line.get("figures", ())),
    ]


def before_and_after(event: Event) -> str:
    if event.change:
        before, after = event.change.reasons_before, event.change.reasons_after
        return f"{reasons_text(before)} → {reasons_text(after)}"
    fields = event.edit.fields if event.edit else []
    return "; ".join(
        f"{field.label}: {field.before} → {field.after}"
        if field.before
        else f"{field.label}: {field.after}"
        for field in fields
    )


def reasons_text(reasons: Any) -> str:
    """Return a set of reasons as text; none means running."""
    return ", ".join(reasons_in_words(reasons)) or _("Running")
