"""Lists that are read and never imported, as files: the columns are those of the list."""

from datetime import UTC, datetime
from typing import Any

from import_export.fields import Field
from import_export.resources import ModelResource
from import_export.widgets import Widget

from budgets.admin.import_export.columns import AmountColumn, DayColumn, TextColumn
from budgets.cells.formulas import kept_as_text
from budgets.models import Change, Spend, Statement
from budgets.reports.history.moves import called
from budgets.reports.words import status_in_words
from budgets.rules.reasons import PauseReason


class InstantColumn(Widget):
    """An instant in UTC, to the second, the same in every program."""

    def render(self, value: datetime | None, obj: Any = None, **kwargs: Any) -> str:
        return "" if value is None else value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


class ReasonsColumn(Widget):
    """Reasons to pause in words; none is running."""

    def render(self, value: PauseReason, obj: Any = None, **kwargs: Any) -> str:
        return status_in_words(value)


def shown(name: str, path: str, widget: Widget) -> Field:
    """Return a column that no import reads."""
    return Field(attribute=path, column_name=name, widget=widget, readonly=True)


class TableResource(ModelResource):
    """Rows that only go out."""

    def __init__(self, *, now: datetime, **kwargs: Any) -> None:
        super().__init__(**kwargs)


class PastResource(TableResource):
    """What campaigns did for the brand they had then, under the name they had there."""

    def dehydrate_campaign(self, row: Change | Statement) -> str:
        return kept_as_text(called(row.campaign, row.brand_id).name) if row.campaign else ""


class SpendResource(TableResource):
    """What campaigns spent, a row a campaign and local day."""

    day = shown("day", "day", DayColumn())
    brand = shown("brand", "campaign__brand__name", TextColumn())
    campaign = shown("campaign", "campaign__name", TextColumn())
    currency = shown("currency", "campaign__brand__currency", TextColumn())
    amount = shown("spent", "amount", AmountColumn())

    class Meta:
        model = Spend
        fields = ("day", "brand", "campaign", "currency", "amount")


class StatementResource(PastResource):
    """Closed days and months; `campaign` is empty for a whole brand."""

    period = shown("period", "period", TextColumn())
    starts_on = shown("first_day", "starts_on", DayColumn())
    brand = shown("brand", "brand__name", TextColumn())
    campaign = shown("campaign", "campaign", TextColumn())
    currency = shown("currency", "currency", TextColumn())
    budget = shown("budget_in_force", "budget", AmountColumn())
    carried = shown("carried_over", "carried", AmountColumn())
    spent = shown("spent", "spent", AmountColumn())
    spent_at_close = shown("spent_at_close", "spent_at_close", AmountColumn())
    difference = shown("difference", "difference", AmountColumn())
    restated_at = shown("restated_at", "restated_at", InstantColumn())

    class Meta:
        model = Statement
        fields = (
            "period",
            "starts_on",
            "brand",
            "campaign",
            "currency",
            "budget",
            "carried",
            "spent",
            "spent_at_close",
            "difference",
            "restated_at",
        )


class ChangeResource(PastResource):
    """Pauses and resumes, each with what caused it."""

    at = shown("at", "at", InstantColumn())
    brand = shown("brand", "brand__name", TextColumn())
    campaign = shown("campaign", "campaign", TextColumn())
    before = shown("before", "reasons_before", ReasonsColumn())
    after = shown("after", "reasons_after", ReasonsColumn())
    trigger = shown("because", "get_trigger_display", TextColumn())
    by = shown("person", "by__username", TextColumn())
    note = shown("note", "note", TextColumn())

    class Meta:
        model = Change
        fields = ("at", "brand", "campaign", "before", "after", "trigger", "by", "note")
