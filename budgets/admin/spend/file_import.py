"""Upload a file of spend: choose it, see what it would do, then import that very file."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import (
    FileResponse,
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseNotAllowed,
    HttpResponseRedirect,
)
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from unfold.decorators import action
from unfold.enums import ActionVariant

from budgets.access.scope import within
from budgets.admin.base.admin import BaseAdmin, request_time
from budgets.admin.base.scope import scope_of
from budgets.admin.jobs.start import job_page, start, start_again
from budgets.admin.spend.file_preview import answers_form
from budgets.admin.spend.file_upload import UploadForm, is_too_large, too_large
from budgets.admin.spend.match_form import MatchForm
from budgets.models import Job, JobState
from budgets.operations.jobs.files import REFUSED
from budgets.operations.spend_file.given import Given
from budgets.operations.spend_file.header.template import template_file
from budgets.operations.spend_file.layout import FileKind
from budgets.operations.spend_file.work import IMPORT, PREVIEW

TEMPLATES = {"day-totals": FileKind.TOTALS, "entries": FileKind.ENTRIES}


class SpendImport(BaseAdmin):
    """Adds the import of files to the list of spend."""

    actions_list = ("import_spend",)

    def get_urls(self) -> list[URLPattern]:
        """Put the steps after the upload before the pages of single rows."""
        view = self.admin_site.admin_view
        steps = [
            path("import/template/<str:kind>/", view(self.template), name="budgets_spend_template"),
            path("import/<int:pk>/answer/", view(self.answer_import), name="budgets_spend_answer"),
            path("import/<int:pk>/match/", view(self.match_import), name="budgets_spend_match"),
            path(
                "import/<int:pk>/confirm/",
                view(self.confirm_import),
                name="budgets_spend_confirm_import",
            ),
            path(
                "import/<int:pk>/refused/",
                view(self.refused_of_import),
                name="budgets_spend_refused",
            ),
        ]
        return [*steps, *super().get_urls()]

    # Exempt only to look at the size first: checking the token reads, and stores, all of the body.
    @csrf_exempt
    @action(
        description=gettext_lazy("Import a file"),
        permissions=["add"],
        url_path="import",
        icon="upload_file",
        variant=ActionVariant.PRIMARY,
    )
    def import_spend(self, request: HttpRequest) -> HttpResponse:
        if is_too_large(request):
            context = {"form": UploadForm(scope=scope_of(request)), "error": too_large()}
            return self.step(request, "upload", context, status=413)
        response: HttpResponse = csrf_protect(self.upload)(request)
        return response

    def upload(self, request: HttpRequest) -> HttpResponse:
        """Ask for a file; have what it would do worked out."""
        form = UploadForm(request.POST or None, request.FILES or None, scope=scope_of(request))
        if request.method != "POST" or not form.is_valid():
            return self.step(request, "upload", {"form": form})
        given = form.given(Given(as_of=request_time(request)))
        file = form.cleaned_data["file"]
        try:
            return start(
                request, PREVIEW, title=file.name, arguments={"given": given.plain()}, upload=file
            )
        except OSError as error:
            form.add_error("file", _("The server cannot keep the file: %s.") % error.strerror)
            return self.step(request, "upload", {"form": form})

    def template(self, request: HttpRequest, kind: str) -> HttpResponse:
        """Download an example file to fill in."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        if kind not in TEMPLATES:
            raise Http404(_("There is no such template."))
        content = template_file(TEMPLATES[kind], today=request_time(request).date())
        disposition = f'attachment; filename="{kind}.csv"'
        return HttpResponse(
            content, content_type="text/csv", headers={"Content-Disposition": disposition}
        )

    def answer_import(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Preview the file again, read as the person says."""
        job = self.upload_of(request, pk)
        if job.kind != PREVIEW or not job.is_over:
            return HttpResponseRedirect(job_page(job))
        form = answers_form(request, job)
        if request.method == "POST" and form.is_valid():
            given = form.given(Given.read(job.arguments["given"]))
            form.keep_columns(given, by_id=request.user.pk, now=request_time(request))
            return start_again(request, job, kind=PREVIEW, arguments={"given": given.plain()})
        return self.step(request, "answer", {"job": job, "form": form, "facts": job.result or {}})

    def match_import(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask which of ours the unknown campaigns of a file are; preview the file again."""
        job = self.upload_of(request, pk)
        unmatched = (job.result or {}).get("unmatched")
        if job.kind != PREVIEW or not unmatched:
            return HttpResponseRedirect(job_page(job))
        data = request.POST if request.method == "POST" else None
        form = MatchForm(data, facts=job.result or {}, scope=scope_of(request))
        if form.is_valid() and form.keep(by=request.user, now=request_time(request)):
            return start_again(request, job, kind=PREVIEW, arguments={})
        return self.step(request, "match", {"job": job, "form": form})

    def confirm_import(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Import the file that was previewed."""
        job = self.upload_of(request, pk)
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if job.kind == PREVIEW:
            is_ready = job.state == JobState.DONE and "questions" not in (job.result or {})
        else:
            is_ready = job.state == JobState.FAILED
        if is_ready:
            return start_again(request, job, kind=IMPORT, arguments={})
        return HttpResponseRedirect(job_page(job))  # it was confirmed before

    def refused_of_import(self, request: HttpRequest, pk: int) -> FileResponse:
        job = self.upload_of(request, pk)
        try:
            rows = (job.folder / REFUSED).open("rb")
        except OSError:
            raise Http404(_("The refused rows are not kept any more.")) from None
        name = _("refused rows of %(file)s") % {"file": job.title}
        return FileResponse(rows, as_attachment=True, filename=name, content_type="text/csv")

    def upload_of(self, request: HttpRequest, pk: int) -> Job:
        """Return the person's own upload. Raises `PermissionDenied` and `Http404`."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        mine = within(scope_of(request), Job.objects.all()).filter(asked_by=request.user.pk)
        job = mine.filter(pk=pk, kind__in=(PREVIEW, IMPORT)).first()
        if job is None:
            raise Http404(_("There is no upload %(id)s of yours.") % {"id": pk})
        return job

    def step(
        self, request: HttpRequest, name: str, context: dict[str, Any], *, status: int = 200
    ) -> HttpResponse:
        """Show the page of a step of the import."""
        frame = {
            **self.admin_site.each_context(request),
            "title": _("Import spend"),
            "opts": self.model._meta,
        }
        template = f"budgets/spend_import/{name}.html"
        return TemplateResponse(request, template, frame | context, status=status)
