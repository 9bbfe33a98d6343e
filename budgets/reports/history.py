"""The history of one row: its newest edits, in words."""

from typing import Any

from budgets.models import Brand, Campaign, Schedule
from budgets.models.reach import Reach
from budgets.reports.edits import EditInWords, in_words
from budgets.reports.reach import within

EDITS_SHOWN = 100


def history_of(row: Brand | Campaign | Schedule, *, reach: Reach) -> list[EditInWords]:
    """Return the newest edits of the row, newest first; a constant number of queries."""
    records = within(reach, type(row).history.filter(id=row.pk))
    return in_words(list(loaded(records).order_by("-history_id")[:EDITS_SHOWN]), reach=reach)


def loaded(records: Any) -> Any:
    """Load with records the people who made them and, for campaigns, their brands."""
    related = ["history_user"]
    if records.model is Campaign.history.model:
        related.append("brand")
    return records.select_related(*related)
