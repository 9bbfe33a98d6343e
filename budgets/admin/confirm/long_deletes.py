"""Delete many rows: a worker finds what is in the way, and deletes them a few at a time."""

from collections.abc import Iterable, Iterator
from typing import Any, Protocol

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import ProtectedError, QuerySet
from django.http import HttpRequest, HttpResponseRedirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from budgets.admin.base.admin import page_name
from budgets.admin.confirm.long_edit import LongEdit, Outcome
from budgets.models import Job
from budgets.operations import edits
from budgets.operations.database import Turns, id_rows
from budgets.operations.jobs.progress import Progress

MOST_IN_A_REQUEST = 100
"""More rows are left to a worker: each takes some 6 ms to delete."""
MOST_AT_ONCE = 50_000
DELETED_TOGETHER = 20
"""Rows of one transaction: no ingest of their brand waits for longer than it takes."""
NAMED = 100


class DeletePage(Protocol):
    """The page of a model whose rows may be deleted."""

    model: Any
    opts: Any

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]: ...
    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool: ...
    def obstacles_of(self, rows: list[Any]) -> list[str]: ...
    def log_deletions(self, request: HttpRequest, queryset: Any) -> Any: ...


class LongDelete:
    """Deletion of many rows of one model."""

    def __init__(self, page: DeletePage) -> None:
        self.page = page
        self.edit = LongEdit(
            kind=f"{page.opts.model_name}_delete",
            label=gettext_lazy("Deletion"),
            start_over=f"admin:{page_name(page.model, 'changelist')}",
            ask=self.ask,
            work=self.work,
            is_one=False,
            asks_with="budgets/jobs/delete.html",
        )
        self.edit.register()

    def begin(self, request: HttpRequest, ids: list[int]) -> HttpResponseRedirect:
        told = {"n": f"{len(ids):,}", "rows": self.page.opts.verbose_name_plural}
        return self.edit.begin(request, title=_("Delete %(n)s %(rows)s") % told, ids=ids)

    def ask(self, job: Job, request: HttpRequest, progress: Progress) -> dict[str, Any]:
        rows = self.rows(request, job.arguments["ids"])
        return {
            "count": len(rows),
            "names": [str(row) for row in rows[:NAMED]],
            "obstacles": self.page.obstacles_of(rows)[:NAMED],
            "brand_ids": sorted(edits.concerned(rows)),
        }

    def work(self, job: Job, request: HttpRequest, progress: Progress) -> Outcome:
        """Delete them; what turns out to be needed by the history of money stays, and is named."""
        ids: list[int] = job.arguments["ids"]
        left: list[str] = []
        turns = Turns()
        for start in range(0, len(ids), DELETED_TOGETHER):
            turns.next()
            progress(start / len(ids), f"{start:,} / {len(ids):,}")
            rows = self.rows(request, ids[start : start + DELETED_TOGETHER])
            try:
                self.delete(request, rows, progress)
            except ProtectedError:
                left.extend(self.delete_one_by_one(request, rows, progress))
        there = self.page.get_queryset(request).filter(pk__in=id_rows(ids))
        deleted = len(ids) - there.count()
        words = ngettext("%(n)s was deleted.", "%(n)s were deleted.", deleted)
        return Outcome(
            words=[words % {"n": f"{deleted:,}"}],
            brand_ids=edits.concerned(list(there)),
            facts={"left": left[:NAMED]},
        )

    def delete_one_by_one(
        self, request: HttpRequest, rows: Iterable[Any], progress: Progress
    ) -> Iterator[str]:
        """Delete what can be; yield why the others stay."""
        for row in rows:
            try:
                self.delete(request, [row], progress)
            except ProtectedError as error:
                yield str(error.args[0])

    def delete(self, request: HttpRequest, rows: list[Any], progress: Progress) -> None:
        by: Any = request.user
        with transaction.atomic():
            self.page.log_deletions(request, rows)
            edits.delete(rows, by=by, now=progress.clock(), clock=timezone.now)

    def rows(self, request: HttpRequest, ids: Iterable[int]) -> list[Any]:
        """Return the rows that are there and the person's to delete, in the order of locks."""
        rows = self.page.get_queryset(request).filter(pk__in=id_rows(ids)).order_by("pk")
        found = list(rows)
        if not all(self.page.has_delete_permission(request, row) for row in found):
            raise PermissionDenied
        return found
