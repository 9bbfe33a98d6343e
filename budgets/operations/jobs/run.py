"""Run a job: claim it, do its work, and write what came of it, if it is still ours."""

import logging
import secrets
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import (
    IntegrityError,
    InterfaceError,
    OperationalError,
    connection,
    transaction,
)
from django.db.models import F

from budgets.models import Job, JobState
from budgets.operations.jobs.files import discard_upload
from budgets.operations.jobs.kinds import PREVIEWS, WORKS, JobRefused
from budgets.operations.jobs.progress import JobTaken, Progress, shown

log = logging.getLogger(__name__)

MOST_TRIES = 5
"""So often a job is begun whose process dies: then it is taken for what kills it."""


def run_job(job_id: int, *, clock: Callable[[], datetime]) -> bool:
    """Do the job, unless somebody is at it or enough others are; return whether it ended.

    What the work raises for the person who asked is the job's error; a database that goes away
    leaves the job to be resumed, and not at once.
    """
    job = claim(job_id, now=clock())
    if job is None:
        return False
    progress, is_preview = Progress(clock), job.kind in PREVIEWS
    try:
        with shown(job, progress):
            result = WORKS[job.kind](job, progress)
    except JobTaken:
        log.warning("Job %s is done by another process; this one stops.", job_id)
        return False
    except JobRefused as refusal:
        end(job, JobState.FAILED, now=clock(), error=str(refusal))
        if is_preview:  # of what cannot be confirmed
            discard_upload(job)
    except (OperationalError, InterfaceError) as error:
        log.exception("Job %s was interrupted by the database", job_id)
        release(job, f"The database failed: {' '.join(str(error).split())}")
        return False
    except Exception:
        log.exception("Job %s failed", job_id)
        end(job, JobState.FAILED, now=clock(), error=failure(job))
    else:
        end(job, JobState.DONE, now=clock(), kind=job.kind, result=result)
    return True


def claim(job_id: int, *, now: datetime) -> Job | None:
    """Make this process the only one to do the job, in the first slot that is free."""
    runner = secrets.token_hex(16)
    for slot in range(settings.JOBS_AT_ONCE):
        try:
            with transaction.atomic():
                Job.objects.due(now=now).filter(pk=job_id).update(
                    state=JobState.RUNNING,
                    runner=runner,
                    slot=slot,
                    tries=F("tries") + 1,
                    began_at=now,
                    beat_at=now,
                )
        except IntegrityError:  # the slot has its job
            continue
        break
    job = Job.objects.select_related("asked_by").filter(pk=job_id, runner=runner).first()
    if job is not None and job.tries > MOST_TRIES:
        end(job, JobState.FAILED, now=now, error=failure(job))
        return None
    return job


def finish(job: Job, result: dict[str, Any], *, now: datetime) -> None:
    """Write that the job is done in the transaction of its work: both are kept, or neither.

    For work that must not be done twice. Raises `JobTaken`, which takes the work back.
    """
    if not end(job, JobState.DONE, now=now, result=result):
        raise JobTaken


def end(job: Job, state: JobState, *, now: datetime, **outcome: Any) -> bool:
    """Write what came of the job, unless another process took it over or it is written already."""
    mine = Job.objects.filter(pk=job.pk, runner=job.runner)
    return bool(mine.update(state=state, slot=None, runner="", ended_at=now, **writable(outcome)))


def writable(value: Any) -> Any:
    """Return what came of a job without characters that PostgreSQL stores in no text.

    A hostile cell is quoted where it is refused.
    """
    if isinstance(value, str):
        return value.replace("\0", "\ufffd").encode("utf-8", "replace").decode()
    if isinstance(value, dict):
        return {writable(key): writable(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [writable(each) for each in value]
    return value


def release(job: Job, why: str) -> None:
    """Let the job wait for its next try. What cannot be written is found by its silence."""
    if not connection.in_atomic_block:  # as within a test
        connection.close()  # the next one may work again
    mine = Job.objects.filter(pk=job.pk, runner=job.runner)
    mine.update(state=JobState.WAITING, slot=None, runner="", progress=why[:200])


def failure(job: Job) -> str:
    """Say that it is our fault, and what to do."""
    return (
        f"This did not work, and the fault is ours: the log of the worker says more under “Job "
        f"{job.pk}”. What was recorded before it happened counts once; ask for it again."
    )
