"""Do the recurring tasks do their work? Judged by the runs they finished, not by what runs."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta

from celery.schedules import ParseException
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import Min
from django_celery_beat.models import PeriodicTask
from django_celery_beat.tzcrontab import TzAwareCrontab

from budgets.models import PlatformAccount
from budgets.models.heartbeat import Part
from budgets.reports.diagnostics.last_runs import LastRun, last_runs
from budgets.rules.clock import CLOCKS_APART
from core.schedule import ENTRIES

OUR_TASKS = "budgets.tasks."
TIME_TO_WORK = timedelta(minutes=5)

CHECKS = ("check_spend", "check_dayparts")
WATCHED = (*CHECKS, "reset_daily")
"""Without these no campaign stops or starts at its hour, whatever else works."""

WATCHED_WITH_A_PLATFORM = ("deliver_changes", "sync_spend")
"""Without these a platform is not told what was decided, and its spend is not known."""

PLATFORM_PATIENCE = timedelta(minutes=30)
"""A platform may be away for a while; the next run makes up for it."""

QUARTER_HOUR = timedelta(minutes=15)
"""What we ship a crontab for is every quarter hour."""

MINUTE = timedelta(minutes=1)
LONGEST_WAIT = timedelta(days=2)
"""Work that guards budgets and is done less often is late, whatever a crontab says."""

INTERVALS = {
    entry.name: timedelta(seconds=entry.every_seconds) if entry.every_seconds else QUARTER_HOUR
    for entry in ENTRIES
}

LOOK = "Start worker and beat; if they run, the worker's log says why it fails."


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskHealth:
    """One recurring task: when it last finished (`None`: never yet), and what is wrong with it."""

    name: str
    at: datetime | None
    fault: str = ""
    """A sentence that says what is wrong and what to do; empty where nothing is."""
    is_watched: bool
    due_at: datetime | None = None
    """When it is to run next, by what beat sends; `None` where it sends nothing."""

    @property
    def is_late(self) -> bool:
        return bool(self.fault)


def task_health(*, now: datetime) -> list[TaskHealth]:
    """Return the health of every recurring task at the instant, those with no row included.

    A task that never finished is given time from the beginning of the installation, not for ever.
    """
    rows: dict[str, list[PeriodicTask]] = defaultdict(list)
    for row in PeriodicTask.objects.filter(task__startswith=OUR_TASKS).select_related(
        "interval", "crontab"
    ):
        rows[row.task.removeprefix(OUR_TASKS)].append(row)
    watched = watched_tasks()
    runs = last_runs()
    found = [runs.get(name, LastRun(Part(name), None)) for name in sorted({*rows, *watched})]
    installed = None if all(run.at for run in found) else installed_at()
    return [
        TaskHealth(
            name=run.part.task,
            at=run.at,
            fault=fault_of(run, rows[run.part.task], installed=installed, now=now),
            is_watched=run.part.task in watched,
            due_at=due_at(run, rows[run.part.task], installed=installed),
        )
        for run in found
    ]


def due_at(
    last: LastRun, rows: list[PeriodicTask], *, installed: datetime | None
) -> datetime | None:
    """Return when a task is to run next; the first time counts from the installation."""
    since = last.at or installed
    if since is None:
        return None
    return min((next_turn(row, since) for row in rows if row.enabled), default=None)


def minutes_until(due_at: datetime | None, *, now: datetime) -> int:
    """Return the minutes that are left, begun ones included; 0 where the time has come."""
    return 0 if due_at is None else max(0, -((now - due_at) // MINUTE))


def has_platform() -> bool:
    return PlatformAccount.objects.filter(is_on=True).exists()


def watched_tasks() -> tuple[str, ...]:
    return WATCHED + (WATCHED_WITH_A_PLATFORM if has_platform() else ())


def fault_of(
    last: LastRun, rows: list[PeriodicTask], *, installed: datetime | None, now: datetime
) -> str:
    """Judge one task by its last run and by the rows that beat sends it for."""
    enabled = [row for row in rows if row.enabled]
    if not enabled:
        is_needed = last.part.task in watched_tasks()
        return fault_of_rows(last.part.task, is_disabled=bool(rows)) if is_needed else ""
    if last.at is not None and last.at - now > CLOCKS_APART:
        return f"{last.part} last finished in the future: the clock went back, or clocks differ."
    since = last.at or installed
    if since is None or now <= min(late_at(row, since) for row in enabled):
        return ""
    minutes = (now - since) // MINUTE
    if last.at is None:
        return f"{last.part} never finished in {minutes:,} minutes since the installation. {LOOK}"
    return f"{last.part} last finished {minutes:,} minutes ago. {LOOK}"


def fault_of_rows(name: str, *, is_disabled: bool) -> str:
    """Say what is wrong with a task that beat does not send."""
    if is_disabled:
        return f"{name} is off. Turn it on under Recurring tasks."
    return (
        f"No periodic task sends {name}: it was deleted or renamed. Run manage.py migrate, which "
        f"adds what is missing, or set the task of its entry to {OUR_TASKS}{name} in the admin."
    )


def installed_at() -> datetime | None:
    """Return when the tables of this database were made, as the database remembers."""
    applied = MigrationRecorder.Migration.objects.filter(app="budgets")
    found: datetime | None = applied.aggregate(first=Min("applied"))["first"]
    return found


def late_at(row: PeriodicTask, since: datetime) -> datetime:
    """Return when a task is late that last finished then: after two turns, and time to work."""
    name = row.task.removeprefix(OUR_TASKS)
    patience = PLATFORM_PATIENCE if name in WATCHED_WITH_A_PLATFORM else TIME_TO_WORK
    return next_turn(row, next_turn(row, since)) + patience


def next_turn(row: PeriodicTask, after: datetime) -> datetime:
    """Return when beat sends the task next after an instant."""
    if row.interval is not None:
        return after + timedelta(**{row.interval.period: row.interval.every})
    if row.crontab is not None:
        try:
            return next_match(row.crontab.schedule, after)
        except (ParseException, ValueError):  # typed into the database; beat skips it
            pass
    return after + INTERVALS.get(row.task.removeprefix(OUR_TASKS), QUARTER_HOUR)


def next_match(times: TzAwareCrontab, after: datetime) -> datetime:
    """Return the next minute that a crontab names; Celery's own answer depends on its clock."""
    whole = after.replace(second=0, microsecond=0)
    for minutes in range(1, LONGEST_WAIT // MINUTE):
        at = whole + minutes * MINUTE
        local = at.astimezone(times.tz)
        if (
            local.minute in times.minute
            and local.hour in times.hour
            and local.isoweekday() % 7 in times.day_of_week
            and local.day in times.day_of_month
            and local.month in times.month_of_year
        ):
            return at
    return whole + LONGEST_WAIT
