"""Preview: what an edit would stop and start, found out by making it and taking it back."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from django.db import transaction
from django.db.models import Max, QuerySet

from budgets.models import Campaign, Change, Trigger
from budgets.models.change import TransactionNumber
from budgets.models.editable import Editable
from budgets.models.locks import lock_brands
from budgets.operations.cause import Cause
from budgets.operations.reconcile import settle
from budgets.rules.reasons import NO_REASON

SHOWN = 100
"""Campaigns of each kind that an effect names; the others are counted."""


class TakenBack(Exception):
    """Ends the transaction of a preview."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """What an edit stops and starts: the first campaigns of each kind, and how many there are.

    Two effects have the same digest when the same campaigns stop, for the same reasons, and the
    same start. `touched` counts every campaign whose reasons changed.
    """

    stops: list[Change]
    starts: list[Change]
    stop_count: int
    start_count: int
    touched: int
    digest: str

    @property
    def is_none(self) -> bool:
        """Whether nothing stops and nothing starts."""
        return not self.stop_count and not self.start_count


class Watch:
    """What the current transaction stops and starts, from the making of the watch on."""

    def __init__(self) -> None:
        self.last = Change.objects.aggregate(last=Max("id"))["last"] or 0

    @classmethod
    def over(cls, rows: Iterable[Editable], *, now: datetime) -> "Watch":
        """Return a watch on the edit that follows, of these rows and nothing else.

        What is due anyway, an hour that has ended say, is decided first: it is not the edit's
        doing. Takes the locks of the brands concerned, so it must come before any write.
        """
        decide_what_is_due(list(rows), now=now)
        return cls()

    def changes(self) -> QuerySet[Change]:
        """Return the changes written since, oldest first."""
        written = Change.objects.filter(id__gt=self.last, transaction=TransactionNumber())
        return written.order_by("id")

    def effect(self, *, leaving_out: Collection[int] = ()) -> Effect:
        """Return what was stopped and started since, but for these campaigns."""
        spans = self.spans()
        for campaign_id in leaving_out:
            spans.pop(campaign_id, None)
        stops = [key for key, (before, after) in spans.items() if before == NO_REASON != after]
        starts = [key for key, (before, after) in spans.items() if before != NO_REASON == after]
        return Effect(
            stops=self.shown(stops),
            starts=self.shown(starts),
            stop_count=len(stops),
            start_count=len(starts),
            touched=len(spans),
            digest=digest_of([(key, spans[key][1]) for key in sorted(stops + starts)]),
        )

    def spans(self) -> dict[int, tuple[int, int]]:
        """Return the reasons of each campaign before the first and after the last change."""
        spans: dict[int, tuple[int, int]] = {}
        rows = self.changes().values_list("campaign_id", "before", "after")
        for campaign_id, before, after in rows.iterator():
            first, _ = spans.get(campaign_id, (before, after))
            spans[campaign_id] = (first, after)
        return spans

    def shown(self, campaign_ids: list[int]) -> list[Change]:
        """Return the last change of the first campaigns, with campaign and brand loaded."""
        changes = self.changes().filter(campaign_id__in=campaign_ids[:SHOWN])
        newest = {change.campaign_id: change for change in changes}
        by_id = Campaign.objects.select_related("brand").in_bulk(newest)
        for change in newest.values():
            change.campaign = by_id[change.campaign_id]
        return sorted(newest.values(), key=lambda change: change.campaign_id)


def preview(edit: Callable[[], object]) -> list[Change]:
    """Return the changes that the edit would cause; nothing of it is kept.

    The edit runs for real, with its validation and its decisions, in a transaction that is rolled
    back: what is shown is what would happen, by the same rules. What the edit raises comes
    through. The changes returned do not exist; their campaigns and brands are loaded.
    """
    changes: list[Change] = []
    try:
        with transaction.atomic():
            watch = Watch()
            edit()
            changes += watch.changes().select_related("campaign__brand")
            raise TakenBack
    except TakenBack:
        return changes


def preview_effect(
    edit: Callable[[], object], *, rows: Collection[Editable], now: datetime
) -> Effect:
    """Return what the edit of these rows would stop and start; nothing of it is kept."""
    effects: list[Effect] = []
    try:
        with transaction.atomic():
            watch = Watch.over(rows, now=now)
            edit()
            effects.append(watch.effect())
            raise TakenBack
    except TakenBack:
        return effects[0]


def decide_what_is_due(rows: list[Editable], *, now: datetime) -> None:
    """Do what a check would do at this instant for the brands, or the one campaign, of an edit."""
    brand_ids = {brand_id for row in rows for brand_id in row.brands_concerned()}
    lock_brands(brand_ids)
    cause = Cause(trigger=Trigger.TICK)
    if len(rows) == 1 and isinstance(rows[0], Campaign):
        # As stored: the edit may move it to another brand.
        settle(now=now, cause=cause, campaign=Campaign.objects.get(pk=rows[0].pk))
    else:
        settle(now=now, cause=cause, brand_ids=brand_ids)


def digest_of(parts: object) -> str:
    """Return a short text that differs when the parts do."""
    return sha256(repr(parts).encode()).hexdigest()[:32]
