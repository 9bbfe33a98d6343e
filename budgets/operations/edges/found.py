"""Which brands and schedules have an edge between two instants."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection

from budgets.models import Brand, ExceptionDay, Schedule
from budgets.operations.database import in_ids
from budgets.rules.clock import QUARTERS_PER_DAY, clock_of

# The week as `decision_sql` reads it. Whether anybody runs by a schedule is one step in the index:
# asked otherwise, PostgreSQL may read every campaign to find none.
TURNED = """
WITH pair (before, after) AS (VALUES {pairs})
SELECT p.before, p.after, h.id FROM pair p CROSS JOIN budgets_schedule h
WHERE substr(h.week, p.before + 1, 1) <> substr(h.week, p.after + 1, 1) AND h.id = (
    SELECT c.schedule_id FROM budgets_campaign c
    WHERE c.schedule_id >= h.id ORDER BY c.schedule_id LIMIT 1)
"""

# By the index of schedules, however many campaigns there are.
USERS = """
SELECT u.brand_id, b.timezone
FROM (SELECT DISTINCT c.brand_id FROM budgets_campaign c WHERE {schedules}) u
JOIN budgets_brand b ON b.id = u.brand_id
"""

Pair = tuple[int, int]
"""Two quarter hours of a local week, 0 to 671."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Edges:
    """Brands whose local day has turned, and others with hours that opened or closed."""

    brands_past_midnight: Sequence[int]
    brands_with_dates: Sequence[int]
    """Those whose own hours of today did."""
    brands_of_schedules: Sequence[int]
    schedules_turned: Sequence[int]


def edges_between(since: datetime, now: datetime) -> Edges:
    """Return what time alone has changed in (since, now], on the clocks of the brands."""
    Schedule.objects.refresh_weeks()
    zones = list(Brand.objects.order_by().values_list("timezone", flat=True).distinct())
    turned = [z for z in zones if clock_of(z).day(since) != clock_of(z).day(now)]
    slots = {z: (clock_of(z).slot(since), clock_of(z).slot(now)) for z in zones}
    schedules = schedules_turned({pair for pair in slots.values() if pair[0] != pair[1]})
    days = {z: clock_of(z).day(now) for z in zones if z not in turned}
    brands_with_dates = add_dates_turned(schedules, slots, days)
    users: set[int] = set()
    # A loop over pairs of quarter hours: zones share few of them.
    for pair, schedule_ids in schedules.items():
        here = {z for z in zones if slots[z] == pair and z not in turned}
        users |= {brand_id for brand_id, zone in users_of(schedule_ids) if zone in here}
    return Edges(
        brands_past_midnight=list(
            Brand.objects.filter(timezone__in=turned).order_by("id").values_list("id", flat=True)
        ),
        brands_with_dates=brands_with_dates,
        brands_of_schedules=sorted(users),
        schedules_turned=sorted({pk for ids in schedules.values() for pk in ids}),
    )


def schedules_turned(pairs: Collection[Pair]) -> dict[Pair, list[int]]:
    """Return the schedules in use that are open in one of two quarter hours, not in both."""
    if not pairs:
        return {}
    found: dict[Pair, list[int]] = defaultdict(list)
    with connection.cursor() as cursor:
        listed = ", ".join(f"({before:d}, {after:d})" for before, after in sorted(pairs))
        cursor.execute(TURNED.format(pairs=listed))
        for before, after, schedule_id in cursor.fetchall():
            found[before, after].append(schedule_id)
    return found


def add_dates_turned(
    schedules: dict[Pair, list[int]], slots: Mapping[str, Pair], days: Mapping[str, date]
) -> list[int]:
    """Add the schedules whose own hours of today opened or closed; return the brands of which did.

    `slots` and `days` are those of the zones in which no day has turned.
    """
    brands: set[int] = set()
    today = ExceptionDay.objects.filter(day__in=set(days.values())).order_by()
    columns = ("schedule_id", "brand_id", "brand__timezone", "day", "quarters")
    for schedule_id, brand_id, zone_of_brand, day, quarters in today.values_list(*columns):
        there = [zone_of_brand] if brand_id else days
        for zone in there:
            before, after = slots[zone]
            has_turned = quarters[before % QUARTERS_PER_DAY] != quarters[after % QUARTERS_PER_DAY]
            if days.get(zone) != day or not has_turned:
                continue
            if brand_id:
                brands.add(brand_id)
            elif schedule_id not in schedules.setdefault(slots[zone], []):
                schedules[slots[zone]].append(schedule_id)
    return sorted(brands)


def users_of(schedule_ids: Sequence[int]) -> list[tuple[int, str]]:
    """Return the brands with campaigns that run by one of the schedules, and their zones."""
    condition, ids = in_ids("c.schedule_id", schedule_ids, looked_up=True)
    with connection.cursor() as cursor:
        cursor.execute(USERS.format(schedules=condition), {"ids": ids})
        found: list[tuple[int, str]] = cursor.fetchall()
    return found
