"""Changes just written, and how their campaigns get the reasons that they say."""

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from django.db import connection

from budgets.operations.database import in_ids

# Every writer takes campaign rows in the order of their ids, so that none waits in a circle.
# Counted, so that nothing travels but the number.
LOCK_CHANGED = """
SELECT COUNT(*) FROM (
    SELECT id FROM budgets_campaign WHERE {ids} ORDER BY id FOR NO KEY UPDATE) locked
"""

APPLY_CHANGES = "UPDATE budgets_campaign SET reasons = %(reasons)s WHERE {ids}"


class Written(NamedTuple):
    """A change just written: reasons before and after."""

    id: int
    campaign_id: int
    before: int
    after: int

    @property
    def is_flip(self) -> bool:
        """Whether the campaign stops or starts with it."""
        return (self.before == 0) != (self.after == 0)


def apply_changes(written: Sequence[Written]) -> None:
    """Give campaigns the reasons that the changes just written say."""
    by_reasons: dict[int, list[int]] = defaultdict(list)
    for change in written:
        by_reasons[change.after].append(change.campaign_id)
    condition, ids = in_ids("id", [change.campaign_id for change in written], looked_up=True)
    with connection.cursor() as cursor:
        if connection.features.has_select_for_no_key_update:
            cursor.execute(LOCK_CHANGED.format(ids=condition), {"ids": ids})
        # A statement each: few sets of reasons come at once, and no join has to be planned.
        for reasons, campaign_ids in by_reasons.items():
            condition, ids = in_ids("id", campaign_ids, looked_up=True)
            statement = APPLY_CHANGES.format(ids=condition)
            cursor.execute(statement, {"ids": ids, "reasons": reasons})
