"""Preview: what an edit stops and starts, found out by making it, and taking it back."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256

from django.db import transaction

from budgets.models import Change, Trigger
from budgets.models.change import Cause
from budgets.models.editable import SavedAsEdit
from budgets.models.locks import lock_brands
from budgets.operations.database import id_rows
from budgets.operations.edits.operation import concerned, decide_due
from budgets.operations.reconcile import settle
from budgets.operations.reconcile.written import Written, apply_changes
from budgets.rules.clock import Clock
from budgets.rules.reasons import NO_REASON

SHOWN = 100
"""Campaigns of each kind that an effect names; the others are counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """What an edit stops and starts: the first campaigns of each kind, and how many there are.

    Two effects have the same digest when the same campaigns stop, for the same reasons, and the
    same start.
    """

    stops: list[Change]
    starts: list[Change]
    stop_count: int
    start_count: int
    digest: str
    stay_count: int = 0
    """Campaigns that are paused before and after it, by other reasons."""
    idle: list[Change] = field(default_factory=list)
    idle_count: int = 0
    """New campaigns that do not run at first, `idle` the first of them."""

    @property
    def count(self) -> int:
        """How many campaigns that were there before it touches."""
        return self.stop_count + self.start_count + self.stay_count

    @property
    def is_none(self) -> bool:
        """Whether nothing stops and nothing starts."""
        return not self.stop_count and not self.start_count


def effect_of(change_ids: Sequence[int]) -> Effect:
    """Return what these changes stop and start, in all; new campaigns only begin.

    The changes shown have their campaigns and brands loaded: they can be read after a rollback.
    """
    written = Change.objects.filter(pk__in=id_rows(change_ids)).order_by("pk")
    spans: dict[int, tuple[int, int]] = {}
    known = written.exclude(trigger=Trigger.NEW)
    for campaign_id, before, after in known.values_list("campaign_id", "before", "after"):
        first, _ = spans.get(campaign_id, (before, after))
        spans[campaign_id] = (first, after)
    stops = [pk for pk, (before, after) in spans.items() if before == NO_REASON != after]
    starts = [pk for pk, (before, after) in spans.items() if before != NO_REASON == after]
    stay = [pk for pk, (before, after) in spans.items() if before != NO_REASON != after]
    idle = list(written.filter(trigger=Trigger.NEW).values_list("campaign_id", flat=True))

    def shown(campaign_ids: list[int]) -> list[Change]:
        changes = written.filter(campaign_id__in=campaign_ids[:SHOWN])
        newest = {
            each.campaign_id: each for each in changes.select_related("campaign__brand", "brand")
        }
        return [newest[pk] for pk in sorted(newest)]

    return Effect(
        stops=shown(stops),
        starts=shown(starts),
        stop_count=len(stops),
        start_count=len(starts),
        stay_count=len(stay),
        idle=shown(idle),
        idle_count=len(idle),
        digest=digest_of([(pk, spans[pk][1]) for pk in sorted(stops + starts)]),
    )


def preview(
    edit: Callable[[], Sequence[int]],
    *,
    rows: Collection[SavedAsEdit],
    now: datetime,
    clock: Clock | None = None,
) -> Effect:
    """Return what the edit of these rows would stop and start; nothing of it is kept.

    The edit runs for real, with its validation and its decisions, in a transaction that is rolled
    back: what is shown is what would happen, by the same rules. It returns the ids of its changes;
    what it raises comes through.
    """
    with transaction.atomic():
        decide_due(rows, now=now, clock=clock)
        effect = effect_of(edit())
        transaction.set_rollback(True)
    return effect


def preview_at(
    edit: Callable[[], Sequence[int]],
    *,
    rows: Collection[SavedAsEdit],
    at: datetime,
) -> Effect:
    """Return what the edit, made now, will have stopped and started by a later instant.

    As if nothing else were spent or edited until then: the brands are decided for the instant as
    they are and, from there, with the edit. Nothing of it is kept.
    """
    brand_ids = concerned(rows)
    decided: list[Written] = []
    with transaction.atomic():
        lock_brands(brand_ids)
        with transaction.atomic():
            ids = settle(now=at, cause=Cause(trigger=Trigger.TICK), brand_ids=brand_ids)
            without = Change.objects.filter(pk__in=id_rows(ids)).order_by("pk")
            columns = ("pk", "campaign_id", "before", "after")
            decided = [Written(*each) for each in without.values_list(*columns)]
            transaction.set_rollback(True)
        edit()
        if decided:
            apply_changes(decided)
        cause = Cause(trigger=Trigger.EDIT)
        effect = effect_of(settle(now=at, cause=cause, brand_ids=brand_ids))
        transaction.set_rollback(True)
    return effect


def digest_of(parts: object) -> str:
    """Return a short text that differs when the parts do."""
    return sha256(repr(parts).encode()).hexdigest()[:32]
