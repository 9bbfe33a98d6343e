"""What the page of a job shows of each kind."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from budgets.models import Job


@dataclass(frozen=True, slots=True, kw_only=True)
class JobPage:
    """How the result of a kind of job is shown."""

    label: Any
    """What the work is, in words: “Import of spend”."""
    template: str
    context: Callable[[HttpRequest, Job], dict[str, Any]]
    start_over: str
    """The name of the page on which such work begins."""
    again: str = ""
    """The name of the address that tries once more what failed, if there is one."""
    confirmed_as: str = ""
    """The kind of job that does what this one previewed, if a person confirms it on its page."""


PAGES: dict[str, JobPage] = {}
