"""The audit trail of people's edits: one record for each, in the edit's own transaction.

django-simple-history writes it at every save and deletion; the edit says who, why and by which
trigger. Ingest and checks write by SQL what no person edits: their audit trail is `Change`.
"""

from datetime import datetime
from typing import Any

from django.dispatch import receiver
from simple_history.signals import pre_create_historical_record

from budgets.models import Trigger
from budgets.models.change import Cause
from budgets.models.editable import Editable

ADDED, CHANGED, DELETED = "+", "~", "-"

UNRECORDED = "It was there before its history began."
UNSIGNED = Cause(trigger=Trigger.EDIT)
"""The cause of what is deleted past every edit, by a queryset."""


@receiver(pre_create_historical_record)
def sign_record(instance: Any, history_instance: Any, **_: Any) -> None:
    """Say on a record that is about to be written who made the edit, and why."""
    cause: Cause = getattr(instance, "_cause", UNSIGNED)
    history_instance.history_user_id = cause.by_id
    history_instance.history_change_reason = cause.note
    history_instance.trigger = cause.trigger
    if history_instance.history_type == CHANGED:
        read_stored_columns(history_instance)


def read_stored_columns(history_instance: Any) -> None:
    """Take every column from the row as it is now stored.

    A save of some columns leaves the others as somebody else may have written them since the row
    was read: the record must not say that this edit took that back.
    """
    names = [field.attname for field in history_instance.tracked_fields]
    rows = history_instance.instance_type._base_manager.filter(pk=history_instance.id)
    for name, value in rows.values(*names).get().items():
        setattr(history_instance, name, value)


def record_what_was(row: Editable, *, now: datetime, cause: Cause) -> None:
    """Record what a row looked like before its first edit, when it came in past every save."""
    model: Any = type(row)
    if model.history.filter(id=row.pk).exists():
        return
    stored = model._base_manager.filter(pk=row.pk).first()
    if stored is not None:
        added = Cause(trigger=cause.trigger, note=UNRECORDED)
        record(stored, ADDED, at=getattr(stored, "created_at", now), cause=added)


def record(row: Editable, kind: str, *, at: datetime, cause: Cause) -> None:
    records = type(row).history.model  # type: ignore[attr-defined]  # every editable model has one
    columns = {field.attname: getattr(row, field.attname) for field in records.tracked_fields}
    records.objects.create(
        history_type=kind,
        history_date=at,
        history_user_id=cause.by_id,
        history_change_reason=cause.note,
        trigger=cause.trigger,
        **columns,
    )
