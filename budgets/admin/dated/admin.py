"""Budgets over time: planned ahead, in force and past, of brands and campaigns."""

from copy import deepcopy
from datetime import datetime
from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.contrib.filters.admin import RadioFilter
from unfold.decorators import display

from budgets.access.setters import may_set
from budgets.admin.base.admin import message_changes, request_time
from budgets.admin.base.scope import PickFilter, scope_of
from budgets.admin.confirm.confirmation import Confirmation, PlannedEdit, count_campaigns
from budgets.admin.confirm.delete_guard import DeleteGuardAdmin
from budgets.admin.confirm.form_edits import edits_of_form
from budgets.admin.confirm.history import HistoryAdmin
from budgets.admin.confirm.meanwhile import with_who_set_it
from budgets.admin.confirm.preview import PreviewedAdmin
from budgets.admin.dated.form import DatedBudgetForm
from budgets.admin.dated.preview import beginnings, new_amount, outlook_of, remarks_on
from budgets.admin.import_export.admin import ImportExportAdmin
from budgets.admin.import_export.dated_resource import DatedBudgetResource
from budgets.admin.render.cells import name_cell
from budgets.admin.render.dated import amount_cell, since_words, state_cell, until_words
from budgets.models import DatedBudget
from budgets.operations import edits
from budgets.reports.dated_budgets import DatedState, has_begun, lines


class StateFilter(RadioFilter):
    """Planned, in force or past, on the brand's own calendar."""

    title = gettext_lazy("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        states = (DatedState.PLANNED, DatedState.IN_FORCE)
        return [*((each.value, each.label) for each in states), ("begun", _("begun before"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        begun = has_begun(now=request_time(request))
        match self.value():
            case DatedState.PLANNED:
                return queryset.exclude(begun)
            case DatedState.IN_FORCE:
                return queryset.filter(begun, is_current=True)
            case "begun":
                return queryset.filter(begun, is_current=False)
        return queryset


@admin.register(DatedBudget)
class DatedBudgetAdmin(HistoryAdmin, PreviewedAdmin, DeleteGuardAdmin, ImportExportAdmin):
    """Dated budgets; what has begun stays, but for its last day."""

    form = DatedBudgetForm
    resource_classes = (DatedBudgetResource,)
    actions = ("delete_selected",)
    list_display = ("of", "budget", "since", "until", "state")
    list_display_links = ("of",)
    list_select_related = ("brand", "campaign__brand")
    list_filter = (StateFilter, ("brand", PickFilter), ("campaign", PickFilter), "period")
    search_fields = ("brand__name", "campaign__name")
    search_help_text = gettext_lazy("Search by brand or campaign")
    ordering = ("-starts_on", "-id")
    autocomplete_fields = ("brand", "campaign")
    fieldsets = (
        (None, {"fields": (("brand", "campaign"), ("period", "amount"))}),
        (gettext_lazy("In the brand's local days"), {"fields": (("starts_on", "ends_on"),)}),
    )

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        form = super().get_form(request, obj, change=change, **kwargs)
        asked = {"user": request.user, "now": request_time(request)}
        return type(form)(form.__name__, (form,), asked)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Keep it of whom it is, and what has begun as it was."""
        if obj is None:
            return ()
        fixed = ("brand", "campaign", "period")
        return (*fixed, "amount", "starts_on") if self.has_begun(request, obj) else fixed

    def has_begun(self, request: HttpRequest, row: DatedBudget) -> bool:
        return row.starts_on <= row.brand.clock.day(request_time(request))

    def has_ended(self, request: HttpRequest, row: DatedBudget) -> bool:
        (line,) = lines([row], now=request_time(request))
        return line.state == DatedState.PAST

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        allowed = bool(super().has_change_permission(request, obj))
        if obj is None or not allowed:
            return allowed
        return may_set(request.user, obj.of) and not self.has_ended(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        allowed = bool(super().has_delete_permission(request, obj))
        return allowed and (obj is None or may_set(request.user, obj.of))

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Save what was filled in, if the person has seen what it does on its first day."""
        row, now, by = form.instance, request_time(request), request.user
        changed: dict[str, PlannedEdit] = {}
        if change:
            stored = DatedBudget.objects.get(pk=row.pk)
            changed = with_who_set_it(edits_of_form(form, stored), row, scope=scope_of(request))
        fields = changed if change else None

        def save() -> list[int]:
            # A copy: what is rolled back must not look saved.
            return edits.save([deepcopy(row)], by=by, now=now, update_fields=fields)

        outlook = outlook_of(row, save, now=now)
        saved = edits.save([row], by=by, now=now, clock=timezone.now, update_fields=fields)
        confirmation = Confirmation(
            of=str(row),
            save_words=_("Save the plan") if outlook.is_ahead else "",
            edits=list(changed.values()) if change else [new_amount(row)],
            effect=outlook.effect,
            campaigns=count_campaigns([row]),
            brand_ids=edits.concerned([row]),
            remarks=remarks_on(row, outlook),
        )
        if not confirmation.is_harmless:
            confirmation.require(request.POST)
        message_changes(request, saved)

    def load_page(self, rows: list[DatedBudget], *, now: datetime) -> None:
        for row, line in zip(rows, lines(rows, now=now), strict=True):
            row.line = line  # type: ignore[attr-defined]  # for the cells below

    @display(description=gettext_lazy("of"), ordering="brand__name")
    def of(self, row: DatedBudget) -> SafeString:
        if row.campaign is None:
            return name_cell(row.brand.name, _("all its campaigns together"))
        return name_cell(row.campaign.name, row.brand)

    @display(description=gettext_lazy("budget"), ordering="amount")
    def budget(self, row: Any) -> SafeString:
        return amount_cell(row.line)

    @display(description=gettext_lazy("from"), ordering="starts_on")
    def since(self, row: Any) -> str:
        return since_words(row.line)

    @display(description=gettext_lazy("to"), ordering="ends_on")
    def until(self, row: Any) -> str:
        return until_words(row.line)

    @display(description=gettext_lazy("state"))
    def state(self, row: Any) -> SafeString:
        return state_cell(row.line)

    def remarks_on(self, rows: list[DatedBudget]) -> tuple[str, ...]:
        """Say when the budgets of a file begin."""
        return beginnings(rows)

    def obstacles_of(self, rows: list[DatedBudget]) -> list[str]:
        begun = DatedBudget.objects.filter(pk__in=[row.pk for row in rows])
        begun = begun.filter(has_begun(now=timezone.now())).select_related("brand", "campaign")
        return [row.kept_because() for row in begun]
