"""Campaign matches: what people said of campaigns that reports call otherwise than we do."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from budgets.admin.base.admin import BaseAdmin
from budgets.admin.base.scope import PickFilter
from budgets.admin.render.cells import name_cell
from budgets.models import CampaignMatch
from budgets.operations.spend_file.campaigns.matching import forget_matches
from budgets.reports.words import local_time


@admin.register(CampaignMatch)
class CampaignMatchAdmin(BaseAdmin):
    """Matches to read; one that was wrong is deleted, and made anew with the next file."""

    list_display = ("in_reports", "source", "means", "by", "when")
    list_select_related = ("brand", "campaign", "by")
    list_filter = (("brand", PickFilter), ("campaign", PickFilter))
    search_fields = ("identifier", "name", "campaign__name")
    fields = ("brand", "source", "identifier", "name", "means", "by", "when")
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> Any:
        """Leave out those whose campaign is of another brand by now, which one may not know."""
        rows: Any = super().get_queryset(request)
        return rows.in_force()

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @display(description=_("in reports"), ordering="name")
    def in_reports(self, row: CampaignMatch) -> SafeString:
        return name_cell(row.name or row.identifier, "" if row.is_name else row.identifier)

    @display(description=_("means"), ordering="campaign__name")
    def means(self, row: CampaignMatch) -> SafeString:
        return name_cell(str(row.campaign or _("Left out")), row.brand)

    @display(description=_("when"), ordering="at")
    def when(self, row: CampaignMatch) -> str:
        return local_time(row.at, row.brand.clock)

    def delete_queryset(self, request: HttpRequest, queryset: Any) -> None:
        by: Any = request.user
        forget_matches(queryset, by=by)

    def log_deletions(self, request: HttpRequest, queryset: Any) -> None:
        """Leave it to the operation, which writes down what the matches were."""
