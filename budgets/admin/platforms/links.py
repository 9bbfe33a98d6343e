"""Linked campaigns: which campaign of a platform is which of ours, and what it was told."""

from datetime import datetime
from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from unfold.contrib.filters.admin import RadioFilter
from unfold.decorators import action, display

from budgets.admin.base.admin import BaseAdmin, request_time
from budgets.admin.base.edit_form import EditForm
from budgets.admin.base.scope import PickFilter
from budgets.admin.platforms.link_words import link_in_words, status_of_link
from budgets.admin.platforms.titles import account_title
from budgets.admin.render.cells import chip_cell, name_cell
from budgets.models import LinkedCampaign
from budgets.operations.platforms.links import link, try_again


class LinkForm(EditForm):
    class Meta:
        model = LinkedCampaign
        fields = ("campaign", "account", "external_id")


class ConfirmedFilter(RadioFilter):
    """Whether the platform is known to have what was decided."""

    title = gettext_lazy("confirmed")
    parameter_name = "confirmed"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("no", gettext_lazy("Not yet confirmed")), ("refused", gettext_lazy("Refused"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        match self.value():
            case "no":
                return queryset.unconfirmed()
            case "refused":
                return queryset.filter(is_given_up=True)
        return queryset


@admin.register(LinkedCampaign)
class LinkedCampaignAdmin(BaseAdmin):
    """Links are made and unlinked; what is told follows from the campaign alone."""

    form = LinkForm
    list_display = ("ours", "theirs", "state", "told")
    list_select_related = ("campaign__brand", "account__brand", "budget")
    list_filter = (ConfirmedFilter, ("account", PickFilter), ("campaign", PickFilter))
    search_fields = ("campaign__name", "external_id", "account__name", "account__external_id")
    autocomplete_fields = ("campaign", "account")
    actions = ("again",)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Leave a link as it is: to correct one, unlink it and link the right one."""
        return obj is None and bool(super().has_change_permission(request, obj))

    def save_model(
        self, request: HttpRequest, obj: LinkedCampaign, form: Any, change: bool
    ) -> None:
        link(obj, now=request_time(request))

    def delete_queryset(self, request: HttpRequest, queryset: Any) -> None:
        """Unlink: on the platform the campaign stays as it is."""
        for row in queryset:
            row.delete()

    @action(description=gettext_lazy("Try again now"), permissions=["change"])
    def again(self, request: HttpRequest, queryset: QuerySet[LinkedCampaign]) -> None:
        ids = list(queryset.values_list("pk", flat=True))
        tried = try_again(LinkedCampaign.objects.filter(pk__in=ids))
        text = ngettext("%(n)s order is sent again.", "%(n)s orders are sent again.", tried)
        if tried:
            messages.success(request, text % {"n": tried})
        elif ids:
            messages.info(request, _("All of them are confirmed; nothing is to be sent."))

    def load_page(self, rows: list[LinkedCampaign], *, now: datetime) -> None:
        for row in rows:
            row.shown_at = now  # type: ignore[attr-defined]  # for the cells below

    @display(description=gettext_lazy("campaign"), ordering="campaign__name")
    def ours(self, row: LinkedCampaign) -> SafeString:
        return name_cell(row.campaign.name, row.campaign.brand)

    @display(description=gettext_lazy("at the platform"))
    def theirs(self, row: LinkedCampaign) -> SafeString:
        return name_cell(row.external_id, account_title(row.account))

    @display(description=gettext_lazy("state"))
    def state(self, row: LinkedCampaign) -> SafeString:
        return chip_cell(*status_of_link(row))

    @display(description=gettext_lazy("told"))
    def told(self, row: Any) -> SafeString:
        words = link_in_words(row, clock=row.campaign.brand.clock, now=row.shown_at)
        more = " ".join(filter(None, (words["error"], words["budget"])))
        return format_html('{} <span class="abm-soft">{}</span>', words["words"], more)
