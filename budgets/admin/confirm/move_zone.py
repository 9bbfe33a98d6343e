"""Move a brand to another time zone: seen before it is done."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from unfold.decorators import action
from unfold.widgets import UnfoldAdminTextInputWidget

from budgets.admin.base.admin import message_changes, page_name, request_time
from budgets.admin.base.forms import zone_choices
from budgets.admin.base.widgets import SearchableSelect
from budgets.admin.confirm.confirmation import (
    REVISE,
    Confirmation,
    PlannedEdit,
    Unconfirmed,
    count_campaigns,
)
from budgets.admin.confirm.holds import LONGEST_NOTE, HoldAdmin
from budgets.models import Brand, LedgerEntry
from budgets.operations.edits import decide_due
from budgets.operations.edits.preview import effect_of
from budgets.operations.moving_zone import Move, move_zone
from budgets.reports.words import money

MOST_ENTRIES = 200_000
"""More than this would keep a person, and the brand's ingests, waiting for too long."""


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
        try:
            return self.move_confirmed(request, form, brand)
        except ValidationError as refusal:
            form.add_error("timezone", refusal.messages)
            return self.ask_where(request, form, brand)
        except Unconfirmed as unconfirmed:
            return self.ask_to_move(request, unconfirmed.confirmation, brand)

    def move_confirmed(
        self, request: HttpRequest, form: MoveZoneForm, brand: Brand
    ) -> HttpResponse:
        """Move it in one transaction, if the person has seen what that does."""
        require_few_entries(brand)
        by: Any = request.user
        now, note = request_time(request), form.cleaned_data["note"]
        with transaction.atomic():
            decide_due([brand], now=now)
            move = move_zone(brand.pk, form.cleaned_data["timezone"], by=by, now=now, note=note)
            Confirmation(
                edits=[PlannedEdit(label=_("time zone"), before=move.before, after=move.after)],
                effect=effect_of(move.change_ids),
                campaigns=count_campaigns([brand]),
                remarks=tuple(remarks_on(move)),
            ).require(request.POST)
            self.log_change(request, brand, ": ".join(filter(None, (_("Moved"), note))))
        message_changes(request, move.change_ids)
        told = {"brand": brand, "zone": move.after}
        messages.success(request, _("“%(brand)s” is in %(zone)s now.") % told)
        return HttpResponseRedirect(
            reverse(f"admin:{page_name(self.model, 'change')}", args=[brand.pk])
        )

    def ask_where(self, request: HttpRequest, form: MoveZoneForm, brand: Brand) -> HttpResponse:
        context = {"form": form, "brand": brand, "media": form.media}
        return self.zone_page(request, "budgets/move_zone.html", context)

    def ask_to_move(
        self, request: HttpRequest, confirmation: Confirmation, brand: Brand
    ) -> HttpResponse:
        """Show what moves between days, and what that stops and starts."""
        heading = _("Move “%(brand)s” to another time zone?") % {"brand": brand}
        context = {"heading": heading, "save_words": _("Move it")}
        context |= confirmation.context(request.POST)
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


def require_few_entries(brand: Brand) -> None:
    """Raise `ValidationError` for a brand that a page cannot move in the time people wait."""
    entries = LedgerEntry.objects.filter(campaign__brand=brand).order_by()
    if entries[: MOST_ENTRIES + 1].count() > MOST_ENTRIES:
        text = _(
            "The brand has more than %(most)s entries. Let whoever runs the server move it, in a "
            "quiet hour: manage.py move_zone %(id)s ZONE"
        )
        raise ValidationError(text % {"most": f"{MOST_ENTRIES:,}", "id": brand.pk})


def remarks_on(move: Move) -> list[str]:
    """Say in sentences what moves between days and what does not."""
    amount = money(move.amount, move.brand.currency)
    moved = ngettext(
        "%(n)s entry, of %(amount)s, goes to another day.",
        "%(n)s entries, of %(amount)s in all, go to other days.",
        move.entries,
    )
    kept = ngettext(
        "%(n)s entry keeps its date, as it was reported for a day, typed in or folded.",
        "%(n)s entries keep their dates, as they were reported for a day, typed in or folded.",
        move.kept,
    )
    restated = ngettext(
        "%(n)s statement is restated or begun.",
        "%(n)s statements are restated or begun.",
        move.statements,
    )
    told = [
        (moved, {"n": f"{move.entries:,}", "amount": amount}),
        (kept, {"n": f"{move.kept:,}"}),
        (restated, {"n": f"{move.statements:,}"}),
    ]
    return [text % facts for text, facts in told]
