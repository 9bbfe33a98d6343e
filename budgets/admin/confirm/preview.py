"""See it before it is saved: an edit that stops or starts campaigns is shown and confirmed first.

The edit is made for real. If its person has not yet seen what it does, it is taken back and shown;
the confirmed form goes the same way and stays, unless what it does has changed meanwhile. So the
page cannot show one thing and the save do another.
"""

from typing import Any

from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from budgets.admin.base.admin import BaseAdmin, message_changes, request_time
from budgets.admin.base.scope import scope_of
from budgets.admin.confirm.confirmation import (
    REVISE,
    Confirmation,
    PlannedEdit,
    Unconfirmed,
    count_campaigns,
)
from budgets.admin.confirm.form_edits import edits_of_form
from budgets.admin.confirm.meanwhile import asked, with_who_set_it
from budgets.models import Campaign
from budgets.operations import edits
from budgets.operations.edits.preview import effect_of


class Revised:
    """A form that is shown once more as it was filled in, right as it may be."""

    def is_valid(self) -> bool:
        return False


class PreviewedAdmin(BaseAdmin):
    """A page whose edits are seen before they are saved."""

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        try:
            response: HttpResponse = super().changeform_view(
                request, object_id, form_url, extra_context
            )
        except Unconfirmed as unconfirmed:
            row = self.get_object(request, str(object_id))
            return self.ask_to_save(request, unconfirmed.confirmation, row)
        return response

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        form = super().get_form(request, obj, change=change, **kwargs)
        return type(form)(form.__name__, (Revised, form), {}) if REVISE in request.POST else form

    def save_model(self, request: HttpRequest, obj: Any, form: ModelForm[Any], change: bool) -> Any:
        """Leave it to `save_related`: a row and those added on its page are one edit."""

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        row, now, by = form.instance, request_time(request), request.user
        with edits.editing(by=by, now=now, clock=timezone.now) as edit:
            planned: dict[str, PlannedEdit] = {}
            if change:
                edits.decide_due([row], now=now, clock=timezone.now)
                planned = edits_of_form(form, self.model._base_manager.get(pk=row.pk))
                planned = with_who_set_it(planned, row, scope=scope_of(request))
            # Only what was edited: a column left alone keeps what others wrote meanwhile.
            edit.save(row, update_fields=planned if change else None)
            new = [each for formset in formsets for each in formset.save(commit=False)]
            for each in new:
                edit.save(each)
        if change:
            confirmation = Confirmation(
                edits=[*planned.values(), *additions(new)],
                effect=effect_of(edit.change_ids),
                campaigns=count_campaigns([row]) - len(new),
                brand_ids=edits.concerned([row]),
            )
            if not confirmation.is_harmless:
                confirmation.require(request.POST)
        else:
            self.after_create(request, row)
        message_changes(request, edit.change_ids)

    def after_create(self, request: HttpRequest, row: Any) -> None:
        """Do what else a new row needs, in the transaction that made it."""

    def ask_to_save(
        self, request: HttpRequest, confirmation: Confirmation, row: Any
    ) -> HttpResponse:
        """Show what the edit would do, with everything that was filled in."""
        context = {
            **self.admin_site.each_context(request),
            "title": _("Save this edit?"),
            "opts": self.model._meta,
            "heading": _("Save “%(row)s”?") % {"row": confirmation.of or row},
            "save_words": confirmation.save_words,
            "is_popup": "_popup" in request.POST,
            **asked(request, confirmation),
        }
        return TemplateResponse(request, "budgets/preview.html", context)


def additions(new: list[Campaign]) -> list[PlannedEdit]:
    return [PlannedEdit(label=_("New campaign"), before="", after=row.name) for row in new]
