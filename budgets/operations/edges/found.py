"""Which brands and schedules have an edge between two instants."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.models import Q

from budgets.models import Brand, Campaign, Schedule
from budgets.operations.database import id_rows
from budgets.rules.clock import clock_of

# The week as `decision_sql` reads it.
TURNED = """
WITH pair (before, after) AS (VALUES {pairs})
SELECT p.before, p.after, h.id FROM pair p CROSS JOIN budgets_schedule h
WHERE substr(h.week, p.before + 1, 1) <> substr(h.week, p.after + 1, 1)
"""

Pair = tuple[int, int]
"""Two quarter hours of a local week, 0 to 671."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Edges:
    """Brands whose local day has turned, and others with schedules that opened or closed."""

    brands_past_midnight: Sequence[int]
    brands_of_schedules: Sequence[int]
    schedules_turned: Sequence[int]


def edges_between(since: datetime, now: datetime) -> Edges:
    """Return what time alone has changed in (since, now], on the clocks of the brands."""
    Schedule.objects.refresh_weeks()
    zones = list(Brand.objects.order_by().values_list("timezone", flat=True).distinct())
    turned = [z for z in zones if clock_of(z).day(since) != clock_of(z).day(now)]
    slots = {z: (clock_of(z).slot(since), clock_of(z).slot(now)) for z in zones}
    schedules = schedules_turned({pair for pair in slots.values() if pair[0] != pair[1]})
    in_zones = Q(pk__in=[])
    # A loop over pairs of quarter hours: zones share few of them.
    for pair, schedule_ids in schedules.items():
        names = [z for z in zones if slots[z] == pair and z not in turned]
        in_zones |= Q(brand__timezone__in=names, schedule__in=id_rows(schedule_ids))
    users = Campaign.objects.filter(in_zones).order_by()
    return Edges(
        brands_past_midnight=list(
            Brand.objects.filter(timezone__in=turned).order_by("id").values_list("id", flat=True)
        ),
        brands_of_schedules=list(users.values_list("brand_id", flat=True).distinct()),
        schedules_turned=sorted({pk for ids in schedules.values() for pk in ids}),
    )


def schedules_turned(pairs: Collection[Pair]) -> dict[Pair, list[int]]:
    """Return the schedules that are open in one of two quarter hours and closed in the other."""
    if not pairs:
        return {}
    found: dict[Pair, list[int]] = defaultdict(list)
    with connection.cursor() as cursor:
        listed = ", ".join(f"({before:d}, {after:d})" for before, after in sorted(pairs))
        cursor.execute(TURNED.format(pairs=listed))
        for before, after, schedule_id in cursor.fetchall():
            found[before, after].append(schedule_id)
    return found
