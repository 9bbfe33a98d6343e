"""Brands: limits on the sum over their campaigns, their clock and currency."""

from datetime import datetime
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy
from unfold.admin import TabularInline
from unfold.contrib.filters.admin import AllValuesCheckboxFilter
from unfold.decorators import action, display
from unfold.enums import ActionVariant

from budgets.admin.base.admin import NeverChanged, request_time
from budgets.admin.base.filters import HeldFilter
from budgets.admin.base.forms import BrandForm, NewCampaignForm
from budgets.admin.base.lists import BoundedRows
from budgets.admin.base.scope import BrandScoped
from budgets.admin.brand_page import brand_context
from budgets.admin.confirm.bulk_budgets import BulkBudgetsAdmin
from budgets.admin.confirm.delete_guard import DeleteGuardAdmin, obstacles_of_brand
from budgets.admin.confirm.history import HistoryAdmin
from budgets.admin.confirm.move_zone import MoveZoneAdmin
from budgets.admin.confirm.preview import PreviewedAdmin
from budgets.admin.import_export.admin import ImportExportAdmin
from budgets.admin.import_export.resources import BrandResource
from budgets.admin.render.cells import (
    campaigns_cell,
    clock_cell,
    name_cell,
    plan_in_brief,
)
from budgets.admin.render.figure_columns import FigureColumns
from budgets.models import Brand, Campaign
from budgets.operations.holds import hold
from budgets.reports.figures import brand_figures_for
from budgets.reports.pace import paces_for
from budgets.reports.sorting import BRAND_KEYS, brands_to_sort


class NewCampaigns(NeverChanged, BoundedRows, BrandScoped, TabularInline):
    """Campaigns to add; those there are have pages of their own."""

    model = Campaign
    form = NewCampaignForm
    autocomplete_fields = ("schedule",)
    verbose_name = gettext_lazy("campaign")
    verbose_name_plural = gettext_lazy("Add campaigns")
    extra = 0

    def get_queryset(self, request: HttpRequest) -> QuerySet[Campaign]:
        return Campaign.objects.none()

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_add_permission(request, obj)  # type: ignore[no-any-return]  # untyped base


@admin.register(Brand)
class BrandAdmin(
    FigureColumns,
    HistoryAdmin,
    PreviewedAdmin,
    BulkBudgetsAdmin,
    MoveZoneAdmin,
    DeleteGuardAdmin,
    ImportExportAdmin,
):
    """Brands with what they spent today and this month."""

    form = BrandForm
    resource_classes = (BrandResource,)
    actions = (*BulkBudgetsAdmin.actions, "delete_selected")
    inlines = (NewCampaigns,)
    list_display = (
        "brand",
        "state",
        "today",
        "used_today",
        "this_month",
        "used_this_month",
        "plan",
        "local_time",
    )
    costly_sorts = frozenset(BRAND_KEYS)
    list_display_links = ("brand",)
    list_filter = (HeldFilter, ("currency", AllValuesCheckboxFilter))
    search_fields = ("name",)
    search_help_text = gettext_lazy("Search brands by name")
    ordering = ("name", "id")
    change_form_outer_before_template = "budgets/brand_top.html"
    fieldsets = (
        (None, {"fields": ("name", ("currency", "timezone"))}),
        (
            gettext_lazy("Budgets for all campaigns together"),
            {"fields": (("daily_budget", "monthly_budget"), ("rollover", "rollover_cap"))},
        ),
        (
            gettext_lazy("Dates on which all its campaigns have other hours"),
            {"fields": ("exceptions",)},
        ),
        (
            gettext_lazy("When the spend of a platform is not seen"),
            {"fields": ("silent_after_minutes", "pauses_when_silent")},
        ),
    )

    @action(
        description=gettext_lazy("Hold everything"),
        permissions=["change"],
        url_path="hold",
        icon="pause_circle",
        variant=ActionVariant.DANGER,
    )
    def hold_one(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self.confirm_one(request, object_id, hold)

    def load_page(self, rows: list[Brand], *, now: datetime) -> None:
        figures = brand_figures_for(rows, now=now)
        paces = paces_for(rows, figures, now=now)
        for row in rows:
            row.pace = paces[row.pk]  # type: ignore[attr-defined]  # for the cells below
            row.figures = figures[row.pk]  # type: ignore[attr-defined]  # for the cells below
            row.shown_at = now  # type: ignore[attr-defined]  # for the cells below

    @display(description=gettext_lazy("brand"), ordering="name")
    def brand(self, row: Any) -> SafeString:
        return name_cell(row.name, row.currency)

    def with_sort_keys(self, request: HttpRequest, rows: QuerySet[Brand]) -> QuerySet[Brand]:
        return brands_to_sort(rows, now=request_time(request))

    @display(description=gettext_lazy("campaigns"), ordering="running")
    def state(self, row: Any) -> SafeString:
        return campaigns_cell(row, row.figures)

    @display(description=gettext_lazy("month's plan"))
    def plan(self, row: Any) -> SafeString:
        return plan_in_brief(row.pace, row.currency)

    @display(description=gettext_lazy("local time"), ordering="timezone")
    def local_time(self, row: Any) -> SafeString:
        return clock_cell(row.clock, now=row.shown_at)

    def obstacles_of(self, rows: list[Brand]) -> list[str]:
        return [obstacle for row in rows for obstacle in obstacles_of_brand(row)]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("currency", "timezone") if obj and obj.has_spend() else ()

    def page_context(self, request: HttpRequest, row: Brand) -> dict[str, Any]:
        return brand_context(row, now=request_time(request))
