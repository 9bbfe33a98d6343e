"""Spend: what each campaign spent on each day, to read; one amount more, to type in."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.models import ADDITION, LogEntry
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.contrib.filters.admin import RangeDateFilter
from unfold.decorators import display
from unfold.forms import AdminForm

from budgets.access.scope import within
from budgets.admin.base.admin import NeverChanged, message_changes, request_time
from budgets.admin.base.scope import PickFilter, scope_of
from budgets.admin.import_export.export_admin import ExportAdmin
from budgets.admin.import_export.tables import SpendResource
from budgets.admin.render.cells import name_cell
from budgets.admin.spend.file_import import SpendImport
from budgets.admin.spend.form import SpendForm
from budgets.models import Campaign, LedgerEntry, Spend
from budgets.operations.ingest.types import SpendEntry
from budgets.reports.words import day_in_words, local_time, money

ENTRIES_SHOWN = 200
CAMPAIGNS_SEARCHED = 500


@admin.register(Spend)
class SpendAdmin(NeverChanged, ExportAdmin, SpendImport):
    """Day totals; the add page records an entry, nothing else is written here."""

    list_display = ("local_day", "of_campaign", "spent")
    list_display_links = ("local_day",)
    list_select_related = ("campaign__brand",)
    list_filter = (
        ("day", RangeDateFilter),
        ("campaign__brand", PickFilter),
        ("campaign", PickFilter),
    )
    search_fields = ("campaign__name",)
    search_help_text = gettext_lazy("Search by campaign")
    ordering = ("-day", "campaign_id")
    costly_sorts = frozenset({"amount", "campaign__name"})
    resource_classes = (SpendResource,)
    fields = ("local_day", "of_campaign", "spent")
    readonly_fields = fields
    change_form_outer_after_template = "budgets/spend_entries.html"

    def get_search_results(
        self, request: HttpRequest, queryset: Any, search_term: str
    ) -> tuple[Any, bool]:
        if not search_term:
            return queryset, False
        # Found first and bounded: a search of all days by name would read them all.
        found = within(scope_of(request), Campaign.objects.called(search_term).order_by())
        ids = list(found.values_list("pk", flat=True)[:CAMPAIGNS_SEARCHED])
        return queryset.filter(campaign__in=ids), False

    @display(description=gettext_lazy("local day"), ordering="day")
    def local_day(self, row: Spend) -> str:
        return day_in_words(row.day)

    @display(description=gettext_lazy("campaign"), ordering="campaign__name")
    def of_campaign(self, row: Spend) -> SafeString:
        return name_cell(row.campaign.name, row.campaign.brand)

    @display(description=gettext_lazy("spent"), ordering="amount")
    def spent(self, row: Spend) -> str:
        return money(row.amount, row.campaign.brand.currency)

    def page_context(self, request: HttpRequest, row: Spend) -> dict[str, Any]:
        return {"entries": newest_entries(row)}

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        now = request_time(request)
        initial = {"campaign": request.GET.get("campaign")}
        form = SpendForm(request.POST or None, initial=initial, scope=scope_of(request))
        # Outside any transaction: an entry commits before its brand is decided.
        if request.method == "POST" and form.is_valid() and form.record(by=request.user, now=now):
            return self.recorded(request, form, form.entry(now=now))
        return self.show_form(request, form, form_url)

    def show_form(self, request: HttpRequest, form: SpendForm, form_url: str) -> HttpResponse:
        fields = (("campaign", "amount"), ("day", "time"), "note", "key")
        context = {
            **self.admin_site.each_context(request),
            "title": _("Type in spend"),
            "adminform": AdminForm(form, [(None, {"fields": fields})], {}, (), model_admin=self),
            "is_popup": False,
            "media": self.media + form.media,
            "inline_admin_formsets": [],
            "errors": form.errors,
            "show_delete": False,
            "show_save_and_continue": False,
        }
        response: HttpResponse = self.render_change_form(
            request, context, add=True, form_url=form_url
        )
        return response

    def recorded(self, request: HttpRequest, form: SpendForm, entry: SpendEntry) -> HttpResponse:
        campaign = form.cleaned_data["campaign"]
        amount = money(entry.amount, entry.currency)
        if form.receipt.duplicates:
            text = _("%(amount)s for “%(campaign)s” was recorded before and counts once.")
            messages.info(request, text % {"amount": amount, "campaign": campaign})
        else:
            log_entry(request.user, entry, [amount, form.cleaned_data["note"]], campaign)
            text = _("Recorded %(amount)s for “%(campaign)s”.")
            messages.success(request, text % {"amount": amount, "campaign": campaign})
        message_changes(request, [change.pk for change in form.receipt.changes])
        again = "_addanother" in request.POST
        target = reverse("admin:budgets_spend_add" if again else "admin:budgets_spend_changelist")
        return HttpResponseRedirect(f"{target}?campaign={campaign.pk}" if again else target)


def log_entry(by: Any, entry: SpendEntry, words: list[str], campaign: Campaign) -> None:
    """Write down who typed it in, on the day it belongs to."""
    day = campaign.brand.clock.day(entry.occurred_at)
    LogEntry.objects.log_actions(
        user_id=by.pk,
        queryset=[Spend.objects.get(campaign=campaign, day=day)],
        action_flag=ADDITION,
        change_message=" ".join(filter(None, words)),
    )


def newest_entries(row: Spend) -> list[dict[str, str]]:
    """Return the newest ledger entries of a day, as people read them."""
    clock, currency = row.campaign.brand.clock, row.campaign.brand.currency
    entries = LedgerEntry.objects.filter(campaign_id=row.campaign_id, day=row.day)
    return [
        {
            "at": local_time(entry.occurred_at, clock),
            "amount": money(entry.amount, currency),
            "source": entry.source,
            "key": entry.key,
            "recorded": local_time(entry.recorded_at, clock),
        }
        for entry in entries.order_by("-id")[:ENTRIES_SHOWN]
    ]
