"""The history of one row: its newest edits, in words."""

from typing import Any

from budgets.access.scope import within
from budgets.models import Brand, Campaign, Schedule
from budgets.models.brand_scope import BrandScope
from budgets.reports.history.edits import EditInWords, in_words

EDITS_SHOWN = 100


def history_of(row: Brand | Campaign | Schedule, *, scope: BrandScope) -> list[EditInWords]:
    """Return the newest edits of the row, newest first; a constant number of queries."""
    records = within(scope, type(row).history.filter(id=row.pk))
    return in_words(list(loaded(records).order_by("-history_id")[:EDITS_SHOWN]), scope=scope)


def loaded(records: Any) -> Any:
    """Load with records the people who made them and, for campaigns, their brands."""
    related = ["history_user"]
    if records.model is Campaign.history.model:
        related.append("brand")
    return records.select_related(*related)
