"""Edits that take long: previewed by a worker, confirmed by a person, then made by a worker.

The work is what the page itself does when the edit is small. It is given a request as the person
would make it at that moment, so that permissions, brands and what is filled in are judged anew.
"""

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from budgets.admin.base.admin import message_changes
from budgets.admin.confirm.confirmation import Unconfirmed
from budgets.admin.confirm.meanwhile import looked
from budgets.admin.confirm.plain import (
    confirmation_context,
    confirmation_facts,
    effect_context,
    effect_facts,
)
from budgets.admin.jobs.pages import PAGES, JobPage
from budgets.admin.jobs.person import request_of, require_brands, sent_with
from budgets.admin.jobs.start import start
from budgets.models import Job
from budgets.operations.edits.preview import effect_of
from budgets.operations.jobs.kinds import JobRefused, does
from budgets.operations.jobs.progress import Progress
from budgets.operations.jobs.run import finish
from budgets.operations.reconcile.undecided import CannotDecide


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What an edit did: told in messages, or kept as the result of a job."""

    words: list[str]
    change_ids: list[int] = field(default_factory=list)
    brand_ids: Collection[int] = ()
    facts: dict[str, Any] = field(default_factory=dict)
    """What else the page of the job shows."""

    def tell(self, request: HttpRequest) -> None:
        message_changes(request, self.change_ids)
        for words in self.words:
            messages.success(request, words)

    def plain(self) -> dict[str, Any]:
        return {
            "words": self.words,
            "effect": effect_facts(effect_of(self.change_ids)),
            "brand_ids": sorted(self.brand_ids),
            **self.facts,
        }


class NothingDone(Exception):
    """Work that ends without an edit; `facts` say why, on the page of the preview."""

    def __init__(self, facts: dict[str, Any]) -> None:
        super().__init__(facts)
        self.facts = facts


Work = Callable[[Job, HttpRequest, Progress], Outcome]
Ask = Callable[[Job, HttpRequest, Progress], dict[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class LongEdit:
    """A kind of edit that a worker makes."""

    kind: str
    label: Any
    start_over: str
    work: Work
    ask: Ask | None = None
    """Returns what the page of the preview shows, where the work itself does not raise it."""
    is_one: bool = True
    """Whether it is made as a whole or not at all, instead of step by step."""
    asks_with: str = "budgets/jobs/confirmation.html"
    result: str = "budgets/jobs/edit.html"
    words: Any = ""
    """On the button that confirms it."""
    form: Callable[[], Any] | None = None
    """What is to be filled in on the page that asks."""
    revise: str = ""
    """The name of the page on which what was filled in can be changed."""

    @property
    def preview_kind(self) -> str:
        return f"{self.kind}_preview"

    def register(self) -> None:
        """Have workers do it and pages show it."""
        does(self.kind)(self.make)
        does(self.preview_kind, is_preview=True)(self.preview)
        page = {"start_over": self.start_over, "confirmed_as": self.kind}
        PAGES[self.kind] = JobPage(
            label=self.label, template=self.result, context=result_context, **page
        )
        PAGES[self.preview_kind] = JobPage(
            label=format_lazy(
                "{preview}: {what}", preview=gettext_lazy("Preview"), what=self.label
            ),
            template=self.asks_with,
            context=self.question_context,
            **page,
        )

    def begin(
        self, request: HttpRequest, *, title: str, upload: Any = None, **arguments: Any
    ) -> HttpResponseRedirect:
        """Have what the edit would do worked out; redirect to where it is shown."""
        arguments = {"sent": sent_with(request), **arguments}
        return start(request, self.preview_kind, title=title, arguments=arguments, upload=upload)

    def preview(self, job: Job, progress: Progress) -> dict[str, Any]:
        """Return what the edit would do; where nothing is to be asked it is made."""
        if self.ask is None:
            return self.make(job, progress)
        with refusals():
            return self.ask(job, request_of(job, progress), progress)

    def make(self, job: Job, progress: Progress) -> dict[str, Any]:
        """Make the edit, or return what it would do now where that is not what was confirmed."""
        request = request_of(job, progress)
        job.kind = self.kind
        try:
            with refusals():
                if not self.is_one:
                    return self.work(job, request, progress).plain()
                with transaction.atomic():
                    result = self.work(job, request, progress).plain()
                    finish(job, result, now=progress.clock())
                return result
        except Unconfirmed as unconfirmed:
            job.kind = self.preview_kind
            return confirmation_facts(unconfirmed.confirmation, request.POST)
        except NothingDone as nothing:
            job.kind = self.preview_kind
            return nothing.facts

    def question_context(self, request: HttpRequest, job: Job) -> dict[str, Any]:
        facts: dict[str, Any] = job.result or {}
        require_brands(request, facts["brand_ids"])
        context = {"result": facts, "save_words": self.words, "is_mine": is_mine(request, job)}
        if self.form:
            context["form"] = self.form()
        sent = QueryDict(job.arguments.get("sent", ""))
        brand_ids = facts["brand_ids"] if facts.get("has_moved_on") else ()
        context |= looked(request, sent, brand_ids, now=job.began_at or job.asked_at)
        if "digest" not in facts:
            return context | effect_context(facts)
        context |= {"heading": job.title, "revise_url": self.revise and reverse(self.revise)}
        return context | confirmation_context(facts, sent)


def result_context(request: HttpRequest, job: Job) -> dict[str, Any]:
    facts: dict[str, Any] = job.result or {}
    require_brands(request, facts.get("brand_ids", []))
    return {"result": facts, "is_mine": is_mine(request, job), **effect_context(facts)}


def is_mine(request: HttpRequest, job: Job) -> bool:
    return job.asked_by_id == request.user.pk


@contextmanager
def refusals() -> Iterator[None]:
    """Turn what a page would answer to the person into the error of the job."""
    try:
        yield
    except PermissionDenied:
        raise JobRefused(_("You may not do this any more.")) from None
    except ValidationError as error:
        raise JobRefused(" ".join(error.messages)) from None
    except CannotDecide as error:
        raise JobRefused(str(error.message)) from None
