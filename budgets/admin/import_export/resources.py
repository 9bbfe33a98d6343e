"""What a file of brands, schedules or campaigns holds, and how its rows become edits.

A row with an id edits that row, one without makes a new one; a campaign may also be named by its
brand and external ID. Columns that are not in the file are left alone, columns that only
operations write are not in it at all.
"""

from collections.abc import Iterator
from itertools import islice
from typing import Any

from django.utils.translation import gettext_lazy
from import_export.fields import Field

from budgets.admin.import_export.columns import (
    AmountColumn,
    DayColumn,
    IdColumn,
    RowColumn,
    TextColumn,
)
from budgets.admin.import_export.edit_resource import EditResource
from budgets.admin.import_export.lines import Names, names_of
from budgets.admin.import_export.tables import shown
from budgets.cells.refusal import UnreadableCell
from budgets.models import Brand, Campaign, Schedule
from budgets.reports.figures import figures_for
from budgets.reports.words import reasons_in_words
from budgets.rules.rollover import Rollover


def column(name: str, widget: Any, **options: Any) -> Field:
    """Return a column that is named like what it holds."""
    return Field(attribute=name, column_name=name, widget=widget, **options)


class BrandResource(EditResource):
    """Brands with their budgets."""

    id = column("id", IdColumn(), readonly=True)
    name = column("name", TextColumn())
    currency = column("currency", TextColumn())
    timezone = column("timezone", TextColumn())
    daily_budget = column("daily_budget", AmountColumn())
    monthly_budget = column("monthly_budget", AmountColumn())
    rollover = column("rollover", TextColumn())
    rollover_cap = column("rollover_cap", AmountColumn())
    exceptions = column("exceptions", TextColumn())

    class Meta(EditResource.Meta):
        model = Brand
        fields = (
            "id",
            "name",
            "currency",
            "timezone",
            "daily_budget",
            "monthly_budget",
            "rollover",
            "rollover_cap",
            "exceptions",
        )
        name = gettext_lazy("Brands and their budgets")

    def currency_of(self, instance: Brand) -> str:
        return instance.currency

    def import_instance(self, instance: Any, row: Any, **kwargs: Any) -> None:
        super().import_instance(instance, row, **kwargs)
        instance.rollover = instance.rollover or Rollover.NONE.value


class ScheduleResource(EditResource):
    """Schedules with their hours as text."""

    id = column("id", IdColumn(), readonly=True)
    name = column("name", TextColumn())
    hours = column("hours", TextColumn())
    exceptions = column("exceptions", TextColumn())

    class Meta(EditResource.Meta):
        model = Schedule
        fields = ("id", "name", "hours", "exceptions")
        name = gettext_lazy("Schedules")


class CampaignResource(EditResource):
    """Campaigns with their budgets, schedule and flight."""

    id = column("id", IdColumn(), readonly=True)
    brand = column("brand", RowColumn(gettext_lazy("brand")))
    external_id = column("external_id", IdColumn())
    name = column("name", TextColumn())
    currency = Field(attribute="brand__currency", column_name="currency", readonly=True)
    daily_budget = column("daily_budget", AmountColumn())
    monthly_budget = column("monthly_budget", AmountColumn())
    schedule = column("schedule", RowColumn(gettext_lazy("schedule")))
    starts_on = column("starts_on", DayColumn())
    ends_on = column("ends_on", DayColumn())
    status = shown("status_now", "status", TextColumn())
    reasons = Field(column_name="reasons_now", widget=TextColumn(), readonly=True)
    spent_today = shown("spent_today", "figures__today__spent", AmountColumn())
    spent_this_month = shown("spent_this_month", "figures__month__spent", AmountColumn())

    # So called that nobody thinks to set them: a file with “status” is refused.
    shown_only = ("status_now", "reasons_now", "spent_today", "spent_this_month")

    class Meta(EditResource.Meta):
        model = Campaign
        fields = (
            "id",
            "brand",
            "external_id",
            "name",
            "currency",
            "daily_budget",
            "monthly_budget",
            "schedule",
            "starts_on",
            "ends_on",
            "status",
            "reasons",
            "spent_today",
            "spent_this_month",
        )
        name = gettext_lazy("Campaigns and their budgets")

    def iter_queryset(self, queryset: Any) -> Iterator[Campaign]:
        """Load the figures of the rows, many at once."""
        rows = super().iter_queryset(queryset)
        while some := list(islice(rows, self.get_chunk_size())):
            figures = figures_for(some, now=self.now) if self.now else {}
            for row in some:
                row.figures = figures.get(row.pk)  # for the columns
            yield from some

    def dehydrate_reasons(self, row: Campaign) -> str:
        return "; ".join(reasons_in_words(row.pause_reasons))

    def currency_of(self, instance: Campaign) -> str:
        return instance.brand.currency if instance.brand_id else ""

    def find(self, row: Any) -> Any:
        """Return the campaign by its id, else by its brand and external ID."""
        found = super().find(row)
        external_id = self.reference_in(row)
        brand = None if found else self.brand_named(row)
        if brand is None or not external_id:
            return found
        return self.batch.rows.filter(brand=brand, external_id=external_id).first()

    def names_of(self, row: Any, target: Any) -> Names:
        brand_id = getattr(self.brand_named(row), "pk", None) or getattr(target, "brand_id", None)
        return names_of(row, target, brand_id=brand_id, external_id=self.reference_in(row))

    def reference_in(self, row: Any) -> str:
        """Return the external ID of a line, empty where there is none to be read."""
        try:
            return IdColumn().clean(row.get("external_id"))
        except UnreadableCell:
            return ""

    def import_instance(self, instance: Any, row: Any, **kwargs: Any) -> None:
        super().import_instance(instance, row, **kwargs)
        instance.external_id = instance.external_id or None
        self.refuse_other_currency(instance, row)
