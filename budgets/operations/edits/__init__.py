"""Edits by people: saved, recorded, previewed, undone, and decided in the same transaction."""

from budgets.operations.edits.operation import (
    Edit,
    concerned,
    decide_due,
    delete,
    editing,
    save,
)

__all__ = ["Edit", "concerned", "decide_due", "delete", "editing", "save"]
