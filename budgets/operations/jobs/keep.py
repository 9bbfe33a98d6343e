"""Ask for jobs, find those that are due, and let go of what is no longer needed."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings

from budgets.models import Job, JobState
from budgets.operations.jobs.files import discard_files, discard_old_files, keep_upload
from budgets.operations.jobs.kinds import PREVIEWS

UNCONFIRMED_KEPT = timedelta(days=1)
"""How long the file of a preview waits for the person who uploaded it."""


def ask(
    kind: str,
    *,
    title: str,
    by: Any,
    now: datetime,
    arguments: dict[str, Any],
    upload: Iterable[bytes] | None = None,
) -> Job:
    """Write down the job, and the file it is about; somebody has to send it to a worker."""
    job = Job(kind=kind, title=title[:200], asked_by=by, asked_at=now, arguments=arguments)
    if upload is not None:
        job.arguments["sha256"] = keep_upload(job, upload)
    job.save()
    return job


def ask_again(job: Job, *, kind: str, arguments: dict[str, Any], now: datetime) -> bool:
    """Have an ended job done in another way; `False` where somebody did that before."""
    ended = Job.objects.filter(
        pk=job.pk, kind=job.kind, state__in=[JobState.DONE, JobState.FAILED], ended_at=job.ended_at
    )
    return bool(
        ended.update(
            kind=kind,
            arguments=job.arguments | arguments,
            state=JobState.WAITING,
            asked_at=now,
            tries=0,
            began_at=None,
            ended_at=None,
            share=0,
            progress="",
            result=None,
            error="",
        )
    )


def due_jobs(*, now: datetime) -> list[int]:
    """Return the ids of the first jobs that nobody works on, as many as may run at once."""
    due = Job.objects.due(now=now).order_by("asked_at", "pk")
    return list(due.values_list("pk", flat=True)[: settings.JOBS_AT_ONCE])


def discard_old(*, now: datetime) -> None:
    """Delete previews that nobody confirmed in time, and files that nobody needs."""
    ended = Job.objects.filter(state__in=[JobState.DONE, JobState.FAILED])
    for job in ended.filter(kind__in=PREVIEWS, ended_at__lt=now - UNCONFIRMED_KEPT):
        discard_files(job)
        job.delete()
    discard_old_files(now=now)
