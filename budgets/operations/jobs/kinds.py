"""The kinds of jobs: each a function that does the work and returns what came of it."""

from collections.abc import Callable
from typing import Any

from budgets.models import Job
from budgets.operations.jobs.progress import Progress

Work = Callable[[Job, Progress], dict[str, Any]]
"""Does a job, telling how far it has come, and returns its result as plain data.

It may be called again after its process died, so what it did before must do no harm. It raises
`JobRefused` for what the person who asked must put right.
"""

WORKS: dict[str, Work] = {}
PREVIEWS: set[str] = set()
"""Kinds of which the result is for a person to confirm, and is worth nothing a day later."""


class JobRefused(Exception):
    """Work that cannot be done as it was asked for; the message says why and what to do."""


def does(kind: str, *, is_preview: bool = False) -> Callable[[Work], Work]:
    """Make a function the work of this kind of job."""

    def register(work: Work) -> Work:
        WORKS[kind] = work
        if is_preview:
            PREVIEWS.add(kind)
        return work

    return register
