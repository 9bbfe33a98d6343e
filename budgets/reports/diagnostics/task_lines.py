"""What runs by itself: how often, when last, for how long, and when next."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django_celery_beat.models import PeriodicTask

from budgets.models.heartbeat import Part
from budgets.reports.diagnostics.last_runs import LastRun, last_runs
from budgets.reports.diagnostics.recurring import (
    OUR_TASKS,
    fault_of,
    installed_at,
    next_turn,
    watched_tasks,
)

SCHEDULES = ("interval", "crontab", "solar", "clocked")


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskLine:
    """One entry of beat, and what is known about the work it asks for."""

    row: PeriodicTask
    name: str
    """The name of one of our tasks; empty for what others added."""
    run: LastRun
    next_at: datetime | None
    fault: str
    is_watched: bool
    """Without it no campaign stops or starts at its hour, or no platform is told."""

    @property
    def took(self) -> timedelta | None:
        return self.run.took


def task_lines(*, now: datetime) -> list[TaskLine]:
    """Return every entry, ours first, those that guard budgets on top."""
    runs, installed, watched = last_runs(), installed_at(), watched_tasks()
    lines = []
    for row in PeriodicTask.objects.select_related(*SCHEDULES):
        name = row.task.removeprefix(OUR_TASKS) if row.task.startswith(OUR_TASKS) else ""
        run = runs.get(name, LastRun(Part(name), None))
        lines.append(
            TaskLine(
                row=row,
                name=name,
                run=run,
                next_at=next_at(row, run, now=now),
                fault=fault_of(run, [row], installed=installed, now=now) if name else "",
                is_watched=name in watched,
            )
        )
    place = {name: number for number, name in enumerate(watched)}
    return sorted(lines, key=lambda line: (place.get(line.name, 99), not line.name, line.row.name))


def next_at(row: PeriodicTask, run: LastRun, *, now: datetime) -> datetime | None:
    """Return when beat sends it next, `None` where it does not or cannot be reckoned here."""
    if not row.enabled:
        return None
    if row.clocked is not None:
        at: datetime = row.clocked.clocked_time
        return at
    if row.interval is None and row.crontab is None:
        return None
    if row.crontab is not None:
        return next_turn(row, now)
    return max(next_turn(row, row.last_run_at or run.at or now), now)
