"""What ad platforms are to be told: written with the change that decides it, sent afterwards."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import partial

from django.db import connection, transaction
from django.dispatch import Signal

from budgets.models import LinkedCampaign
from budgets.operations.database import in_ids, to_sql
from budgets.rules.status import RunStatus

statuses_wanted = Signal()
"""Sent after the commit, with the `account_ids` that have something to be told."""

# A new decision is tried at once, whatever became of the one before.
DECIDED = """
    wanted = CASE WHEN {is_running} THEN %(running)s ELSE %(paused)s END,
    attempts = 0, next_try_at = NULL, is_given_up = false, error = ''"""

WANT = f"""
UPDATE budgets_linkedcampaign
SET {DECIDED.format(is_running='c."after" = 0')}, wanted_at = c.at, change_id = c.id
FROM budgets_change c
WHERE {{changes}} AND budgets_linkedcampaign.campaign_id = c.campaign_id
RETURNING account_id
"""

# Decided behind our back: typed into the database, or linked by a script.
CATCH_UP = f"""
UPDATE budgets_linkedcampaign
SET {DECIDED.format(is_running="c.reasons = 0")}, wanted_at = %(at)s, change_id = NULL
FROM budgets_campaign c
WHERE budgets_linkedcampaign.campaign_id = c.id
  AND budgets_linkedcampaign.wanted <>
      CASE WHEN c.reasons = 0 THEN %(running)s ELSE %(paused)s END
"""

# Everybody takes these rows in the order of their ids, so that none waits in a circle.
HOLD = """
SELECT COUNT(*) FROM (
    SELECT l.id FROM budgets_linkedcampaign l JOIN budgets_change c ON c.campaign_id = l.campaign_id
    WHERE {changes} ORDER BY l.id FOR NO KEY UPDATE OF l) held
"""
HOLD_DIFFERENT = """
SELECT COUNT(*) FROM (
    SELECT l.id FROM budgets_linkedcampaign l JOIN budgets_campaign c ON c.id = l.campaign_id
    WHERE l.wanted <> CASE WHEN c.reasons = 0 THEN %(running)s ELSE %(paused)s END
    ORDER BY l.id FOR NO KEY UPDATE OF l) held
"""

STATUSES = {"running": RunStatus.RUNNING.value, "paused": RunStatus.PAUSED.value}


def want_of_platforms(flips: Sequence[int]) -> None:
    """Want of every linked campaign what these changes decided. Must be inside a transaction."""
    if not flips or not LinkedCampaign.objects.exists():
        return
    condition, ids = in_ids("c.id", flips, looked_up=True)
    with connection.cursor() as cursor:
        if connection.features.has_select_for_no_key_update:
            cursor.execute(HOLD.format(changes=condition), {"ids": ids})
        cursor.execute(WANT.format(changes=condition), {"ids": ids, **STATUSES})
        announce(account_id for (account_id,) in cursor.fetchall())


def want_what_is_decided(*, now: datetime) -> None:
    """Want of every linked campaign the status it has, where something else is wanted by now."""
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.features.has_select_for_no_key_update:
            cursor.execute(HOLD_DIFFERENT, STATUSES)
        cursor.execute(CATCH_UP, {"at": to_sql(now), **STATUSES})


def announce(account_ids: Iterable[int]) -> None:
    """Have the accounts told, once this transaction has committed."""
    accounts = sorted(set(account_ids))
    if accounts:
        send = partial(statuses_wanted.send_robust, sender=None, account_ids=accounts)
        transaction.on_commit(send)
