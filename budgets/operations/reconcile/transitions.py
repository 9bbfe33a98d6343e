"""Reconcile: make every campaign's reasons what they should be now, and write down what changed."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from budgets.models import Campaign, Trigger
from budgets.models.locks import lock_decisions
from budgets.operations.cause import Cause
from budgets.operations.database.dialect import to_sql
from budgets.operations.reconcile.batches import (
    BRANDS_A_CHUNK,
    BrandBatch,
    Shard,
    batches_of_brands,
    batches_of_shard,
)
from budgets.operations.reconcile.decision_sql import DECISION, PARAMETERS
from budgets.operations.reconcile.local_time import ZoneNow, zone_table, zones_now
from budgets.operations.reconcile.schedule_refresh import refresh_weeks

ALL_BRANDS = Shard()

FIGURES = """
    day_spent_micros, daily_budget_micros, month_spent_micros, monthly_budget_micros,
    brand_day_spent_micros, brand_daily_budget_micros,
    brand_month_spent_micros, brand_monthly_budget_micros"""

WRITE_CHANGES = f"""
INSERT INTO budgets_change (
    campaign_id, at, "before", "after", "trigger", by_id, note, awaits_delivery, {FIGURES}
)
{DECISION}
SELECT id, %(at)s, "before", "after", %(trigger)s, %(by)s, %(note)s,
       %(delivers)s AND (("before" = 0) <> ("after" = 0)), {FIGURES}
FROM verdict WHERE "before" <> "after"
RETURNING id, "transaction"
"""

# Those a statement wrote: between its first and last id others may have written theirs.
WRITTEN = 'ch.id BETWEEN %(first)s AND %(last)s AND ch."transaction" = %(transaction)s'

# Every writer takes campaign rows in the order of their ids, so that none waits in a circle.
LOCK_CHANGED = f"""
SELECT 1 FROM budgets_campaign c
JOIN budgets_change ch ON ch.campaign_id = c.id WHERE {WRITTEN}
ORDER BY c.id FOR NO KEY UPDATE OF c
"""

APPLY_CHANGES = f"""
UPDATE budgets_campaign SET reasons = ch."after"
FROM budgets_change ch
WHERE ch.campaign_id = budgets_campaign.id AND {WRITTEN}
"""


def reconcile(*, now: datetime, brand_ids: Collection[int] | None = None) -> int:
    """Decide every campaign (or those of these brands) for the instant and return how many changed.

    Running it twice, late or beside itself does no harm: it compares what is with what should be.
    """
    return len(settle(now=now, brand_ids=brand_ids, cause=Cause(trigger=Trigger.TICK)))


def settle(
    *,
    now: datetime,
    cause: Cause,
    brand_ids: Collection[int] | None = None,
    campaign: Campaign | None = None,
    shard: Shard = ALL_BRANDS,
    brands_at_once: int = BRANDS_A_CHUNK,
) -> list[int]:
    """Reconcile one campaign, these brands, or all of a shard; return the changes' ids."""
    if campaign is not None:
        scopes = iter([BrandBatch(brand_ids=[campaign.brand_id], campaign=campaign)])
    elif brand_ids is not None:
        scopes = batches_of_brands(brand_ids, at_once=brands_at_once)
    else:
        scopes = batches_of_shard(shard)
    refresh_weeks()
    return [change for scope in scopes for change in settle_batch(scope, now=now, cause=cause)]


def settle_batch(scope: BrandBatch, *, now: datetime, cause: Cause) -> list[int]:
    """Decide what is in the scope in one transaction."""
    with transaction.atomic():
        lock_decisions(scope.brand_ids)
        zones = zones_now(now=now, brand_ids=scope.brand_ids)
        if not zones:
            return []
        written = write_changes(scope, zones, now=now, cause=cause)
        if written:
            apply_changes(written)
        return [change_id for change_id, _ in written]


def write_changes(
    scope: BrandBatch, zones: Sequence[ZoneNow], *, now: datetime, cause: Cause
) -> list[tuple[int, int]]:
    """Insert a `Change` for every campaign whose reasons are not what they should be.

    Returns the id of each with the number of the transaction that wrote it.
    """
    zone_rows, zone_parameters = zone_table(zones)
    parameters: dict[str, Any] = {
        **PARAMETERS,
        **zone_parameters,
        **scope.parameters,
        "at": to_sql(now),
        "trigger": cause.trigger.value,
        "by": cause.by_id,
        "note": cause.note,
        "delivers": bool(settings.AD_CONNECTOR),
    }
    statement = WRITE_CHANGES.format(zones=zone_rows, **scope.conditions)
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        written: list[tuple[int, int]] = cursor.fetchall()
        return written


def apply_changes(written: Sequence[tuple[int, int]]) -> None:
    """Give the campaigns the reasons that the changes just written say."""
    first, transaction_number = min(written)
    last, _ = max(written)
    these = {"first": first, "last": last, "transaction": transaction_number}
    with connection.cursor() as cursor:
        if connection.features.has_select_for_no_key_update:
            cursor.execute(LOCK_CHANGED, these)
        cursor.execute(APPLY_CHANGES, these)
