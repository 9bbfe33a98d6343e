"""Is the installation sound: migrations, broker, recurring tasks, time zones, schedules, files?"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from zoneinfo import TZPATH

import redis
from celery import current_app
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django_celery_beat.models import PeriodicTask

from budgets.models import Brand
from budgets.reports.diagnostics.open_days import fault_of_open_days
from budgets.reports.diagnostics.recurring import task_health
from budgets.reports.diagnostics.undecided import undecided_brands
from budgets.reports.diagnostics.unreadable import unreadable_hours
from budgets.rules.clock import LocalClock, UnknownZone

BROKER_SECONDS = 3
NAMED = 5
"""How many of many are named."""


class Level(StrEnum):
    """What a check found."""

    GOOD = "ok"
    NOTE = "note"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What one check found, in words that say what to do."""

    check: str
    verdict: Level
    words: str


def good(check: str, words: str) -> Finding:
    return Finding(check=check, verdict=Level.GOOD, words=words)


def note(check: str, words: str) -> Finding:
    """Return something to know that need not be wrong."""
    return Finding(check=check, verdict=Level.NOTE, words=words)


def wrong(check: str, words: str) -> Finding:
    return Finding(check=check, verdict=Level.WRONG, words=words)


def unapplied_migrations() -> list[str]:
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]


def migrations() -> Finding:
    """Look for migrations that were not applied; without them nothing else can be looked at."""
    unapplied = unapplied_migrations()
    if unapplied:
        return wrong("migrations", f"run manage.py migrate for {some(unapplied)}")
    return good("migrations", "all applied")


def findings(*, broker_url: str, now: datetime) -> Iterator[Finding]:
    """Look at everything but the books. `broker_url` is empty where none is set."""
    yield broker(broker_url)
    yield from heartbeats(now=now)
    yield closing(now=now)
    yield deciding()
    yield beat_entries()
    yield zones()
    yield schedules()
    if connection.vendor == "sqlite":
        yield integrity()


def broker(url: str) -> Finding:
    if not url:
        return note("broker", "REDIS_URL is not set; manage.py up starts a broker of its own")
    try:
        with redis.Redis.from_url(url, socket_connect_timeout=BROKER_SECONDS) as client:
            client.ping()
    except (redis.RedisError, ValueError, OSError) as error:
        return wrong(
            "broker", f"does not answer, so no task runs: {error}. Start Redis or correct REDIS_URL"
        )
    return good("broker", "answers")


def heartbeats(*, now: datetime) -> Iterator[Finding]:
    """Judge each recurring task by when it last finished, as `/healthz` does."""
    for task in task_health(now=now):
        check = f"task {task.name}"
        if task.fault:
            yield wrong(check, task.fault) if task.is_watched else note(check, task.fault)
        elif task.at is None:
            yield note(check, "has not run yet; are worker and beat running?")
        else:
            minutes = int((now - task.at).total_seconds() // 60)
            yield good(check, f"last finished {minutes:,} minutes ago")


def closing(*, now: datetime) -> Finding:
    """Look for days that ended and were not closed."""
    fault = fault_of_open_days(now=now)
    return wrong("closing", fault) if fault else good("closing", "every day that ended is closed")


def deciding() -> Finding:
    """Look for brands that the checks cannot decide."""
    brands = undecided_brands()
    if not brands:
        return good("decisions", "every brand can be decided")
    told = [f"{brand.name} ({brand.brand_id}: {brand.error})" for brand in brands]
    return wrong("decisions", f"cannot be made for {some(told)}; put right what is stored of them")


def beat_entries() -> Finding:
    """Look for periodic tasks that no worker knows: beat sends them, nobody does them."""
    current_app.loader.import_default_modules()
    entries = PeriodicTask.objects.filter(enabled=True).order_by("name")
    unknown = [
        f"{name} ({task})"
        for name, task in entries.values_list("name", "task")
        if task not in current_app.tasks
    ]
    if unknown:
        return wrong("beat", f"no worker knows {some(unknown)}; correct or disable them")
    return good("beat", "every enabled entry is a task that workers know")


def zones() -> Finding:
    """Look for brands whose time zone this host does not know."""
    unknown = []
    for name in Brand.objects.order_by("timezone").values_list("timezone", flat=True).distinct():
        try:
            LocalClock.of(name)
        except UnknownZone:
            unknown.append(name)
    if unknown:
        return wrong("time zones", f"unknown here, so UTC is used: {some(unknown)}; correct brands")
    return good("time zones", f"all known; time zone data {zone_data_version()}")


def zone_data_version() -> str:
    """Return the release of the time zone data that Python reads: the host's, else the package."""
    for folder in TZPATH:
        source = Path(folder) / "tzdata.zi"
        if source.is_file():
            with source.open() as text:
                return text.readline().removeprefix("# version").strip()
    try:
        return version("tzdata")
    except PackageNotFoundError:
        return "of the host, release unknown"


def schedules() -> Finding:
    bad = list(unreadable_hours())
    if bad:
        return wrong("schedules", f"cannot be read, so their last hours count: {some(bad)}")
    return good("schedules", "all can be read")


def integrity() -> Finding:
    """Let SQLite check its file and its references."""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA quick_check(1)")
        (answer,) = cursor.fetchone()
        cursor.execute("PRAGMA foreign_key_check")
        dangling = cursor.fetchone()
    if answer != "ok":
        return wrong("database file", f"is damaged: {answer}. Restore a backup")
    if dangling:
        table, row, parent, _ = dangling
        return wrong("database file", f"row {row} of {table} refers to no row of {parent}")
    return good("database file", "sound")


def some(names: list[str]) -> str:
    """Name the first few of many."""
    more = len(names) - NAMED
    return ", ".join(names[:NAMED]) + (f" and {more:,} more" if more > 0 else "")
