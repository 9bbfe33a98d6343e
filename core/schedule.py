"""What beat fires and why.

The entries become rows of django-celery-beat when they are missing; from then on the rows rule,
and an edit made in the admin outlives every restart.
"""

from dataclasses import dataclass
from typing import Any

from django.db import connections
from django.db.models import Q
from django_celery_beat.models import CrontabSchedule, IntervalSchedule, PeriodicTask

MINUTE = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One task that beat sends at an interval, or at minutes of the hour."""

    task: str
    why: str
    every_seconds: int | None = None
    at_minutes: str | None = None
    expires_seconds: int
    """A message older than this is dropped: no backlog storms, the next one does its work."""

    @property
    def name(self) -> str:
        return self.task.rpartition(".")[2]


ENTRIES = (
    Entry(
        task="budgets.tasks.check_spend",
        every_seconds=10 * MINUTE,
        expires_seconds=9 * MINUTE,
        why="Pauses what reached a budget and resumes what has room, should an ingest's own "
        "check have been missed.",
    ),
    Entry(
        task="budgets.tasks.check_dayparts",
        every_seconds=10 * MINUTE,
        expires_seconds=9 * MINUTE,
        why="Opens and closes schedules and flights, should their instant have been missed.",
    ),
    Entry(
        task="budgets.tasks.decide_due",
        every_seconds=MINUTE,
        expires_seconds=MINUTE,
        why="Opens and closes schedules and flights, and turns days, at their instant: a worker "
        "sends it at each quarter hour, and this makes up for one that did not.",
    ),
    Entry(
        task="budgets.tasks.reset_daily",
        at_minutes="*/15",
        expires_seconds=14 * MINUTE,
        why="Meets every brand's own midnight (zones differ by quarter hours), closes the days "
        "that ended and, on the 1st, the month. A lone midnight entry is never enough: beat "
        "skips a crontab it was down for.",
    ),
    Entry(
        task="budgets.tasks.deliver_changes",
        every_seconds=MINUTE,
        expires_seconds=MINUTE,
        why="Tells ad platforms which campaigns stop and start, until they confirm: the net below "
        "what is sent as it is decided.",
    ),
    Entry(
        task="budgets.tasks.sync_spend",
        every_seconds=MINUTE,
        expires_seconds=MINUTE,
        why="Pulls spend from every platform account.",
    ),
    Entry(
        task="budgets.tasks.resume_jobs",
        every_seconds=MINUTE,
        expires_seconds=MINUTE,
        why="Goes on with imports and other jobs whose worker died, and begins those that wait.",
    ),
)


def install_missing_entries(*, using: str, **_: Any) -> None:
    """Create the rows of beat that do not exist yet; leave those that do as people set them."""
    if PeriodicTask._meta.db_table not in connections[using].introspection.table_names():
        return
    rows = PeriodicTask.objects.using(using)
    for entry in ENTRIES:
        if not rows.filter(Q(name=entry.name) | Q(task=entry.task)).exists():
            rows.create(
                name=entry.name,
                task=entry.task,
                description=entry.why,
                expire_seconds=entry.expires_seconds,
                **when(entry, using=using),
            )


def when(entry: Entry, *, using: str) -> dict[str, IntervalSchedule | CrontabSchedule]:
    """Return the schedule row of an entry, as the field it belongs to."""
    if entry.at_minutes is not None:
        crontab, _ = CrontabSchedule.objects.using(using).get_or_create(
            minute=entry.at_minutes,
            hour="*",
            day_of_week="*",
            day_of_month="*",
            month_of_year="*",
            timezone="UTC",
        )
        return {"crontab": crontab}
    interval, _ = IntervalSchedule.objects.using(using).get_or_create(
        every=entry.every_seconds, period=IntervalSchedule.SECONDS
    )
    return {"interval": interval}
