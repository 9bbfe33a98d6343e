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
from budgets.admin.jobs.pages import PAGES, JobPage
from budgets.admin.jobs.start import job_page, start, start_again
from budgets.admin.spend.file_preview import shown_result
from budgets.admin.spend.file_upload import UploadForm, is_too_large, too_large
from budgets.admin.spend.given_form import AnswersForm, asked_fields, other_fields
from budgets.models import Job, JobState
from budgets.operations.jobs.files import REFUSED
from budgets.operations.spend_file.given import Given
from budgets.operations.spend_file.work import IMPORT, PREVIEW


class SpendImport(BaseAdmin):
    """Adds the import of files to the list of spend."""

    actions_list = ("import_spend",)

    def get_urls(self) -> list[URLPattern]:
        """Put the steps after the upload before the pages of single rows."""
        view = self.admin_site.admin_view
        steps = [
            path("import/<int:pk>/answer/", view(self.answer_import), name="budgets_spend_answer"),
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
            return self.upload_page(
                request, UploadForm(scope=scope_of(request)), error=too_large(), status=413
            )
        response: HttpResponse = csrf_protect(self.upload)(request)
        return response

    def upload(self, request: HttpRequest) -> HttpResponse:
        """Ask for a file; have what it would do worked out."""
        form = UploadForm(request.POST or None, request.FILES or None, scope=scope_of(request))
        if request.method != "POST" or not form.is_valid():
            return self.upload_page(request, form)
        given = form.given(Given(as_of=request_time(request)))
        file = form.cleaned_data["file"]
        try:
            return start(
                request, PREVIEW, title=file.name, arguments={"given": given.plain()}, upload=file
            )
        except OSError as error:
            form.add_error("file", _("The server cannot keep the file: %s.") % error.strerror)
            return self.upload_page(request, form)

    def answer_import(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Preview the file again, read as the person says."""
        job = self.upload_of(request, pk)
        if job.kind != PREVIEW or not job.is_over:
            return HttpResponseRedirect(job_page(job))
        before = Given.read(job.arguments["given"])
        form = AnswersForm(request.POST or None, before=before, scope=scope_of(request))
        if request.method == "POST" and form.is_valid():
            arguments = {"given": form.given(before).plain()}
            return start_again(request, job, kind=PREVIEW, arguments=arguments)
        context = {
            **self.admin_site.each_context(request),
            "title": _("How is the file to be read?"),
            "opts": self.model._meta,
            "job": job,
            **answers_context(form, job),
        }
        return TemplateResponse(request, "budgets/spend_import/answer.html", context)

    def confirm_import(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Import the file that was previewed."""
        job = self.upload_of(request, pk)
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if job.kind == IMPORT and job.state != JobState.FAILED:  # it was confirmed before
            return HttpResponseRedirect(job_page(job))
        return start_again(request, job, kind=IMPORT, arguments={})

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

    def upload_page(
        self, request: HttpRequest, form: UploadForm, *, error: str = "", status: int = 200
    ) -> HttpResponse:
        context: dict[str, Any] = {
            **self.admin_site.each_context(request),
            "title": _("Import spend"),
            "opts": self.model._meta,
            "form": form,
            "error": error,
        }
        return TemplateResponse(request, "budgets/spend_import/upload.html", context, status=status)


def result_context(request: HttpRequest, job: Job) -> dict[str, Any]:
    """Return what the page shows of a preview, or of an import."""
    is_mine = job.asked_by_id == request.user.pk
    if "questions" in (job.result or {}):
        before = Given.read(job.arguments["given"])
        form = AnswersForm(before=before, scope=scope_of(request))
        return {"is_mine": is_mine, "is_open": True, **answers_context(form, job)}
    return {
        **shown_result(job.result or {}, scope=scope_of(request)),
        "is_mine": is_mine,
        "has_refused_file": is_mine and (job.folder / REFUSED).exists(),
    }


def answers_context(form: AnswersForm, job: Job) -> dict[str, Any]:
    """Return the fields to fill in: first those that the file leaves open."""
    facts = job.result or {}
    questions = facts.get("questions", [])
    return {
        "form": form,
        "message": facts.get("message", ""),
        "asked_fields": asked_fields(form, questions),
        "other_fields": other_fields(form, questions),
    }


PAGES[PREVIEW] = JobPage(
    label=gettext_lazy("Preview of a file of spend"),
    template="budgets/spend_import/preview.html",
    context=result_context,
    start_over="admin:budgets_spend_import_spend",
)
PAGES[IMPORT] = JobPage(
    label=gettext_lazy("Import of spend"),
    template="budgets/spend_import/result.html",
    context=result_context,
    start_over="admin:budgets_spend_import_spend",
    again="admin:budgets_spend_confirm_import",
)
