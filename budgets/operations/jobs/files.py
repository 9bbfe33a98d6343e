"""The files of a job: what was uploaded for it, the rows it refused, and what it made."""

import shutil
from collections.abc import Iterable
from datetime import datetime, timedelta
from hashlib import file_digest, sha256
from pathlib import Path

from django.conf import settings

from budgets.models import Job, JobState
from budgets.operations.jobs.kinds import PREVIEWS, JobRefused

UPLOAD, REFUSED, MADE = "upload", "refused", "made"
FILES_KEPT = timedelta(days=90)
FAILED_KEPT = timedelta(days=1)
ORPHANS_KEPT = timedelta(hours=1)


def keep_upload(job: Job, chunks: Iterable[bytes]) -> str:
    """Store an uploaded file in the job's folder; return its digest. Raises `OSError`."""
    job.folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    job.folder.mkdir(mode=0o700)
    digest = sha256()
    try:
        with (job.folder / UPLOAD).open("xb") as stored:
            for chunk in chunks:
                digest.update(chunk)
                stored.write(chunk)
    except OSError:
        discard_files(job)
        raise
    return digest.hexdigest()


def uploaded(job: Job) -> Path:
    """Return the path of the very file that was uploaded. Raises `JobRefused`."""
    path = job.folder / UPLOAD
    try:
        with path.open("rb") as file:
            is_same = file_digest(file, "sha256").hexdigest() == job.arguments["sha256"]
    except OSError:
        is_same = False
    if not is_same:
        raise JobRefused(
            "The uploaded file is not here any more; choose it again. (Web and workers must share "
            "the folder VAR_DIR.)"
        )
    return path


def made(job: Job) -> Path:
    """Return where the job writes the file that it makes."""
    job.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return job.folder / MADE


def discard_old_files(*, now: datetime) -> None:
    """Delete the files of jobs that are gone, or ended long ago, and uploads that were imported."""
    found = folders()
    jobs = Job.objects.filter(folder_name__in=[folder.name for folder in found]).defer("result")
    by_folder = {job.folder_name: job for job in jobs}
    for folder in found:
        job = by_folder.get(folder.name)
        if job is None:
            # The folder of an upload is there before its job is.
            if folder.stat().st_mtime < (now - ORPHANS_KEPT).timestamp():
                shutil.rmtree(folder, ignore_errors=True)
        elif job.ended_at and job.ended_at < now - FILES_KEPT:
            discard_files(job)
        elif job.kind not in PREVIEWS and is_done_with(job, now=now):
            discard_upload(job)


def is_done_with(job: Job, *, now: datetime) -> bool:
    """Say whether nobody needs the upload: it was imported, or not tried again for long."""
    if job.state == JobState.FAILED and job.ended_at:
        return job.ended_at < now - FAILED_KEPT
    return job.state == JobState.DONE


def folders() -> list[Path]:
    """Return the folders of jobs on this machine."""
    root = Path(settings.VAR_DIR) / "jobs"
    return list(root.iterdir()) if root.exists() else []


def discard_upload(job: Job) -> None:
    (job.folder / UPLOAD).unlink(missing_ok=True)


def discard_files(job: Job) -> None:
    """Delete the files of a job; harmless when they are gone."""
    shutil.rmtree(job.folder, ignore_errors=True)
