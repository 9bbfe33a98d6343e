"""The worker and beat, started one by one as a Celery user would."""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.processes.broker import EmbeddedBroker
from tests.processes.installation import Installation, wait_for

pytestmark = pytest.mark.processes

CELERY = str(Path(sys.executable).with_name("celery"))
SCHEDULED = {
    "budgets.tasks.check_spend",
    "budgets.tasks.check_dayparts",
    "budgets.tasks.decide_due",
    "budgets.tasks.reset_daily",
    "budgets.tasks.deliver_changes",
    "budgets.tasks.sync_spend",
    "budgets.tasks.resume_jobs",
}

# Beat sends an entry when it last did so long enough ago; nobody wants to wait for that here.
MAKE_EVERYTHING_DUE = """
import datetime, django
django.setup()
from django_celery_beat.models import PeriodicTask, PeriodicTasks
from django.utils import timezone
tasks = PeriodicTask.objects.filter(enabled=True)
tasks.update(last_run_at=timezone.now() - datetime.timedelta(days=1))
PeriodicTasks.update_changed()
print(*tasks.values_list("task", flat=True))
"""


@pytest.fixture(scope="module")
def scheduled(installation: Installation) -> set[str]:
    """The tasks that beat will send at once in a freshly migrated database."""
    installation.environment["DJANGO_SETTINGS_MODULE"] = "core.settings"
    migrated = installation.run("manage.py", "migrate", "--verbosity=0")
    assert migrated.returncode == 0, migrated.stderr
    due = installation.run("-c", MAKE_EVERYTHING_DUE)
    assert due.returncode == 0, due.stderr
    return set(due.stdout.split())


@pytest.fixture(scope="module")
def broker(installation: Installation) -> None:
    """The Redis under test, or the embedded broker."""
    if installation.environment.get("REDIS_URL"):
        return
    embedded = EmbeddedBroker(installation.var / "valkey")
    program = embedded.program()
    installation.start(*program.command, log="broker.log")
    wait_for(program.is_ready, seconds=10, what="broker")
    installation.environment["REDIS_URL"] = embedded.url


@pytest.fixture(scope="module")
def worker_log(installation: Installation, scheduled: set[str], broker: None) -> Iterator[str]:
    """What the worker wrote until it had run everything that beat sent."""
    installation.start(CELERY, "-A", "core", "worker", "--loglevel=info", log="worker.log")
    installation.start(CELERY, "-A", "core", "beat", "--loglevel=info", log="beat.log")
    wait_for(
        lambda: scheduled <= succeeded(installation.log("worker.log")),
        seconds=90,
        what=f"success of every one of {scheduled}",
    )
    yield installation.log("worker.log")
    installation.end()


def succeeded(log: str) -> set[str]:
    return set(re.findall(r"Task ([\w.]+)\[[\w-]+\] succeeded", log))


def test_every_task_of_the_product_is_scheduled(scheduled: set[str]) -> None:
    assert scheduled >= SCHEDULED


def test_every_scheduled_task_is_registered_with_the_worker(
    scheduled: set[str], worker_log: str
) -> None:
    assert scheduled <= set(re.findall(r"^  \. ([\w.]+)$", worker_log, re.MULTILINE))


def test_every_scheduled_task_is_sent_by_beat_and_run_by_the_worker(
    scheduled: set[str], worker_log: str
) -> None:
    assert set(re.findall(r"Task ([\w.]+)\[[\w-]+\] received", worker_log)) >= scheduled
    assert succeeded(worker_log) >= scheduled


def test_no_scheduled_task_fails(worker_log: str) -> None:
    assert "ERROR" not in worker_log
