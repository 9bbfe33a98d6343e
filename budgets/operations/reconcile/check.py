"""A tick: the recurring check of all brands, alone, and split over workers where asked to."""

from datetime import datetime

from budgets.models import Trigger
from budgets.models.locks import alone
from budgets.operations.cause import Cause
from budgets.operations.reconcile import settle
from budgets.operations.reconcile.batches import Shard


def tick(*, now: datetime, shard: Shard) -> int:
    """Reconcile the brands of a shard and return how many campaigns changed.

    Leaves at once, with 0, while another tick is at the same shard: the two would only do the
    same work twice.
    """
    with alone("tick", shard.number) as is_alone:
        if not is_alone:
            return 0
        return len(settle(now=now, cause=Cause(trigger=Trigger.TICK), shard=shard))
