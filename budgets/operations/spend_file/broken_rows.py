"""Rows that cannot be read: of which campaigns they may be, whose totals would lack them."""

from budgets.operations.spend_file.campaigns.lookup import CampaignLookup
from budgets.operations.spend_file.campaigns.reference import Reference
from budgets.operations.spend_file.file_rows import Spoiled
from budgets.operations.spend_file.layout import Layout
from budgets.sheets.records import Record, text_of

FARTHEST = 3
"""So many columns may a stray delimiter, or a lost one, have shifted the cells of a row."""


def references_of(record: Record, layout: Layout) -> list[Reference]:
    """Return how a row may name its campaign, wherever its cells were shifted to."""
    surplus = len(record.fields) - len(layout.header)
    shifts = range(max(min(surplus, 0), -FARTHEST), min(max(surplus, 0), FARTHEST) + 1)
    return [
        Reference(*(cell(column, record, layout, shift) for column in Reference._fields))
        for shift in shifts
    ]


def cell(column: str, record: Record, layout: Layout, shift: int) -> str:
    at = layout.columns.get(column, -FARTHEST - 1) + shift
    return text_of(record.fields[at]) if 0 <= at < len(record.fields) else ""


def spoiled_by(
    record: Record, references: list[Reference], campaigns: CampaignLookup
) -> list[Spoiled]:
    """Return the totals of which the row may be a part: of any day, for its own may be shifted."""
    found = {pk for reference in references for pk in campaigns.may_mean(reference)}
    return [Spoiled(pk, None, record.line) for pk in sorted(found)]
