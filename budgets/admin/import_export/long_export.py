"""An export of many rows as a job: a worker writes the file, and who asked for it fetches it."""

from typing import Any, Protocol

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseRedirect
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from budgets.access.scope import PATH_TO_BRAND
from budgets.admin.base.admin import page_name
from budgets.admin.confirm.long_edit import result_context
from budgets.admin.jobs.pages import PAGES, JobPage
from budgets.admin.jobs.person import request_of, sent_with
from budgets.admin.jobs.start import start
from budgets.models import Job
from budgets.operations.jobs.files import made
from budgets.operations.jobs.kinds import JobRefused, does
from budgets.operations.jobs.progress import Progress

MOST_IN_A_REQUEST = 5_000
"""More rows are left to a worker: 20,000 take 1.5 seconds as CSV and 5 as XLSX."""


class ExportPage(Protocol):
    """The page of a model whose rows go out as files."""

    model: Any
    opts: Any

    def has_export_permission(self, request: HttpRequest) -> bool: ...
    def get_export_queryset(self, request: HttpRequest) -> QuerySet[Any]: ...
    def get_export_formats(self) -> Any: ...
    def get_export_data(self, *args: Any, **kwargs: Any) -> bytes: ...
    def get_export_filename(self, *args: Any) -> str: ...

    to_encoding: str


class LongExport:
    """Export of the rows of one model, as its list was searched and filtered."""

    def __init__(self, page: ExportPage) -> None:
        self.page = page
        self.kind = f"{page.opts.model_name}_export"
        does(self.kind)(self.work)
        PAGES[self.kind] = JobPage(
            label=format_lazy("{} {}", gettext_lazy("Export of"), page.opts.verbose_name_plural),
            template="budgets/jobs/edit.html",
            context=result_context,
            start_over=f"admin:{page_name(page.model, 'changelist')}",
        )

    def begin(self, request: HttpRequest) -> HttpResponseRedirect:
        """Have the rows written that the list shows, in the format that was chosen."""
        rows = self.page.opts.verbose_name_plural
        arguments = {"query": request.GET.urlencode(), "sent": sent_with(request)}
        title = _("Export of %(rows)s") % {"rows": rows}
        return start(request, self.kind, title=title, arguments=arguments)

    def work(self, job: Job, progress: Progress) -> dict[str, Any]:
        """Write the rows that are in the person's scope now."""
        request = request_of(job, progress)
        rows = self.page.get_export_queryset(request)
        file_format = self.page.get_export_formats()[int(request.POST["format"])]()
        brand_ids = brands_of(rows)
        try:
            data = self.page.get_export_data(
                file_format, request, rows, encoding=self.page.to_encoding
            )
        except PermissionDenied:
            raise JobRefused(_("You may not do this any more.")) from None
        except ValueError as refusal:
            raise JobRefused(str(refusal)) from None
        made(job).write_bytes(data)
        return {
            "words": [_("%(n)s rows.") % {"n": f"{rows.count():,}"}],
            "file": self.page.get_export_filename(request, rows, file_format),
            "brand_ids": brand_ids,
        }


def brands_of(rows: QuerySet[Any]) -> list[int]:
    """Return the brands that a file of these rows tells of."""
    path = PATH_TO_BRAND.get(rows.model)
    return list(rows.order_by(path).values_list(path, flat=True).distinct()) if path else []
