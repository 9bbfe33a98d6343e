"""Statements: the closed figures of days and months, to read."""

from typing import Any

from babel.dates import format_date
from django.contrib import admin
from django.db.models import F, QuerySet, Value
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RangeDateFilter
from unfold.decorators import display

from budgets.admin.base.admin import ReadOnly
from budgets.admin.base.scope import PickFilter
from budgets.admin.import_export.export_admin import ExportAdmin
from budgets.admin.import_export.tables import StatementResource
from budgets.admin.render.cells import name_cell
from budgets.models import Statement
from budgets.models.fields import MoneyField
from budgets.reports.history.moves import called
from budgets.reports.minutes import minutes_of
from budgets.reports.words import (
    REASON_WORDS,
    day_in_words,
    duration,
    local_time,
    locale,
    money,
)


class WholeBrandFilter(admin.SimpleListFilter):
    """Brands, or their campaigns: a sum and its parts are not read in one list."""

    title = gettext_lazy("subject")
    parameter_name = "about"

    def lookups(self, request: Any, model_admin: Any) -> list[tuple[str, str]]:
        return [("brands", _("whole brands")), ("campaigns", _("campaigns"))]

    def queryset(self, request: Any, queryset: Any) -> Any:
        if self.value() is None:
            return queryset
        return queryset.filter(campaign__isnull=self.value() == "brands")


@admin.register(Statement)
class StatementAdmin(ReadOnly, ExportAdmin):
    """Statements, newest first; one that was restated shows both figures."""

    list_display = ("period_closed", "about", "in_force", "spent_in_all", "over_or_under")
    list_display_links = ("period_closed",)
    list_select_related = ("brand", "campaign")
    list_filter = (
        WholeBrandFilter,
        ("period", ChoicesDropdownFilter),
        ("starts_on", RangeDateFilter),
        ("brand", PickFilter),
        ("campaign", PickFilter),
    )
    ordering = ("-starts_on", "-id")
    costly_sorts = frozenset({"brand__name", "budget", "spent", "over_by"})
    resource_classes = (StatementResource,)
    fields = (*list_display, "closed", "minutes")
    readonly_fields = fields

    @display(description=gettext_lazy("period"), ordering="starts_on")
    def period_closed(self, row: Statement) -> str:
        if row.period == "month":
            return format_date(row.starts_on, "MMMM y", locale=locale())
        return day_in_words(row.starts_on)

    def with_sort_keys(self, request: HttpRequest, rows: QuerySet[Statement]) -> Any:
        carried = Coalesce(F("carried"), Value(0, output_field=MoneyField()))
        return rows.alias(over_by=F("spent") - F("budget") - carried)

    @display(description=gettext_lazy("of"), ordering="brand__name")
    def about(self, row: Statement) -> SafeString:
        if row.campaign is None:
            return format_html('<span class="abm-name" dir="auto">{}</span>', row.brand.name)
        return name_cell(called(row.campaign, row.brand_id).name, row.brand.name)

    @display(description=gettext_lazy("budget in force"), ordering="budget")
    def in_force(self, row: Statement) -> SafeString:
        budget = money(row.budget, row.currency)
        if not row.carried:
            return format_html("{}", budget)
        words = _("+ %(amount)s carried over") if row.carried > 0 else _("− %(amount)s overspent")
        carried = words % {"amount": money(abs(row.carried), row.currency)}
        return format_html('{}<br><span class="abm-soft">{}</span>', budget, carried)

    @display(description=gettext_lazy("spent"), ordering="spent")
    def spent_in_all(self, row: Statement) -> SafeString:
        spent = money(row.spent, row.currency)
        if not row.is_restated:
            return format_html("{}", spent)
        at_close = _("restated; %(amount)s at close") % {
            "amount": money(row.spent_at_close, row.currency)
        }
        return format_html('{}<br><span class="abm-soft">{}</span>', spent, at_close)

    @display(description=gettext_lazy("difference"), ordering="over_by")
    def over_or_under(self, row: Statement) -> str:
        if row.difference is None:
            return "–"
        if row.difference == 0:
            return _("exactly the budget")
        words = _("%(amount)s over") if row.difference > 0 else _("%(amount)s under")
        return words % {"amount": money(abs(row.difference), row.currency)}

    @display(description=gettext_lazy("closed"))
    def closed(self, row: Statement) -> str:
        closed = local_time(row.closed_at, row.brand.clock)
        if row.restated_at is None:
            return closed
        again = {"at": local_time(row.restated_at, row.brand.clock)}
        return f"{closed}; " + _("restated %(at)s") % again

    @display(description=gettext_lazy("time"))
    def minutes(self, row: Statement) -> SafeString | str:
        minutes = minutes_of(row)
        if minutes is None:
            return _("Each campaign's own statement has them.")
        lines = [(_("running"), minutes.running), (_("paused"), minutes.paused)]
        lines += [(str(REASON_WORDS[reason]), n) for reason, n in minutes.paused_by.items()]
        timed = ((name, duration(n)) for name, n in lines)
        return format_html_join("", "<div>{}: {}</div>", timed)
