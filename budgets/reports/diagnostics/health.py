"""Is the automation alive? Judged by what it last did, not by what is running."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django_celery_beat.models import PeriodicTask

from budgets.models import Heartbeat

OUR_TASKS = "budgets.tasks."

TIME_TO_WORK = timedelta(minutes=5)
CRONTAB_INTERVAL = timedelta(minutes=15)
"""What we ship a crontab for is every quarter hour."""

WATCHED = ("check_spend", "check_dayparts", "reset_daily")
"""Without these no campaign stops or starts at its hour: `/healthz` fails when one is late."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskHealth:
    """One recurring task: when it last ran (`None`: never yet) and whether that is too long ago."""

    name: str
    at: datetime | None
    is_late: bool


def task_health(*, now: datetime) -> list[TaskHealth]:
    """Return the health of every recurring task at the instant.

    A task that never ran is not late: a fresh installation has a first minute, too. One that a
    person disabled is: campaigns overspend all the same.
    """
    last = dict(Heartbeat.objects.values_list("name", "at"))
    tasks = PeriodicTask.objects.filter(task__startswith=OUR_TASKS).select_related("interval")
    return [
        TaskHealth(
            name=task.name,
            at=last.get(task.name),
            is_late=is_late(last.get(task.name), late_after(task), now=now),
        )
        for task in tasks.order_by("name")
    ]


def late_after(task: PeriodicTask) -> timedelta:
    """Return how old the task's last run may be: two intervals and some time to do the work."""
    if task.interval is None:
        return 2 * CRONTAB_INTERVAL + TIME_TO_WORK
    interval = timedelta(**{task.interval.period: task.interval.every})
    return 2 * interval + TIME_TO_WORK


def is_late(at: datetime | None, limit: timedelta, *, now: datetime) -> bool:
    """Say whether the last run is longer ago than the limit."""
    return at is not None and now - at > limit
