"""Undo: what one edit changed is put back to what it was, as an edit of its own."""

from collections.abc import Collection
from typing import Any

from budgets.models import Brand, Campaign, Schedule


class ChangedSince(Exception):
    """Somebody changed again what the edit had changed; `labels` names those fields."""

    def __init__(self, labels: Collection[str]) -> None:
        super().__init__(labels)
        self.labels = list(labels)


def fields_changed(record: Any, previous: Any) -> list[Any]:
    """Return the fields in which a record of the history differs from the one before."""
    return [
        field
        for field in record.tracked_fields
        if getattr(record, field.attname) != getattr(previous, field.attname)
    ]


def undone(record: Any, previous: Any) -> Brand | Campaign | Schedule:
    """Return the row as it is stored, but for what the edit changed; nothing is written.

    `record` is the edit in the history, `previous` the record before it. Raises `ChangedSince`
    when a field is no longer what the edit had made of it.
    """
    row: Brand | Campaign | Schedule = record.instance_type._base_manager.get(pk=record.id)
    fields = fields_changed(record, previous)
    moved = [f for f in fields if getattr(row, f.attname) != getattr(record, f.attname)]
    if moved:
        raise ChangedSince([str(field.verbose_name) for field in moved])
    for field in fields:
        setattr(row, field.attname, getattr(previous, field.attname))
    return row
