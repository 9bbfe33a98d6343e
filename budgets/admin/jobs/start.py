"""Hand work to a worker, and show the person where to watch it."""

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse
from kombu.exceptions import OperationalError

from budgets.admin.base.admin import request_time
from budgets.models import Job
from budgets.operations.jobs.keep import ask, ask_again
from budgets.tasks import run_job, send_now


def start(
    request: HttpRequest,
    kind: str,
    *,
    title: str,
    arguments: dict[str, Any],
    upload: UploadedFile[Any] | None = None,
) -> HttpResponseRedirect:
    """Have a job done; redirect to its page. Raises `OSError` where the file cannot be kept."""
    job = ask(
        kind,
        title=title,
        by=request.user,
        now=request_time(request),
        arguments=arguments,
        upload=upload and upload.chunks(),
    )
    return sent(job)


def start_again(
    request: HttpRequest, job: Job, *, kind: str, arguments: dict[str, Any]
) -> HttpResponseRedirect:
    """Have an ended job done in another way, once; redirect to its page."""
    if ask_again(job, kind=kind, arguments=arguments, now=request_time(request)):
        return sent(job)
    return HttpResponseRedirect(job_page(job))


def sent(job: Job) -> HttpResponseRedirect:
    """Send the job to a worker, or do it here where no broker takes it."""
    try:
        send_now(run_job, job.pk)
    except OperationalError:
        run_job(job.pk)
    return HttpResponseRedirect(job_page(job))


def job_page(job: Job) -> str:
    return reverse("admin:budgets_job_change", args=[job.pk])
