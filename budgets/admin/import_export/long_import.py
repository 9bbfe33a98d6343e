"""An import as a job: the file is read, seen as a preview, and saved as it was seen."""

from typing import Any, Protocol

from django.contrib.admin.models import ADDITION, CHANGE, LogEntry
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from budgets.admin.base.admin import page_name, request_time
from budgets.admin.confirm.long_edit import LongEdit, NothingDone, Outcome
from budgets.admin.import_export.batch import ImportBatch
from budgets.admin.import_export.reading import read_file
from budgets.admin.import_export.refused import refused_facts, refused_lines, write_refused
from budgets.models import Brand, Campaign, Job, Schedule
from budgets.operations.jobs.files import discard_upload, made, uploaded
from budgets.operations.jobs.progress import Progress
from budgets.operations.jobs.run import finish


class ImportPage(Protocol):
    """The page of a model whose rows come as files."""

    model: Any
    opts: Any
    admin_site: Any
    resource_classes: Any

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]: ...
    def has_import_permission(self, request: HttpRequest) -> bool: ...
    def has_add_permission(self, request: HttpRequest) -> bool: ...
    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool: ...
    def after_create(self, request: HttpRequest, row: Any) -> None: ...
    def remarks_on(self, rows: list[Any]) -> tuple[str, ...]: ...


class LongImport:
    """Import of the rows of one model."""

    def __init__(self, page: ImportPage) -> None:
        self.page = page
        self.edit = LongEdit(
            kind=f"{page.opts.model_name}_import",
            label=format_lazy("{} {}", gettext_lazy("Import of"), page.opts.verbose_name_plural),
            start_over=f"admin:{page_name(page.model, 'import')}",
            work=self.work,
            is_one=False,
            asks_with="budgets/import_preview.html",
        )
        self.edit.register()

    def work(self, job: Job, request: HttpRequest, progress: Progress) -> Outcome:
        """Import the very file that was uploaded, if the person has seen what that does."""
        if not self.page.has_import_permission(request):
            raise PermissionDenied
        # Before the transaction: no writer waits while a file is read.
        dataset = read_file(uploaded(job), job.arguments["suffix"])
        batch = self.batch(request, progress)
        resource = self.page.resource_classes[0](batch=batch)
        with transaction.atomic():
            result = resource.import_data(
                dataset, dry_run=False, raise_errors=False, rollback_on_validation_errors=True
            )
            refused = refused_lines(result)  # then all is taken back
            if not refused:
                outcome = outcome_of(batch, len(dataset))
                log(batch)
                finish(job, outcome.plain(), now=progress.clock())
        if refused:
            write_refused(made(job), dataset, refused)
            discard_upload(job)
            name = _("refused lines of %(file)s.csv") % {"file": job.title}
            raise NothingDone(refused_facts(refused) | {"file": name})
        return outcome

    def batch(self, request: HttpRequest, progress: Progress) -> ImportBatch:
        page = self.page
        return ImportBatch(
            by=request.user,
            rows=page.get_queryset(request),
            rows_of={
                "brand": self.rows_of(Brand, request),
                "campaign": self.rows_of(Campaign, request).select_related("brand"),
                "schedule": self.rows_of(Schedule, request),
            },
            may_add=page.has_add_permission(request),
            may_change=lambda row: page.has_change_permission(request, row),
            after_create=lambda row: page.after_create(request, row),
            remarks_on=page.remarks_on,
            sent=request.POST,
            now=request_time(request),
            progress=progress,
        )

    def rows_of(self, model: Any, request: HttpRequest) -> QuerySet[Any]:
        rows: QuerySet[Any] = self.page.admin_site.get_model_admin(model).get_queryset(request)
        return rows


def outcome_of(batch: ImportBatch, lines: int) -> Outcome:
    new, changed = len(batch.made), len(batch.changed)
    told = {
        "made": ngettext("%(n)s new", "%(n)s new", new) % {"n": new},
        "changed": ngettext("%(n)s changed", "%(n)s changed", changed) % {"n": changed},
    }
    counts = [
        (_("New"), new),
        (_("Changed"), changed),
        (_("The same as before"), lines - new - changed),
        (_("Refused"), 0),
    ]
    return Outcome(
        words=[_("Imported: %(made)s, %(changed)s.") % told],
        change_ids=batch.edit.change_ids if batch.edit else [],
        brand_ids=batch.brand_ids,
        facts={"counts": counts},
    )


def log(batch: ImportBatch) -> None:
    """Write down in the history of each row who imported it."""
    for rows, flag in ((batch.made, ADDITION), (batch.changed, CHANGE)):
        if rows:
            LogEntry.objects.log_actions(
                batch.by.pk, rows, flag, change_message=_("Imported from a file")
            )
