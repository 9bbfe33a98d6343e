"""Decide what time alone has changed since this was last done: openings, closings, midnights.

Every quarter hour of a local week may be one in which a schedule opens or closes, and every local
midnight one at which budgets, flights and planned budgets turn. Nothing else needs a look, so a
quarter hour without an edge costs next to nothing, whatever the number of campaigns. The checks of
all campaigns stay as the net below: what is missed here they find.
"""

from datetime import datetime, timedelta

from budgets.models import Heartbeat, Trigger
from budgets.models.change import Cause
from budgets.models.locks import alone
from budgets.operations.edges.found import Edges, edges_between
from budgets.operations.heartbeat import record_beat
from budgets.operations.reconcile import settle
from budgets.operations.reconcile.decision_input import Those
from budgets.rules.clock import Clock

NAME = "decide_due"
"""Its heartbeat says until when edges were met."""

LONGEST_LOOK_BACK = timedelta(minutes=20)
"""What is older was decided by two checks of all campaigns."""


def decide_due(*, now: datetime, clock: Clock | None = None) -> int:
    """Decide the campaigns that have had an edge since the last time; return how many changed.

    First those that run and may have to stop, then those that may start. Each is decided for what
    `clock` shows once its locks are held or, without one, for `now`. Leaves at once, with 0, while
    another run is at it; running it twice, late or beside a check does no harm.
    """
    with alone(NAME) as is_alone:
        if not is_alone:
            return 0
        since = met_until(now=now)
        edges = edges_between(since, now)
        changed = sum(
            decide(edges, those, now=now, clock=clock) for those in (Those.RUNNING, Those.PAUSED)
        )
        record_beat(NAME, result=changed, now=clock() if clock else now, began=now)
    return changed


def decide(edges: Edges, those: Those, *, now: datetime, clock: Clock | None) -> int:
    """Decide the campaigns of all edges that run, or those that are paused."""
    turns = (
        (edges.brands_past_midnight, (), Trigger.PERIOD),
        (edges.brands_with_dates, (), Trigger.TICK),
        (edges.brands_of_schedules, edges.schedules_turned, Trigger.TICK),
    )
    changed = 0
    for brand_ids, schedule_ids, trigger in turns:
        if brand_ids:
            changes = settle(
                now=now,
                clock=clock,
                cause=Cause(trigger=trigger),
                brand_ids=brand_ids,
                schedule_ids=schedule_ids,
                those=those,
            )
            changed += len(changes)
    return changed


def met_until(*, now: datetime) -> datetime:
    """Return the instant up to which edges were met, as far as it matters."""
    earliest = now - LONGEST_LOOK_BACK
    beat = Heartbeat.objects.filter(name=NAME).first()
    met = beat.began_at if beat else None
    # A clock that was ahead met what has yet to come; its decisions are put right.
    return met if met is not None and earliest <= met <= now else earliest
