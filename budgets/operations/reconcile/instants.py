"""For which instant each brand is decided, where the clocks of our machines differ a little.

A decision is never made for an instant before one already decided: the machine that is behind would
pause again what another has resumed at midnight. A clock further off than that is wrong, and what
was decided by it is put right at once.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from django.db import connection
from django.db.models import Max

from budgets.models import Change
from budgets.operations.database import id_rows, to_sql
from budgets.operations.reconcile.decision_input import BrandBatch, ZoneNow, zone_now
from budgets.rules.clock import CLOCKS_APART

# Whether anything is ahead is asked of all brands: one look at an index, in a query sent anyway.
ZONES = """
SELECT DISTINCT b.timezone, EXISTS (
    SELECT 1 FROM budgets_change WHERE at > %(now)s AND at <= %(most)s)
FROM budgets_brand b WHERE {brands}
"""


def by_instant(
    batch: BrandBatch, *, now: datetime
) -> Iterator[tuple[datetime, BrandBatch, Sequence[ZoneNow]]]:
    """Yield an instant, the brands to decide for it, and the local time of their zones then.

    The instant is `now` or, for brands decided for a later one, that of their newest change.
    """
    most = now + CLOCKS_APART
    with connection.cursor() as cursor:
        statement = ZONES.format(**batch.conditions)
        instants = {"now": to_sql(now), "most": to_sql(most)}
        cursor.execute(statement, batch.parameters | instants)
        found = cursor.fetchall()
    if not found:
        return
    parts = [(now, batch)]
    if any(is_ahead for _, is_ahead in found):
        parts = parts_ahead(batch, now=now, most=most)
    for instant, part in parts:
        yield instant, part, [zone_now(name, now=instant) for name, _ in found]


def parts_ahead(
    batch: BrandBatch, *, now: datetime, most: datetime
) -> list[tuple[datetime, BrandBatch]]:
    """Cut the batch by the newest instant that each brand was decided for."""
    ahead = Change.objects.filter(at__gt=now, at__lte=most).order_by()
    ahead = ahead.filter(campaign__brand__in=id_rows(batch.brand_ids))
    newest = dict(ahead.values_list("campaign__brand").annotate(Max("at")))
    parts: dict[datetime, list[int]] = defaultdict(list)
    for brand_id in batch.brand_ids:
        parts[newest.get(brand_id, now)].append(brand_id)
    return [
        (instant, replace(batch, brand_ids=brand_ids, is_range=False))
        for instant, brand_ids in parts.items()
    ]
