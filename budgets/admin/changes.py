"""Changes: every pause and resume there ever was, to read and to filter."""

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesDropdownFilter
from unfold.decorators import display

from budgets.admin.base.admin import ReadOnly
from budgets.admin.base.scope import PersonFilter, PickFilter
from budgets.admin.import_export.export_admin import ExportAdmin
from budgets.admin.import_export.tables import ChangeResource
from budgets.admin.render.cells import name_cell, reasons_cell
from budgets.admin.render.words import figures_in_words
from budgets.models import Change
from budgets.reports.history.moves import called
from budgets.reports.words import local_time


@admin.register(Change)
class ChangeAdmin(ReadOnly, ExportAdmin):
    """Changes, newest first, with who or what caused them."""

    list_display = ("when", "campaign_and_brand", "went_from", "went_to", "cause")
    list_display_links = ("when",)
    list_select_related = ("campaign", "brand", "by")
    list_filter = (
        ("brand", PickFilter),
        ("campaign", PickFilter),
        ("trigger", ChoicesDropdownFilter),
        ("by", PersonFilter),
    )
    ordering = ("-id",)
    costly_sorts = frozenset({"campaign__name", "before", "after"})
    resource_classes = (ChangeResource,)
    fields = (*list_display, "decided_on")
    readonly_fields = fields

    @display(description=_("when"), ordering="id")
    def when(self, row: Change) -> str:
        return local_time(row.at, row.brand.clock)

    @display(description=_("campaign"), ordering="campaign__name")
    def campaign_and_brand(self, row: Change) -> SafeString:
        name = called(row.campaign, row.brand_id).name
        if row.campaign.brand_id != row.brand_id:
            return name_cell(name, row.brand.name)  # its page is another brand's now
        return format_html(
            '<a class="abm-name" dir="auto" href="{}">{}</a>'
            '<span class="abm-soft" dir="auto">{}</span>',
            reverse("admin:budgets_campaign_change", args=[row.campaign_id]),
            name,
            row.brand.name,
        )

    @display(description=_("before"), ordering="before")
    def went_from(self, row: Change) -> SafeString | str:
        return str(_("New")) if row.is_first else reasons_cell(row.reasons_before)

    @display(description=_("after"), ordering="after")
    def went_to(self, row: Change) -> SafeString:
        return reasons_cell(row.reasons_after)

    @display(description=_("because"))
    def cause(self, row: Change) -> SafeString:
        return format_html(
            '<div>{}{}</div><div class="abm-soft" dir="auto">{}</div>',
            row.get_trigger_display(),
            f" · {row.by.get_username()}" if row.by else "",
            row.note,
        )

    @display(description=_("decided on"))
    def decided_on(self, row: Change) -> SafeString:
        return format_html_join(
            "", "<div>{}</div>", ((figure,) for figure in figures_in_words(row))
        )
