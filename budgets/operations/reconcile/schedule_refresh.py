"""Schedules edited in SQL or with `update()`: read their hours again before deciding on them."""

import logging

from budgets.models import Schedule
from budgets.rules.hours import BadHours, WeekHours

log = logging.getLogger(__name__)


def refresh_weeks() -> int:
    """Derive the week of every schedule whose text changed past `save()`; return how many.

    Text that is no schedule keeps the week it had, or closes a schedule that had none: when in
    doubt, spend nothing.
    """
    stale = list(Schedule.objects.with_hours_changed().only("id", "name", "hours", "week"))
    for schedule in stale:
        Schedule.objects.filter(pk=schedule.pk).update(
            week=readable_week(schedule), hours_read=schedule.hours
        )
    return len(stale)


def readable_week(schedule: Schedule) -> bytes:
    """Return the week the text describes, or the last one that could be read."""
    try:
        return WeekHours.parse(schedule.hours).week
    except BadHours as error:
        log.error("Schedule “%s” (%s) has unreadable hours: %s", schedule, schedule.pk, error)
        return schedule.week_hours.week
