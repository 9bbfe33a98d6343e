"""Campaigns: what runs, what is paused, why, and what is left to spend."""

from datetime import datetime
from typing import Any

from django.contrib import admin
from django.http import HttpRequest, JsonResponse
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from budgets.admin.base.admin import request_time
from budgets.admin.base.autocomplete import pick_campaigns
from budgets.admin.base.filters import (
    FlightFilter,
    HeldFilter,
    MainReasonFilter,
    ReasonFilter,
    StatusFilter,
)
from budgets.admin.base.forms import CampaignForm
from budgets.admin.base.scope import PickFilter
from budgets.admin.campaign_page import campaign_context
from budgets.admin.confirm.bulk_budgets import BulkBudgetsAdmin
from budgets.admin.confirm.delete_guard import DeleteGuardAdmin, kept
from budgets.admin.confirm.history import HistoryAdmin
from budgets.admin.confirm.preview import PreviewedAdmin
from budgets.admin.import_export.admin import ImportExportAdmin
from budgets.admin.import_export.resources import CampaignResource
from budgets.admin.platforms.link_words import links_cell
from budgets.admin.render.cells import (
    clock_cell,
    name_cell,
    plan_in_brief,
    status_cell,
)
from budgets.admin.render.figure_columns import FigureColumns
from budgets.models import Campaign
from budgets.reports.figures import figures_for
from budgets.reports.pace import paces_for
from budgets.reports.platforms import links_of
from budgets.reports.sorting import CAMPAIGN_KEYS, campaigns_to_sort


@admin.register(Campaign)
class CampaignAdmin(
    FigureColumns,
    HistoryAdmin,
    PreviewedAdmin,
    BulkBudgetsAdmin,
    DeleteGuardAdmin,
    ImportExportAdmin,
):
    """Campaigns with their status, reasons and what they spent of their budgets."""

    form = CampaignForm
    resource_classes = (CampaignResource,)
    actions = (*BulkBudgetsAdmin.actions, "delete_selected")
    list_display = (
        "campaign",
        "state",
        "there",
        "today",
        "used_today",
        "this_month",
        "used_this_month",
        "plan",
        "local_time",
    )
    costly_sorts = frozenset({*CAMPAIGN_KEYS, "name", "reasons"})
    list_display_links = ("campaign",)
    list_select_related = ("brand",)
    list_filter = (
        StatusFilter,
        ReasonFilter,
        MainReasonFilter,
        ("brand", PickFilter),
        ("schedule", PickFilter),
        FlightFilter,
        HeldFilter,
    )
    search_fields = ("name", "external_id", "brand__name")
    search_help_text = _("Search by campaign, brand or external ID")
    ordering = ("-id",)
    autocomplete_fields = ("brand", "schedule")
    change_form_outer_before_template = "budgets/campaign_top.html"
    change_form_outer_after_template = "budgets/campaign_changes.html"
    fieldsets = (
        (None, {"fields": (("brand", "name"), ("schedule", "external_id"))}),
        (_("Budgets in the brand's currency"), {"fields": (("daily_budget", "monthly_budget"),)}),
        (_("Flight in the brand's local days"), {"fields": (("starts_on", "ends_on"),)}),
    )

    def get_search_results(
        self, request: HttpRequest, queryset: Any, search_term: str
    ) -> tuple[Any, bool]:
        return queryset.called(search_term), False

    def get_custom_urls(self) -> tuple[tuple[str, str, Any], ...]:
        return (("pick/", "budgets_campaign_pick", self.pick),)

    def pick(self, request: HttpRequest, **_kwargs: Any) -> JsonResponse:
        return pick_campaigns(request, self)

    def load_page(self, rows: list[Campaign], *, now: datetime) -> None:
        figures = figures_for(rows, now=now)
        paces = paces_for(rows, figures, now=now)
        links = links_of(row.pk for row in rows)
        for row in rows:
            row.linked = links[row.pk]  # type: ignore[attr-defined]  # for the cells below
            row.pace = paces[row.pk]  # type: ignore[attr-defined]  # for the cells below
            row.figures = figures[row.pk]  # type: ignore[attr-defined]  # for the cells below
            row.shown_at = now  # type: ignore[attr-defined]  # for the cells below

    @display(description=_("campaign"), ordering="name")
    def campaign(self, row: Any) -> SafeString:
        return name_cell(row.name, row.brand)

    def with_sort_keys(self, request: HttpRequest, rows: Any) -> Any:
        return campaigns_to_sort(rows, now=request_time(request))

    @display(description=_("status"), ordering="reasons")
    def state(self, row: Any) -> SafeString:
        return status_cell(row)

    @display(description=_("at its platforms"))
    def there(self, row: Any) -> SafeString | str:
        return links_cell(row.linked)

    @display(description=_("month's plan"))
    def plan(self, row: Any) -> SafeString:
        return plan_in_brief(row.pace, row.brand.currency)

    @display(description=_("local time"))
    def local_time(self, row: Any) -> SafeString:
        return clock_cell(row.brand.clock, now=row.shown_at)

    def get_export_queryset(self, request: HttpRequest) -> Any:
        return super().get_export_queryset(request).select_related("schedule")

    def obstacles_of(self, rows: list[Campaign]) -> list[str]:
        return kept(rows)

    def page_context(self, request: HttpRequest, row: Campaign) -> dict[str, Any]:
        return campaign_context(row, now=request_time(request))
