"""Edits: how a row that a program sent is saved, and how it is put into words again."""

from collections.abc import Mapping
from typing import Any

from django.utils import timezone
from ninja import Schema

from budgets.api.fields import Input, Note
from budgets.api.http.idempotency import Created
from budgets.api.scope import note_of
from budgets.models import ApiKey
from budgets.models.editable import Editable
from budgets.operations import edits


class Words(Input):
    """What the history says about a hold or a release."""

    note: Note = ""


def add(row: Editable, *, key: ApiKey) -> None:
    """Save a new row, then read it as every later reader will."""
    edits.save([row], by=key.created_by, note=note_of(key), now=timezone.now())
    row.refresh_from_db()


def edit(row: Editable, changes: Mapping[str, Any], *, key: ApiKey) -> None:
    """Save the fields that were sent; the others keep what somebody else may just have written."""
    for field, value in changes.items():
        setattr(row, field, value)
    if changes:
        fields, note = list(changes), note_of(key)
        edits.save([row], by=key.created_by, note=note, now=timezone.now(), update_fields=fields)
    row.refresh_from_db()


def sent(patch: Input) -> dict[str, Any]:
    """Return the fields that were sent: one that is null is cleared, one left out is kept."""
    return patch.model_dump(exclude_unset=True)


def created(shown: Schema, location: str) -> Created:
    """Return the answer to a creating request."""
    return Created(body=shown.model_dump_json(), location=location)
