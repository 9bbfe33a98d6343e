"""The activity page: what people edited and the system changed, to filter and to export."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from budgets.access.scope import within
from budgets.admin.base.admin import ROWS_A_PAGE, request_time
from budgets.admin.base.autocomplete import BrandPicker, CampaignField
from budgets.admin.base.scope import scope_of
from budgets.admin.import_export.csv_stream import csv_lines
from budgets.admin.render.activity import COLUMNS, cells_of, line_of
from budgets.models import Brand, Campaign
from budgets.models.brand_scope import BrandScope
from budgets.reports.history.access import SEES_ACCESS
from budgets.reports.history.activity import OF_ACCESS, ActivityFilter, EventKind, activity
from budgets.reports.history.page_cursor import BadCursor, PageCursor
from budgets.rules.clock import DAY, clock_of

ROWS_A_READ = 500
MOST_EXPORTED = 10_000


class DayInput(UnfoldAdminTextInputWidget):
    """A day, picked in the browser's own calendar."""

    input_type = "date"


class ActivityForm(forms.Form):
    """What to list; all of it may be left empty."""

    brand = forms.ModelChoiceField(
        label=gettext_lazy("Brand"),
        queryset=Brand.objects.all(),
        required=False,
        widget=BrandPicker,
    )
    campaign = CampaignField(
        label=gettext_lazy("Campaign"),
        queryset=Campaign.objects.select_related("brand"),
        required=False,
    )
    person = forms.CharField(
        label=gettext_lazy("Person"),
        required=False,
        max_length=150,
        widget=UnfoldAdminTextInputWidget({"placeholder": gettext_lazy("user name")}),
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("What"),
        required=False,
        choices=[("", gettext_lazy("Everything")), *EventKind.choices],
        widget=UnfoldAdminSelectWidget,
    )
    since = forms.DateField(label=gettext_lazy("From"), required=False, widget=DayInput)
    until = forms.DateField(label=gettext_lazy("To"), required=False, widget=DayInput)

    def __init__(
        self, *args: Any, scope: BrandScope, sees_access: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.scope, self.sees_access = scope, sees_access
        if not sees_access:
            kinds: Any = self.fields["kind"]
            kinds.choices = [each for each in kinds.choices if each[0] not in OF_ACCESS]
        for name in ("brand", "campaign"):
            picked: Any = self.fields[name]
            picked.queryset = within(scope, picked.queryset)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        since, until = data.get("since"), data.get("until")
        if since and until and until < since:
            self.add_error("until", _("This day is before the first one."))
        return data

    @property
    def zone(self) -> str:
        """The zone of the days filtered by: that of the brand chosen, else UTC."""
        brand = self.cleaned_data.get("brand")
        campaign = self.cleaned_data.get("campaign")
        brand = brand or (campaign.brand if campaign else None)
        return brand.timezone if brand else "UTC"

    def filters(self) -> ActivityFilter:
        data = self.cleaned_data
        return ActivityFilter(
            scope=self.scope,
            brand_ids=[data["brand"].pk] if data["brand"] else None,
            campaign_id=data["campaign"].pk if data["campaign"] else None,
            person=data["person"].strip(),
            kind=data["kind"],
            since=self.start_of(data["since"]),
            until=self.start_of(data["until"] and data["until"] + DAY),
            sees_access=self.sees_access,
        )

    def start_of(self, day: date | None) -> datetime | None:
        """Return the first instant of a day in the form's zone."""
        return clock_of(self.zone).start_of(day) if day else None


def activity_page(request: HttpRequest) -> HttpResponse:
    form = form_of(request)
    try:
        cursor = PageCursor.read(request.GET.get("older", ""))
    except BadCursor:
        return redirect("activity")
    page = activity(form.filters(), cursor=cursor, limit=ROWS_A_PAGE) if form.is_valid() else None
    kept = request.GET.copy()
    kept.pop("older", None)
    context = {
        **admin.site.each_context(request),
        "title": _("Activity"),
        "form": form,
        "media": form.media,
        "lines": [line_of(event) for event in page.events] if page else [],
        "older": page.older if page else None,
        "is_first_page": not cursor.read_to,
        "is_filtered": any(kept.values()),
        "query": kept.urlencode(),
        "zone": form.zone if page else "UTC",
        "most_exported": f"{MOST_EXPORTED:,}",
    }
    return TemplateResponse(request, "budgets/activity.html", context)


def activity_csv(request: HttpRequest) -> HttpResponse | StreamingHttpResponse:
    """Send what the filters select as a file, bounded, a few hundred rows at a time."""
    form = form_of(request)
    if not form.is_valid():
        return activity_page(request)
    name = f"activity-{request_time(request):%Y-%m-%d}.csv"
    return StreamingHttpResponse(
        csv_lines([str(column) for column in COLUMNS], exported(form.filters())),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def exported(filters: ActivityFilter) -> Iterator[list[str]]:
    """Yield the cells of each event, newest first, up to the bound."""
    cursor, left = PageCursor(), MOST_EXPORTED
    while left:
        page = activity(filters, cursor=cursor, limit=min(left, ROWS_A_READ))
        yield from (cells_of(event) for event in page.events)
        left -= len(page.events)
        if page.older is None:
            return
        cursor = page.older


def form_of(request: HttpRequest) -> ActivityForm:
    """Return the form of the request, for those who may read brands and changes."""
    if not request.user.has_perms(("budgets.view_brand", "budgets.view_change")):
        raise PermissionDenied
    sees_access = request.user.has_perm(SEES_ACCESS)
    return ActivityForm(request.GET, scope=scope_of(request), sees_access=sees_access)
