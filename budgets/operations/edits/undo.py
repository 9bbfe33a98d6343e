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


def fields_moved(record: Any, previous: Any, row: Any) -> list[Any]:
    """Return the fields that the edit changed and in which the row is something else by now."""
    return [
        field
        for field in fields_changed(record, previous)
        if getattr(row, field.attname) != getattr(record, field.attname)
    ]


def stands(record: Any, previous: Any, row: Any) -> bool:
    """Say whether the row still holds all that the edit made of it; what else came is no matter."""
    is_edit = bool(fields_changed(record, previous))
    return is_edit and not fields_moved(record, previous, row)


def undone(record: Any, previous: Any) -> Brand | Campaign | Schedule:
    """Return the row as it is stored, but for what the edit changed; nothing is written.

    `record` is the edit in the history, `previous` the record before it. Raises `ChangedSince`
    when a field is no longer what the edit had made of it.
    """
    row: Brand | Campaign | Schedule = record.instance_type._base_manager.get(pk=record.id)
    moved = fields_moved(record, previous, row)
    if moved:
        raise ChangedSince([str(field.verbose_name) for field in moved])
    for field in fields_changed(record, previous):
        setattr(row, field.attname, getattr(previous, field.attname))
    return row
