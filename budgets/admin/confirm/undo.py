"""Undo the last edit of a row from its history, seen before it is done."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _

from budgets.admin.base.admin import attributed, page_name, request_time
from budgets.admin.base.scope import scope_of
from budgets.admin.confirm.confirmation import Edit, Plan, Unconfirmed, campaigns_of
from budgets.admin.confirm.history import WithHistory
from budgets.models import Trigger
from budgets.operations.cause import caused_by
from budgets.operations.edits.history import CHANGED
from budgets.operations.edits.preview import Watch
from budgets.operations.edits.undo import ChangedSince, fields_changed, undone
from budgets.reports.history.edits import EditInWords, in_words, records_before
from budgets.reports.history.row_history import loaded


class Undoable(WithHistory):
    """A row whose last edit can be undone from its history. Goes before `BaseAdmin`."""

    model: Any

    def get_urls(self) -> list[Any]:
        page = self.admin_site.admin_view(self.undo_view)
        name = page_name(self.model, "undo")
        own = path("<int:object_id>/undo/<int:record_id>/", page, name=name)
        return [own, *super().get_urls()]  # type: ignore[misc]  # mixin

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        context = {"undo_url": self.undo_url(request, object_id), **(extra_context or {})}
        return super().history_view(request, object_id, context)

    def undo_url(self, request: HttpRequest, object_id: str) -> str:
        """Return where the newest edit is undone; empty where this person cannot."""
        row = self.get_object(request, object_id)  # type: ignore[attr-defined]  # mixin
        if row is None or not self.has_change_permission(request, row):  # type: ignore[attr-defined]  # mixin
            return ""
        newest = self.model.history.filter(id=row.pk).order_by("-history_id").first()
        if newest is None or self.record_before(request, newest) is None:
            return ""
        name = f"admin:{page_name(self.model, 'undo')}"
        return reverse(name, args=[row.pk, newest.pk])

    def record_before(self, request: HttpRequest, record: Any) -> Any:
        """Return what an edit can be undone to; `None` for what is no edit of a person."""
        if record.history_type != CHANGED or record.trigger != Trigger.EDIT:
            return None
        return records_before([record], scope=scope_of(request)).get(record.pk)

    def undo_view(self, request: HttpRequest, object_id: int, record_id: int) -> HttpResponse:
        """Show what undoing an edit would do, then undo it."""
        row = self.get_object(request, str(object_id))  # type: ignore[attr-defined]  # mixin
        records = loaded(self.model.history.filter(id=object_id, pk=record_id))
        record = records.first() if row else None
        previous = self.record_before(request, record) if record else None
        if previous is None:
            raise Http404
        if not self.has_change_permission(request, row):  # type: ignore[attr-defined]  # mixin
            raise PermissionDenied
        (edit,) = in_words([record], scope=scope_of(request))
        try:
            self.undo(request, edit, previous)
        except Unconfirmed as unconfirmed:
            return self.ask_to_undo(request, edit, unconfirmed.plan)
        except ChangedSince as since:
            text = _("Nothing was undone. Since that edit somebody changed: %(labels)s.")
            messages.error(request, text % {"labels": ", ".join(since.labels)})
        except ValidationError as refusal:
            text = _("It cannot be undone: %(why)s")
            messages.error(request, text % {"why": " ".join(refusal.messages)})
        return HttpResponseRedirect(self.history_url(object_id))

    def undo(self, request: HttpRequest, edit: EditInWords, previous: Any) -> None:
        """Put back what the edit changed, if the person has seen what that does."""
        record, note = edit.record, note_of(edit)
        by: Any = request.user
        with attributed(request), caused_by(by, note=note), transaction.atomic():
            watch = Watch.over([undone(record, previous)], now=request_time(request))
            # Once more, now that nobody else can change it.
            row = undone(record, previous)
            row.save(update_fields={field.name for field in fields_changed(record, previous)})
            plan = Plan(
                edits=[
                    Edit(label=field.label, before=field.after, after=field.before)
                    for field in edit.fields
                ],
                effect=watch.effect(),
                campaigns=campaigns_of([row]),
            )
            if not plan.is_confirmed_by(request.POST):
                raise Unconfirmed(plan)
            self.log_change(request, row, note)  # type: ignore[attr-defined]  # mixin
        messages.success(request, _("The edit was undone."))

    def ask_to_undo(self, request: HttpRequest, edit: EditInWords, plan: Plan) -> HttpResponse:
        """Show what undoing would put back, stop and start."""
        context = {
            **self.admin_site.each_context(request),
            "title": _("Undo this edit?"),
            "heading": _("Undo the edit of %(at)s?") % {"at": edit.at},
            "save_words": _("Undo this edit"),
            "opts": self.opts,
            "back_url": self.history_url(edit.record.id),
            **plan.context(request.POST),
        }
        return TemplateResponse(request, "budgets/preview.html", context)

    def history_url(self, row_id: int) -> str:
        """Return the address of a row's history."""
        return reverse(f"admin:{page_name(self.model, 'history')}", args=[row_id])


def note_of(edit: EditInWords) -> str:
    """Return what the history says about the undoing."""
    told = {"at": edit.at, "who": edit.who}
    if not edit.who:
        return _("Undo of the edit of %(at)s") % told
    return _("Undo of the edit of %(at)s by %(who)s") % told
