"""Jobs: how far the work has come that people asked for, and what came of it."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import (
    FileResponse,
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseNotAllowed,
    HttpResponseRedirect,
)
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import display

from budgets.admin.base.admin import BaseAdmin, ReadOnly, request_time
from budgets.admin.jobs.pages import PAGES
from budgets.admin.jobs.person import require_brands, sent_with
from budgets.admin.jobs.start import job_page, start_again
from budgets.models import Job, JobState
from budgets.operations.jobs.files import MADE
from budgets.operations.jobs.keep import UNCONFIRMED_KEPT
from budgets.operations.jobs.kinds import PREVIEWS

WAITS, LEFT = "waits", "left"
"""Of a preview that is done: a person may still confirm it, or its file is gone."""
NO_WORKER_AFTER_SECONDS = 15
COLOURS = {
    JobState.WAITING: "info",
    JobState.RUNNING: "info",
    JobState.DONE: "success",
    JobState.FAILED: "danger",
    WAITS: "warning",
    LEFT: "default",
}


@admin.register(Job)
class JobAdmin(ReadOnly, BaseAdmin):
    """A list of what people asked for, newest first, and a page for each."""

    list_display = ("title", "what", "shown_state", "asked_by", "asked_at", "ended_at")
    list_select_related = ("asked_by",)
    list_filter = ("state",)
    search_fields = ("title",)

    @display(description=gettext_lazy("work"), ordering="kind")
    def what(self, job: Job) -> str:
        return what(job)

    @display(description=gettext_lazy("state"), ordering="state", label=COLOURS)
    def shown_state(self, job: Job) -> tuple[str, str]:
        if job.state != JobState.DONE or job.kind not in PREVIEWS:
            return job.state, job.get_state_display()
        if job.ended_at and timezone.now() - job.ended_at > UNCONFIRMED_KEPT:
            return LEFT, _("never confirmed")
        return WAITS, _("waits for an answer")

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        own = [
            path("<int:pk>/progress/", view(self.progress_view), name="budgets_job_progress"),
            path("<int:pk>/confirm/", view(self.confirm_view), name="budgets_job_confirm"),
            path("<int:pk>/file/", view(self.file_view), name="budgets_job_file"),
        ]
        return [*own, *super().get_urls()]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        job = self.visible_job(request, object_id)
        context = {
            **self.admin_site.each_context(request),
            "title": what(job),
            "opts": self.model._meta,
            **progress_context(request, job),
        }
        page = PAGES.get(job.kind)
        if job.state == JobState.DONE and page:
            context |= {"result_template": page.template, **page.context(request, job)}
        if page:
            context["start_over"] = reverse(page.start_over)
            again = page.again
            if job.kind == page.confirmed_as:
                again = "admin:budgets_job_confirm"
            if again and job.asked_by_id == request.user.pk:
                context["again"] = reverse(again, args=[job.pk])
        return TemplateResponse(request, "budgets/jobs/page.html", context)

    def progress_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Answer with the part of the page that changes; 205 when there is a result to load."""
        job = self.visible_job(request, str(pk))
        if job.is_over:
            return HttpResponse(status=205)
        return TemplateResponse(
            request, "budgets/jobs/progress.html", progress_context(request, job)
        )

    def confirm_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Do what was previewed, or try again what failed; only who asked for it can."""
        job = self.own_job(request, pk)
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        page = PAGES.get(job.kind)
        if page is None or not page.confirmed_as:
            raise Http404
        is_preview = job.kind != page.confirmed_as
        if job.state != (JobState.DONE if is_preview else JobState.FAILED):
            return HttpResponseRedirect(job_page(job))  # never shown, or confirmed before
        arguments = {"sent": sent_with(request, job.arguments.get("sent", ""))}
        return start_again(request, job, kind=page.confirmed_as, arguments=arguments)

    def file_view(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """Send the file that a job made to who asked for it."""
        job = self.own_job(request, pk)
        facts = job.result or {}
        require_brands(request, facts.get("brand_ids", []))
        try:
            content = (job.folder / MADE).open("rb")
        except OSError:
            raise Http404(_("The file is not kept any more.")) from None
        return FileResponse(content, as_attachment=True, filename=facts.get("file", job.title))

    def own_job(self, request: HttpRequest, pk: int) -> Job:
        """Return a job that the person asked for. Raises `PermissionDenied` and `Http404`."""
        job = self.visible_job(request, str(pk))
        if job.asked_by_id != request.user.pk:
            raise Http404(_("There is no job %(id)s of yours.") % {"id": pk})
        return job

    def visible_job(self, request: HttpRequest, object_id: str) -> Job:
        """Return a job that the person may see. Raises `PermissionDenied` and `Http404`."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        job: Job | None = self.get_object(request, object_id)
        if job is None:
            raise Http404(_("There is no job %(id)s.") % {"id": object_id})
        return job


def progress_context(request: HttpRequest, job: Job) -> dict[str, Any]:
    waited = (request_time(request) - job.asked_at).total_seconds()
    is_waiting = job.state == JobState.WAITING
    return {
        "job": job,
        "percent": round(job.share * 100),
        "is_waiting": is_waiting,
        "no_worker": is_waiting and waited > NO_WORKER_AFTER_SECONDS,
    }


def what(job: Job) -> str:
    page = PAGES.get(job.kind)
    return str(page.label) if page else job.kind
