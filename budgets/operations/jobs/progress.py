"""How far a job has come, and that its process is alive."""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from django.db import Error, connection

from budgets.models import Job
from budgets.models.job import dead_after

log = logging.getLogger(__name__)

SECONDS_BETWEEN_LOOKS = 1.0
BEATS_BEFORE_DEATH = 6
"""So many signs of life fail to come before a process is taken for dead."""


class JobTaken(Exception):
    """Another process does this job now, because this one was silent for too long."""


@dataclass(slots=True)
class Progress:
    """What the work says, and what is written of it beside the work."""

    clock: Callable[[], datetime]
    share: float = 0
    words: str = ""
    is_taken: bool = False

    def __call__(self, share: float, words: str = "") -> None:
        """Say how much is done, 0 to 1. Raises `JobTaken`."""
        self.share, self.words = min(max(share, 0), 1), words
        if self.is_taken:
            raise JobTaken

    def write(self, job: Job) -> None:
        """Write how far the job has come, and that its process lives."""
        mine = Job.objects.filter(pk=job.pk, runner=job.runner)
        written = mine.update(share=self.share, progress=self.words[:200], beat_at=self.clock())
        self.is_taken = not written


@contextmanager
def shown(job: Job, progress: Progress) -> Iterator[None]:
    """Write the progress of a job from a thread of its own: the work may be in a transaction."""
    over = threading.Event()
    thread = threading.Thread(target=keep_writing, args=(job, progress, over), daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def keep_writing(job: Job, progress: Progress, over: threading.Event) -> None:
    """Write the progress whenever it changed, and every few seconds that the job is alive."""
    written, beat_at = 0.0, progress.clock()
    pause = dead_after() / BEATS_BEFORE_DEATH
    try:
        while not over.wait(SECONDS_BETWEEN_LOOKS):
            if progress.share == written and progress.clock() - beat_at < pause:
                continue
            try:
                progress.write(job)
                written, beat_at = progress.share, progress.clock()
            except Error as error:  # the work itself will meet it; the next round tries again
                log.warning("The progress of job %s was not written: %s", job.pk, error)
                connection.close()
    finally:
        connection.close()
