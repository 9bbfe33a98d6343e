"""Edits of programs: signed by the key, saved, and read again as every later reader will."""

from collections.abc import Mapping
from typing import Any

from django.utils import timezone
from ninja import Schema

from budgets.api.fields import Input, Note
from budgets.api.http.idempotency import Created
from budgets.models import ApiKey
from budgets.models.editable import Editable
from budgets.operations import edits


class Words(Input):
    """What the history says about a hold or a release."""

    note: Note = ""


def signature(key: ApiKey, words: Words | None = None) -> dict[str, Any]:
    """Return who edits, when and why: the key's person, now, the key's name and its words.

    The house's key acts in nobody's name: who made it may have nothing to do with it any more.
    """
    note = f"API key “{key.name}”" + (f": {words.note}" if words and words.note else "")
    by = None if key.is_of_house else key.created_by
    return {"by": by, "now": timezone.now(), "clock": timezone.now, "note": note}


def add(row: Editable, *, key: ApiKey) -> None:
    edits.save([row], **signature(key))
    row.refresh_from_db()


def edit(row: Editable, changes: Mapping[str, Any], *, key: ApiKey) -> None:
    """Save the fields that were sent; the others keep what somebody else may just have written."""
    for field, value in changes.items():
        setattr(row, field, value)
    if changes:
        edits.save([row], update_fields=list(changes), **signature(key))
    row.refresh_from_db()


def sent(patch: Input) -> dict[str, Any]:
    """Return the fields that were sent: one that is null is cleared, one left out is kept."""
    return patch.model_dump(exclude_unset=True)


def created(shown: Schema, location: str) -> Created:
    """Return the answer to a creating request."""
    return Created(body=shown.model_dump_json(), location=location)
