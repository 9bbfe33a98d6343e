"""Move a brand to another time zone: seen before it is done."""

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import action
from unfold.widgets import UnfoldAdminTextInputWidget

from budgets.admin.base.admin import page_name, request_time
from budgets.admin.base.widgets import SearchableSelect
from budgets.admin.base.zones import zone_choices
from budgets.admin.confirm.confirmation import (
    REVISE,
    Confirmation,
    PlannedEdit,
    Unconfirmed,
    count_campaigns,
)
from budgets.admin.confirm.entries_to_move import remarks_on, require_few_entries, takes_long
from budgets.admin.confirm.hold_rows import LONGEST_NOTE
from budgets.admin.confirm.holds import HoldAdmin
from budgets.admin.confirm.long_edit import LongEdit, Outcome
from budgets.admin.confirm.meanwhile import asked
from budgets.models import Brand, Job
from budgets.operations.edits import decide_due
from budgets.operations.edits.preview import effect_of
from budgets.operations.jobs.progress import Progress
from budgets.operations.moving_zone import move_zone


class MoveZoneForm(forms.Form):
    """Where to, and why."""

    timezone = forms.CharField(label=gettext_lazy("Time zone"), widget=SearchableSelect)
    note = forms.CharField(
        label=gettext_lazy("Note"),
        required=False,
        max_length=LONGEST_NOTE,
        help_text=gettext_lazy("Why? Kept in the history."),
        widget=UnfoldAdminTextInputWidget,
    )

    def __init__(self, data: Any, *, brand: Brand, request: HttpRequest) -> None:
        super().__init__(data, initial={"timezone": brand.timezone})
        self.fields["timezone"].widget.choices = zone_choices(now=request_time(request))


class MoveZoneAdmin(HoldAdmin):
    """A brand's page with the button “Move to another time zone…”."""

    actions_detail = (*HoldAdmin.actions_detail, "move_zone")

    @action(
        description=gettext_lazy("Move to another time zone…"),
        permissions=["change"],
        url_path="move-zone",
        icon="schedule",
    )
    def move_zone(self, request: HttpRequest, object_id: str) -> HttpResponse:
        brand = self.get_object(request, object_id)
        if brand is None:
            raise Http404
        if not self.has_change_permission(request, brand):
            raise PermissionDenied
        form = MoveZoneForm(request.POST or None, brand=brand, request=request)
        if not form.is_valid() or REVISE in request.POST:
            return self.ask_where(request, form, brand)
        if takes_long(brand):
            return self.move_by_worker(request, form, brand)
        try:
            self.move_confirmed(request, form, brand).tell(request)
        except ValidationError as refusal:
            form.add_error("timezone", refusal.messages)
            return self.ask_where(request, form, brand)
        except Unconfirmed as unconfirmed:
            return self.ask_to_move(request, unconfirmed.confirmation, brand)
        return HttpResponseRedirect(
            reverse(f"admin:{page_name(self.model, 'change')}", args=[brand.pk])
        )

    def move_by_worker(
        self, request: HttpRequest, form: MoveZoneForm, brand: Brand
    ) -> HttpResponse:
        """Let a worker find out what it moves, and move it once that was confirmed."""
        try:
            require_few_entries(brand)
        except ValidationError as refusal:
            form.add_error("timezone", refusal.messages)
            return self.ask_where(request, form, brand)
        title = _("Move a brand to %(zone)s") % {"zone": form.cleaned_data["timezone"]}
        return self.long_move.begin(request, title=title, brand=brand.pk)

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.long_move = LongEdit(
            kind="brand_move_zone",
            label=gettext_lazy("Move to another time zone"),
            start_over=f"admin:{page_name(self.model, 'changelist')}",
            work=self.move_later,
            words=gettext_lazy("Move it"),
        )
        self.long_move.register()

    def move_later(self, job: Job, request: HttpRequest, progress: Progress) -> Outcome:
        """Move it as the page would."""
        brand = self.get_object(request, str(job.arguments["brand"]))
        if brand is None or not self.has_change_permission(request, brand):
            raise PermissionDenied
        form = MoveZoneForm(request.POST, brand=brand, request=request)
        if not form.is_valid():
            raise ValidationError([text for texts in form.errors.values() for text in texts])
        return self.move_confirmed(request, form, brand)

    def move_confirmed(self, request: HttpRequest, form: MoveZoneForm, brand: Brand) -> Outcome:
        """Move it in one transaction, if the person has seen what that does."""
        require_few_entries(brand)
        by: Any = request.user
        now, note = request_time(request), form.cleaned_data["note"]
        with transaction.atomic():
            decide_due([brand], now=now)
            move = move_zone(brand.pk, form.cleaned_data["timezone"], by=by, now=now, note=note)
            Confirmation(
                edits=[PlannedEdit(label=_("Time zone"), before=move.before, after=move.after)],
                effect=effect_of(move.change_ids),
                campaigns=count_campaigns([brand]),
                brand_ids={brand.pk},
                remarks=tuple(remarks_on(move)),
            ).require(request.POST)
            self.log_change(request, brand, ": ".join(filter(None, (_("Moved"), note))))
        words = _("“%(brand)s” is in %(zone)s now.") % {"brand": brand, "zone": move.after}
        return Outcome(words=[words], change_ids=move.change_ids, brand_ids={brand.pk})

    def ask_where(self, request: HttpRequest, form: MoveZoneForm, brand: Brand) -> HttpResponse:
        context = {"form": form, "brand": brand, "media": form.media}
        return self.zone_page(request, "budgets/move_zone.html", context)

    def ask_to_move(
        self, request: HttpRequest, confirmation: Confirmation, brand: Brand
    ) -> HttpResponse:
        """Show what moves between days, and what that stops and starts."""
        heading = _("Move “%(brand)s” to another time zone?") % {"brand": brand}
        context = {"heading": heading, "save_words": _("Move it")}
        context |= asked(request, confirmation)
        return self.zone_page(request, "budgets/preview.html", context)

    def zone_page(
        self, request: HttpRequest, template: str, context: dict[str, Any]
    ) -> HttpResponse:
        frame = {
            **self.admin_site.each_context(request),
            "title": _("Move to another time zone"),
            "opts": self.model._meta,
        }
        return TemplateResponse(request, template, frame | context)
