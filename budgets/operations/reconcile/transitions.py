"""Decide campaigns, write a `Change` for each whose reasons must differ, and apply it."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from budgets.models import Campaign, Schedule, Trigger
from budgets.models.change import Cause
from budgets.models.locks import alone, lock_decisions
from budgets.operations.database import to_sql
from budgets.operations.reconcile.budgets_due import begin_due
from budgets.operations.reconcile.decision_input import (
    BRANDS_A_CHUNK,
    BrandBatch,
    Shard,
    Those,
    batches_of_brands,
    batches_of_shard,
    zone_table,
)
from budgets.operations.reconcile.decision_sql import DECISION, PARAMETERS, without_dates
from budgets.operations.reconcile.instants import Part, by_instant
from budgets.operations.reconcile.numbering import TRANSACTION, keep_numbering
from budgets.operations.reconcile.undecided import (
    FAILURES,
    forget_undecided,
    is_of_a_brand,
    note_undecided,
    undecided_before,
)
from budgets.operations.reconcile.wanted import want_of_platforms
from budgets.operations.reconcile.written import Written, apply_changes
from budgets.rules.clock import Clock

ALL_BRANDS = Shard()

FIGURES = """
    day_spent_micros, daily_budget_micros, month_spent_micros, monthly_budget_micros,
    brand_day_spent_micros, brand_daily_budget_micros,
    brand_month_spent_micros, brand_monthly_budget_micros"""

WRITE_CHANGES = f"""
INSERT INTO budgets_change (
    campaign_id, brand_id, at, "before", "after", "trigger", by_id, note, {FIGURES}, "transaction"
)
{DECISION}
SELECT id, brand_id, %(at)s, "before", "after", %(trigger)s, %(by)s, %(note)s,
       {FIGURES}, {{transaction}}
FROM decision WHERE "before" <> "after"
RETURNING id, campaign_id, "before", "after"
"""


def reconcile(
    *, now: datetime, brand_ids: Collection[int] | None = None, clock: Clock | None = None
) -> int:
    """Decide every campaign (or those of these brands) for the instant and return how many changed.

    Running it twice, late or beside itself does no harm: it compares what is with what should be.
    `clock` is as for `settle`.
    """
    cause = Cause(trigger=Trigger.TICK)
    return len(settle(now=now, clock=clock, brand_ids=brand_ids, cause=cause))


def reconcile_shard(*, now: datetime, shard: Shard, clock: Clock | None = None) -> int:
    """Reconcile the brands of a shard and return how many campaigns changed.

    Leaves at once, with 0, while another run is at the same shard: the two would only do the
    same work twice.
    """
    with alone("tick", shard.number) as is_alone:
        if not is_alone:
            return 0
        cause = Cause(trigger=Trigger.TICK)
        return len(settle(now=now, clock=clock, cause=cause, shard=shard))


def settle(
    *,
    now: datetime,
    cause: Cause,
    brand_ids: Collection[int] | None = None,
    campaign: Campaign | None = None,
    shard: Shard = ALL_BRANDS,
    brands_at_once: int = BRANDS_A_CHUNK,
    clock: Clock | None = None,
    those: Those = Those.ALL,
    schedule_ids: Sequence[int] = (),
) -> list[int]:
    """Reconcile one campaign, these brands, or all of a shard; return the ids of the changes.

    Of brands it can be those campaigns only that run, or are paused, and those of some schedules.
    They are decided for `now` or, given a clock, for what it shows once their locks are held, but
    for no instant before one already decided (`instants.py`). A brand that cannot be decided keeps
    the reasons it has, and is named (`undecided.py`).
    """
    batches: Iterable[BrandBatch]
    if campaign is not None:
        batches = [BrandBatch(brand_ids=[campaign.brand_id], campaign=campaign)]
    elif brand_ids is not None:
        batches = batches_of_brands(
            brand_ids, at_once=brands_at_once, those=those, schedule_ids=schedule_ids
        )
    else:
        batches = batches_of_shard(shard)
    Schedule.objects.refresh_weeks()
    keep_numbering()
    settling = Settling(clock or (lambda: now), cause, undecided_before())
    return [change for batch in batches for change in settling.settle(batch)]


@dataclass(frozen=True, slots=True)
class Settling:
    """Batch after batch decided for one cause; a brand that cannot be decided stops no other."""

    clock: Clock
    cause: Cause
    undecided: set[int]
    """Brands that could not be decided before."""

    def settle(self, batch: BrandBatch) -> list[int]:
        """Decide a batch or, where that fails, its halves, down to the brand that is at fault."""
        try:
            changes = settle_batch(batch, clock=self.clock, cause=self.cause)
        except FAILURES as error:
            if not is_of_a_brand(error):
                raise
            if len(batch.brand_ids) == 1:
                note_undecided(batch.brand_ids[0], error, now=self.clock())
                return []
        else:
            if batch.is_whole:
                forget_undecided(self.undecided.intersection(batch.brand_ids))
            return changes
        first, second = batch.halves()
        return self.settle(first) + self.settle(second)


def settle_batch(batch: BrandBatch, *, clock: Clock, cause: Cause) -> list[int]:
    """Decide a batch of brands in one transaction; return the changes' ids."""
    with transaction.atomic():
        lock_decisions(batch.brand_ids)
        written: list[Written] = []
        for part in by_instant(batch, now=clock()):
            decided = part
            if part.has_to_begin and begin_due(part.batch.brand_ids, part.zones, now=part.now):
                # Others may stop or start with it.
                everybody = replace(part.batch, campaign=None, schedule_ids=())
                decided = part._replace(batch=everybody)
            written += write_changes(decided, cause=cause)
        if written:
            apply_changes(written)
            want_of_platforms([change.id for change in written if change.is_flip])
        return [change.id for change in written]


def write_changes(part: Part, *, cause: Cause) -> list[Written]:
    """Insert a `Change` where reasons must differ; return what was written."""
    zone_rows, zone_parameters = zone_table(part.zones)
    parameters: dict[str, Any] = {
        **PARAMETERS,
        **zone_parameters,
        **part.batch.parameters,
        "at": to_sql(part.now),
        "trigger": cause.trigger.value,
        "by": cause.by_id,
        "note": cause.note,
    }
    with connection.cursor() as cursor:
        text = WRITE_CHANGES if part.has_dates else without_dates(WRITE_CHANGES)
        statement = text.format(
            zones=zone_rows, transaction=TRANSACTION[connection.vendor], **part.batch.conditions
        )
        cursor.execute(statement, parameters)
        return [Written(*row) for row in cursor.fetchall()]
