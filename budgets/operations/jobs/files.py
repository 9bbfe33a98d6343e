"""The files of a job: what was uploaded for it, and the rows it refused."""

import shutil
from collections.abc import Iterable
from hashlib import file_digest, sha256
from pathlib import Path

from budgets.models import Job
from budgets.operations.jobs.kinds import JobRefused

UPLOAD, REFUSED = "upload", "refused"


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


def discard_files(job: Job) -> None:
    """Delete the files of a job; harmless when they are gone."""
    shutil.rmtree(job.folder, ignore_errors=True)
