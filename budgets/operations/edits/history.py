"""The record of people's edits: one row of history for each, in the edit's own transaction.

django-simple-history writes it at every save and deletion; who, why and by which act come from the
door's `Cause`, so that the admin, the API and the shell are recorded alike. Ingest and checks write
by SQL what no person edits, and leave no record here: their history is `Change`.
"""

from datetime import datetime
from typing import Any

from django.db.models.signals import pre_save
from django.dispatch import receiver
from django.utils import timezone
from simple_history.signals import pre_create_historical_record

from budgets.models import Brand, Campaign, Schedule
from budgets.operations.cause import Cause, cause_of_edit

ADDED, CHANGED, DELETED = "+", "~", "-"

UNRECORDED = "It was there before its history began."


@receiver(pre_create_historical_record)
def tell_cause(history_instance: Any, **_: Any) -> None:
    """Say on a record that is about to be written who made the edit, and why."""
    cause = cause_of_edit()
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


@receiver(pre_save, sender=Brand)
@receiver(pre_save, sender=Campaign)
@receiver(pre_save, sender=Schedule)
def record_before_first_edit(instance: Any, raw: bool = False, **_: Any) -> None:
    """Record what a row looked like before its first edit, when it came in past every save."""
    if not raw and not instance._state.adding:
        record_what_was(instance, now=timezone.now())


def record_what_was(row: Brand | Campaign | Schedule, *, now: datetime) -> None:
    """Record the row as it is stored, unless its history has begun."""
    model = type(row)
    if model.history.filter(id=row.pk).exists():
        return
    stored = model._base_manager.filter(pk=row.pk).first()
    if stored is not None:
        born = getattr(stored, "created_at", now)
        cause = Cause(trigger=cause_of_edit().trigger, note=UNRECORDED)
        record(stored, ADDED, at=born, cause=cause)


def record(row: Brand | Campaign | Schedule, kind: str, *, at: datetime, cause: Cause) -> None:
    """Write one record of the row as it is in memory."""
    records = type(row).history.model
    columns = {field.attname: getattr(row, field.attname) for field in records.tracked_fields}
    records.objects.create(
        history_type=kind,
        history_date=at,
        history_user_id=cause.by_id,
        history_change_reason=cause.note,
        trigger=cause.trigger,
        **columns,
    )
