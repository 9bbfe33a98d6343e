"""See it before it is saved: an edit that stops or starts campaigns is shown and confirmed first.

The edit is made for real and watched. If its person has not yet seen what it does, it is taken
back and shown; the confirmed form goes the same way and stays, unless what it does has changed
meanwhile. So the page cannot show one thing and the save do another.
"""

from typing import Any

from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from budgets.admin.base.admin import request_time
from budgets.admin.confirm.confirmation import (
    REVISE,
    Edit,
    Plan,
    Unconfirmed,
    campaigns_of,
    edits_of,
)
from budgets.models import Campaign
from budgets.operations.edits.preview import Watch


class Revised:
    """A form that is shown once more as it was filled in, right as it may be."""

    def is_valid(self) -> bool:
        return False


class Previewed:
    """A page whose edits are seen before they are saved. Goes before `BaseAdmin`."""

    admin_site: Any
    model: Any

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        try:
            response: HttpResponse = super().changeform_view(  # type: ignore[misc]  # mixin
                request, object_id, form_url, extra_context
            )
        except Unconfirmed as unconfirmed:
            row = self.get_object(request, str(object_id))  # type: ignore[attr-defined]  # mixin
            return self.ask_to_save(request, unconfirmed.plan, row)
        return response

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        form = super().get_form(request, obj, change=change, **kwargs)  # type: ignore[misc]  # mixin
        return type(form)(form.__name__, (Revised, form), {}) if REVISE in request.POST else form

    def save_model(self, request: HttpRequest, obj: Any, form: ModelForm[Any], change: bool) -> Any:
        if change:
            watch = Watch.over([obj], now=request_time(request))
            request.abm_watch = watch  # type: ignore[attr-defined]  # carried by the request
        super().save_model(request, obj, form, change)  # type: ignore[misc]  # mixin

    def save_related(
        self, request: HttpRequest, form: ModelForm[Any], formsets: Any, change: bool
    ) -> None:
        super().save_related(request, form, formsets, change)  # type: ignore[misc]  # mixin
        if change:
            new = [row for formset in formsets for row in formset.new_objects]
            watch: Watch = request.abm_watch  # type: ignore[attr-defined]  # carried by the request
            plan = Plan(
                edits=edits_of(form, form.instance) + additions(new),
                effect=watch.effect(leaving_out={row.pk for row in new}),
                campaigns=campaigns_of([form.instance]) - len(new),
            )
            if not plan.is_harmless and not plan.is_confirmed_by(request.POST):
                raise Unconfirmed(plan)

    def ask_to_save(self, request: HttpRequest, plan: Plan, row: Any) -> HttpResponse:
        """Show what the edit would do, with everything that was filled in."""
        context = {
            **self.admin_site.each_context(request),
            "title": _("Save this edit?"),
            "opts": self.model._meta,
            "heading": _("Save “%(row)s”?") % {"row": row},
            "is_popup": "_popup" in request.POST,
            **plan.context(request.POST),
        }
        return TemplateResponse(request, "budgets/preview.html", context)


def additions(new: list[Campaign]) -> list[Edit]:
    """Return the campaigns that an edit adds."""
    return [Edit(label=_("New campaign"), before="", after=row.name) for row in new]
