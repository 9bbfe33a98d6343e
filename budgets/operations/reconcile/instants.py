"""For which instant each brand is decided, where the clocks of our machines differ a little.

A decision is never made for an instant before one already decided: the machine that is behind would
pause again what another has resumed at midnight. A clock further off than that is wrong, and what
was decided by it is put right at once.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Max

from budgets.models import Change
from budgets.operations.database import id_rows, to_date, to_sql
from budgets.operations.reconcile.decision_input import BrandBatch, ZoneNow, zone_now
from budgets.rules.clock import CLOCKS_APART

# Whether anything is ahead is asked of all brands: one look at an index, in a query sent anyway.
# Dated budgets that are due are few at most times.
ZONES = """
SELECT b.timezone, EXISTS (
    SELECT 1 FROM budgets_change WHERE at > %(now)s AND at <= %(most)s),
    (SELECT MIN(d.due_on) FROM budgets_datedbudget d WHERE {dated} AND d.due_on IS NOT NULL),
    MAX(b.budgets_as_of)
FROM budgets_brand b WHERE {brands}
GROUP BY b.timezone
"""


class Part(NamedTuple):
    """Brands of a batch that are decided for one instant, and the local time of their zones."""

    now: datetime
    batch: BrandBatch
    zones: Sequence[ZoneNow]
    has_budgets_due: bool
    """Whether dated budgets of them may have to be put in force first."""


def by_instant(batch: BrandBatch, *, now: datetime) -> Iterator[Part]:
    """Yield the brands to decide for an instant, with the local time of their zones then.

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
    if any(is_ahead for _, is_ahead, *_ in found):
        parts = parts_ahead(batch, now=now, most=most)
    for instant, part in parts:
        zones = [zone_now(name, now=instant) for name, *_ in found]
        days = ((due_on, as_of) for _, _, due_on, as_of in found)
        due = [has_due(*each, zone) for each, zone in zip(days, zones, strict=True)]
        yield Part(instant, part, zones, any(due))


def has_due(due_on: Any, as_of: Any, zone: ZoneNow) -> bool:
    """Say whether a dated budget may be due in the zone, or was put in force too early there."""
    is_due = due_on is not None and to_date(due_on) <= zone.today
    return is_due or (as_of is not None and to_date(as_of) > zone.today)


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
