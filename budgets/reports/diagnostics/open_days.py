"""Are the days that ended closed?"""

from datetime import date, datetime, timedelta

from django.db.models import Min, Q

from budgets.models import Brand
from budgets.rules.clock import DAY, clock_of

TIME_TO_CLOSE = timedelta(hours=1)
"""A day is closed within a quarter hour of its end, and many brands take a while."""


def oldest_open_day(*, now: datetime) -> date | None:
    """Return the oldest local day that ended a while ago and is not closed; `None` where none."""
    zones = (
        Brand.objects.order_by()
        .values_list("timezone")
        .annotate(closed=Min("closed_day"), made=Min("created_at", filter=Q(closed_day=None)))
    )
    found = []
    for zone, closed, made in zones:
        clock = clock_of(zone)
        first_open = [closed + DAY] if closed else []
        first_open += [clock.day(made)] if made else []
        found += [day for day in first_open if day < clock.day(now - TIME_TO_CLOSE)]
    return min(found, default=None)


def fault_of_open_days(*, now: datetime) -> str:
    """Say since when days that ended are not closed; nothing where all is well."""
    day = oldest_open_day(now=now)
    if day is None:
        return ""
    return (
        f"Days that ended are not closed, the oldest is {day}. The log of reset_daily says why; "
        "after a time without it they are caught up by themselves."
    )
