"""Holds: a person stops a campaign or a whole brand, and only a person lets it run again."""

from datetime import datetime

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from budgets.models import Brand, Campaign, Trigger
from budgets.models.change import Cause
from budgets.models.locks import lock_brands
from budgets.operations.edits.history import CHANGED, record, record_what_was
from budgets.operations.reconcile import settle
from budgets.operations.reconcile.undecided import CannotDecide, undecided_before
from budgets.rules.clock import Clock
from budgets.rules.reasons import PauseReason


def hold(
    target: Brand | Campaign,
    *,
    by: AbstractBaseUser | None,
    now: datetime,
    note: str = "",
    clock: Clock | None = None,
) -> list[int]:
    """Stop a campaign, or every campaign of a brand, until a person releases it.

    `by` is the person, `now` an aware instant, or what `clock` shows once the brand is locked,
    `note` why, for the history. Holding what is held changes nothing. Returns the ids of the
    changes that followed. Raises `CannotDecide`, and writes nothing, where it would not stop.
    """
    cause = Cause(trigger=Trigger.HOLD, by_id=by.pk if by else None, note=note)
    return set_held(target, is_held=True, clock=clock or (lambda: now), cause=cause)


def release(
    target: Brand | Campaign,
    *,
    by: AbstractBaseUser | None,
    now: datetime,
    note: str = "",
    clock: Clock | None = None,
) -> list[int]:
    """Lift the hold; the target runs at once if no other reason is left."""
    cause = Cause(trigger=Trigger.RELEASE, by_id=by.pk if by else None, note=note)
    return set_held(target, is_held=False, clock=clock or (lambda: now), cause=cause)


def set_held(target: Brand | Campaign, *, is_held: bool, clock: Clock, cause: Cause) -> list[int]:
    """Write the hold and decide again, together."""
    brand_id = target.brand_id if isinstance(target, Campaign) else target.pk
    with transaction.atomic():
        lock_brands([brand_id])
        now = clock()
        write_hold(target, is_held=is_held, now=now, cause=cause)
        campaign = target if isinstance(target, Campaign) else None
        change_ids = settle(now=now, brand_ids=[brand_id], cause=cause, campaign=campaign)
        refuse_without_effect(target, is_held=is_held)
    target.refresh_from_db(fields=["is_held"])
    return change_ids


def refuse_without_effect(target: Brand | Campaign, *, is_held: bool) -> None:
    """Raise `CannotDecide` where the target runs, or stays, in spite of what was just written."""
    if isinstance(target, Campaign):
        target.refresh_from_db(fields=["reasons"])
        if (PauseReason.HELD in target.pause_reasons) != is_held:
            raise CannotDecide(target.brand)
    elif target.pk in undecided_before():
        raise CannotDecide(target)


def write_hold(target: Brand | Campaign, *, is_held: bool, now: datetime, cause: Cause) -> None:
    """Write the one column, and a record of it, unless it says so already."""
    rows = type(target)._default_manager.filter(pk=target.pk).exclude(is_held=is_held)
    if rows.exists():
        record_what_was(target, now=now, cause=cause)
        rows.update(is_held=is_held)
        record(type(target)._default_manager.get(pk=target.pk), CHANGED, at=now, cause=cause)
