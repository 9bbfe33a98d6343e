"""For which instant each brand is decided, where the clocks of our machines differ a little.

A decision is never made for an instant before one already decided: the machine that is behind would
pause again what another has resumed at midnight. A clock further off than that is wrong, and what
was decided by it is put right at once.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import NamedTuple

from django.db import connection
from django.db.models import Max

from budgets.models import Change
from budgets.operations.database import id_rows, to_date, to_sql
from budgets.operations.reconcile.decision_input import BrandBatch, ZoneNow, zone_now
from budgets.rules.clock import CLOCKS_APART, DAY

# Whether anything is ahead is asked of all brands: one look at an index, in a query sent anyway.
# Dated budgets that are due are few at most times.
ZONES = """
SELECT b.timezone, EXISTS (
    SELECT 1 FROM budgets_change WHERE at > %(now)s AND at <= %(most)s),
    (SELECT MIN(d.due_on) FROM budgets_datedbudget d WHERE {dated} AND d.due_on IS NOT NULL),
    MAX(b.budgets_as_of),
    MIN(COALESCE(b.carried_month, CASE WHEN b.rollover <> 'none' THEN %(never)s END)),
    MAX(b.carried_month), MAX(CASE WHEN b.exceptions <> b.exceptions_read THEN 1 ELSE 0 END),
    EXISTS (SELECT 1 FROM budgets_exceptionday x WHERE x.schedule_id IS NOT NULL
            AND x.day >= %(yesterday)s AND x.day <= %(tomorrow)s)
FROM budgets_brand b WHERE {brands}
GROUP BY b.timezone
"""


class Part(NamedTuple):
    """Brands of a batch that are decided for one instant, and the local time of their zones."""

    now: datetime
    batch: BrandBatch
    zones: Sequence[ZoneNow]
    has_to_begin: bool
    """Whether budgets or months of them may have to begin first, or dates have to be read."""
    has_dates: bool
    """Whether schedules may have other hours on the local day of any of them."""


def by_instant(batch: BrandBatch, *, now: datetime) -> Iterator[Part]:
    """Yield the brands to decide for an instant, with the local time of their zones then.

    The instant is `now` or, for brands decided for a later one, that of their newest change.
    """
    most = now + CLOCKS_APART
    with connection.cursor() as cursor:
        statement = ZONES.format(**batch.conditions)
        instants = {"now": to_sql(now), "most": to_sql(most), "never": date.min}
        days = {"yesterday": now.date() - DAY, "tomorrow": most.date() + DAY}
        cursor.execute(statement, batch.parameters | instants | days)
        found = cursor.fetchall()
    if not found:
        return
    parts = [(now, batch)]
    if any(is_ahead for _, is_ahead, *_ in found):
        parts = parts_ahead(batch, now=now, most=most)
    for instant, part in parts:
        zones = [zone_now(name, now=instant) for name, *_ in found]
        begun = (BegunInZone(*(day and to_date(day) for day in row[2:6])) for row in found)
        due = [each.is_not_yet(zone) for each, zone in zip(begun, zones, strict=True)]
        has_unread = any(row[6] for row in found)
        yield Part(instant, part, zones, any(due) or has_unread, bool(found[0][7]))


class BegunInZone(NamedTuple):
    """What has begun in a zone: the days of dated budgets, and of months that hand on."""

    due_on: date | None
    as_of: date | None
    oldest_month: date | None
    newest_month: date | None

    def is_not_yet(self, zone: ZoneNow) -> bool:
        """Say whether a budget or a month may have to begin in the zone, or began too early."""
        has_begun = (
            (self.due_on is None or self.due_on > zone.today)
            and (self.as_of is None or self.as_of <= zone.today)
            and {self.oldest_month, self.newest_month} <= {None, zone.month}
        )
        return not has_begun


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
