"""The history page of a row: who changed what, when and why; and the undoing of an edit."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from budgets.admin.base.admin import BaseAdmin, message_changes, page_name, request_time
from budgets.admin.base.scope import scope_of
from budgets.admin.confirm.confirmation import (
    Confirmation,
    PlannedEdit,
    Unconfirmed,
    count_campaigns,
)
from budgets.admin.confirm.meanwhile import asked, set_since
from budgets.models import Trigger
from budgets.operations import edits
from budgets.operations.edits.history import CHANGED
from budgets.operations.edits.preview import effect_of
from budgets.operations.edits.undo import ChangedSince, fields_changed, stands, undone
from budgets.reports.history.edits import (
    EDITS_SHOWN,
    EditInWords,
    edits_in_words,
    history_of,
    loaded,
)


class HistoryAdmin(BaseAdmin):
    """A row whose edits are recorded; each that still stands can be undone."""

    def has_history(self, row: Any) -> bool:
        return True

    def get_urls(self) -> list[Any]:
        page = self.admin_site.admin_view(self.undo_view)
        name = page_name(self.model, "undo")
        own = path("<int:object_id>/undo/<int:record_id>/", page, name=name)
        return [own, *super().get_urls()]

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        row = self.get_object(request, object_id)
        if row is None:
            raise Http404
        shown = history_of(row, scope=scope_of(request))
        undo_urls = self.undo_urls(request, row, shown)
        context = {
            **self.admin_site.each_context(request),
            "title": _("History of “%(name)s”") % {"name": row},
            "opts": self.opts,
            "object": row,
            "original": row,
            "edits": [(edit, undo_urls.get(edit.record.pk, "")) for edit in shown],
            "most": EDITS_SHOWN,
            "changes_of": row.pk if self.opts.model_name == "campaign" else None,
            **(extra_context or {}),
        }
        return TemplateResponse(request, "budgets/history.html", context)

    def undo_urls(self, request: HttpRequest, row: Any, shown: list[EditInWords]) -> dict[int, str]:
        """Return where each edit that still stands is undone, if this person may."""
        if not self.has_change_permission(request, row):
            return {}
        name = f"admin:{page_name(self.model, 'undo')}"
        return {
            edit.record.pk: reverse(name, args=[row.pk, edit.record.pk])
            for edit in shown
            if is_edit_of_a_person(edit) and stands(edit.record, edit.previous, row)
        }

    def undo_view(self, request: HttpRequest, object_id: int, record_id: int) -> HttpResponse:
        if not self.has_change_permission(request):
            raise PermissionDenied
        row = self.get_object(request, str(object_id))
        history: Any = self.model
        records = loaded(history.history.filter(id=object_id, pk=record_id))
        record = records.first() if row else None
        found = edits_in_words([record], scope=scope_of(request)) if record else []
        edit = next(filter(is_edit_of_a_person, found), None)
        if edit is None:
            raise Http404
        if not self.has_change_permission(request, row):
            raise PermissionDenied
        try:
            self.undo(request, edit)
        except Unconfirmed as unconfirmed:
            return self.ask_to_undo(request, edit, unconfirmed.confirmation)
        except ChangedSince as since:
            text = _("Nothing was undone. Since that edit: %(what)s")
            told = set_since(row, since.labels, scope=scope_of(request))
            messages.error(request, text % {"what": " ".join(told)})
        except ValidationError as refusal:
            text = _("It cannot be undone: %(why)s")
            messages.error(request, text % {"why": " ".join(refusal.messages)})
        return HttpResponseRedirect(self.history_url(object_id))

    def undo(self, request: HttpRequest, edit: EditInWords) -> None:
        """Put back what the edit changed, if the person has seen what that does."""
        record, previous = edit.record, edit.previous
        note, now = undo_note(edit), request_time(request)
        by: Any = request.user
        with transaction.atomic():
            edits.decide_due([undone(record, previous)], now=now, clock=timezone.now)
            # Once more, now that nobody else can change it.
            row = undone(record, previous)
            fields = {field.name for field in fields_changed(record, previous)}
            change_ids = edits.save(
                [row], by=by, now=now, clock=timezone.now, note=note, update_fields=fields
            )
            Confirmation(
                edits=[
                    PlannedEdit(label=field.label, before=field.after, after=field.before)
                    for field in edit.fields
                ],
                effect=effect_of(change_ids),
                campaigns=count_campaigns([row]),
                brand_ids=edits.concerned([row]),
            ).require(request.POST)
            self.log_change(request, row, note)
        message_changes(request, change_ids)
        messages.success(request, _("The edit was undone."))

    def ask_to_undo(
        self, request: HttpRequest, edit: EditInWords, confirmation: Confirmation
    ) -> HttpResponse:
        """Show what undoing would put back, stop and start."""
        context = {
            **self.admin_site.each_context(request),
            "title": _("Undo this edit?"),
            "heading": _("Undo the edit of %(at)s?") % {"at": edit.at},
            "save_words": _("Undo this edit"),
            "opts": self.opts,
            "back_url": self.history_url(edit.record.id),
            **asked(request, confirmation),
        }
        return TemplateResponse(request, "budgets/preview.html", context)

    def history_url(self, row_id: int) -> str:
        return reverse(f"admin:{page_name(self.model, 'history')}", args=[row_id])


def is_edit_of_a_person(edit: EditInWords) -> bool:
    """Say whether it can be undone at all: a hold is released, and an addition stays."""
    record = edit.record
    is_edit = record.history_type == CHANGED and record.trigger == Trigger.EDIT
    return is_edit and edit.previous is not None


def undo_note(edit: EditInWords) -> str:
    what = {"at": edit.at, "who": edit.who}
    if not edit.who:
        return _("Undo of the edit of %(at)s") % what
    return _("Undo of the edit of %(at)s by %(who)s") % what
