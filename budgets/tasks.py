"""What beat fires: read the clock, call one operation, write the heartbeat.

Every task may run twice, late or beside itself; the next run is right whatever happened before.
"""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from functools import partial
from typing import Any

from celery import current_app, group, shared_task
from django.conf import settings
from django.dispatch import receiver
from django.utils import timezone
from kombu.exceptions import OperationalError

from budgets.models.heartbeat import Part
from budgets.operations.close import close_periods
from budgets.operations.deliver import deliver_changes as deliver
from budgets.operations.edges import decide_due as decide_edges
from budgets.operations.heartbeat import record_beat
from budgets.operations.jobs import run as jobs
from budgets.operations.jobs.keep import discard_old, due_jobs
from budgets.operations.platforms.pull import sync_spend as sync
from budgets.operations.reconcile.decision_input import Shard
from budgets.operations.reconcile.transitions import reconcile_shard
from budgets.operations.reconcile.wanted import statuses_wanted
from core.broker import IMPATIENT_OPTIONS

LONGEST_JOB_SECONDS = 6 * 3600
JOB_EXPIRES_SECONDS = 600
"""A job that still waits is sent again every minute; its older messages are dropped."""
DELIVERY_EXPIRES_SECONDS = 60
"""The sweep has taken it up by then."""
EDGE_EXPIRES_SECONDS = 60
"""Beat has sent another by then."""
CHECK_EXPIRES_SECONDS = 540
"""A part of a check that waited this long for a worker is dropped; the next check does its work."""


def send_now(task: Any, *arguments: Any, **options: Any) -> None:
    """Send a task while somebody waits. Raises `OperationalError` where no broker takes it."""
    with current_app.connection_for_write(transport_options=IMPATIENT_OPTIONS) as connection:
        task.apply_async(arguments, connection=connection, retry=False, **options)


def run(name: str, operation: Callable[..., int]) -> int:
    """Run the operation for this instant; note when it had finished, and nothing if it failed."""
    began = timezone.now()
    result = operation(now=began)
    record_beat(name, result=result, now=timezone.now(), began=began)
    return result


def check(name: str) -> int:
    """Tick here, or send one task a shard to whichever workers are free."""
    shards = settings.RECONCILE_SHARDS
    if shards == 1:
        return run(name, partial(reconcile_shard, shard=Shard(), clock=timezone.now))
    group(check_shard.s(name, number, shards) for number in range(shards)).apply_async(
        expires=CHECK_EXPIRES_SECONDS
    )
    return 0


def send_due_jobs(*, now: datetime) -> int:
    """Send as many of the jobs that nobody works on as may run at once; return how many."""
    due = due_jobs(now=now)
    for job_id in due:
        run_job.apply_async((job_id,), expires=JOB_EXPIRES_SECONDS)
    return len(due)


@shared_task
def check_spend() -> int:
    """Pause what reached a budget, resume what has room. Returns the campaigns changed."""
    return check("check_spend")


@shared_task
def check_dayparts() -> int:
    """Open and close schedules and flights. Returns the campaigns changed."""
    return check("check_dayparts")


@shared_task
def decide_due() -> int:
    """Decide what time alone has changed since the last time. Returns the campaigns changed."""
    return decide_edges(now=timezone.now(), clock=timezone.now)


@shared_task
def check_shard(name: str, number: int, of: int) -> int:
    """Do one part of a check that was split. Returns the campaigns changed."""
    part = Part(name, of, number + 1)
    shard = Shard(number=number, of=of)
    return run(str(part), partial(reconcile_shard, shard=shard, clock=timezone.now))


@shared_task
def reset_daily() -> int:
    """Close the days and months that ended. Returns the periods closed."""
    return run("reset_daily", partial(close_periods, clock=timezone.now))


# Acknowledged when it begins: it may work for longer than a message may go unconfirmed. A job whose
# worker dies is found by its silence instead.
@shared_task(
    acks_late=False,
    ignore_result=True,
    time_limit=LONGEST_JOB_SECONDS,
    soft_time_limit=LONGEST_JOB_SECONDS,
)
def run_job(job_id: int) -> None:
    """Do a job that somebody asked for in the admin, then let the next one begin."""
    if jobs.run_job(job_id, clock=timezone.now):
        with suppress(OperationalError):  # done in a request, as no broker takes it
            send_due_jobs(now=timezone.now())


@shared_task
def resume_jobs() -> int:
    """Send the jobs that nobody works on; let go of old files. Returns the jobs sent."""
    discard_old(now=timezone.now())
    return run("resume_jobs", send_due_jobs)


@shared_task
def deliver_changes() -> int:
    """Tell every platform account what was decided. Returns the changes confirmed."""
    return run("deliver_changes", partial(deliver, clock=timezone.now))


@shared_task(ignore_result=True)
def deliver_to(account_ids: list[int]) -> int:
    """Tell these accounts what was decided just now. Returns the changes confirmed."""
    return deliver(now=timezone.now(), clock=timezone.now, account_ids=account_ids)


@receiver(statuses_wanted)
def deliver_soon(account_ids: list[int], **_: Any) -> None:
    """Have the accounts told at once; where no broker takes it, the next sweep does."""
    with suppress(OperationalError):
        send_now(deliver_to, account_ids, expires=DELIVERY_EXPIRES_SECONDS)


@shared_task
def sync_spend() -> int:
    """Pull spend from every platform account. Returns the rows that were news."""
    return run("sync_spend", partial(sync, clock=timezone.now))
