"""The page of what runs by itself: in words, with a button to run it now."""

from datetime import datetime
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django_celery_beat.models import PeriodicTask
from kombu.exceptions import OperationalError

from budgets import tasks
from budgets.admin.base.admin import request_time
from budgets.admin.render.task_words import (
    COUNTED,
    WORDS,
    ahead,
    duration,
    how_often,
    since,
    title_of,
)
from budgets.reports.diagnostics.recurring import OUR_TASKS, watched_tasks
from budgets.reports.diagnostics.task_lines import TaskLine, task_lines

MAY_SEE, MAY_CHANGE = (f"django_celery_beat.{may}_periodictask" for may in ("view", "change"))
SENT_WITHIN_SECONDS = 600
"""What no worker took for so long is dropped; the next run does its work."""


def page(request: HttpRequest) -> HttpResponse:
    """Show every task: what it does, how often, when last and next."""
    if not request.user.has_perm(MAY_SEE):
        raise PermissionDenied
    now = request_time(request)
    context = {
        **admin.site.each_context(request),
        "title": _("Recurring tasks"),
        "lines": [in_words(line, now=now) for line in task_lines(now=now)],
        "may_change": request.user.has_perm(MAY_CHANGE),
        "now": now,
    }
    return TemplateResponse(request, "budgets/recurring_tasks.html", context)


@require_POST
def run_now(request: HttpRequest, pk: int) -> HttpResponse:
    """Send one of our tasks to a worker; running it once more does no harm."""
    row = row_to_change(request, pk)
    if not is_ours(row):
        raise Http404
    title, task = title_of(row), getattr(tasks, row.task.removeprefix(OUR_TASKS))
    try:
        task.apply_async(expires=SENT_WITHIN_SECONDS, retry=False)
    except OperationalError:
        text = _("“%(title)s” was not started: the broker (REDIS_URL) does not answer.")
        messages.error(request, text % {"title": title})
    else:
        log(request, row, "Run now.")
        text = _("“%(title)s” was sent to a worker. Load this page again to see when it finished.")
        messages.success(request, text % {"title": title})
    return HttpResponseRedirect(reverse("recurring_tasks"))


@require_POST
def switch(request: HttpRequest, pk: int) -> HttpResponse:
    """Turn a task on or off, as the button says; pressed twice it does no more."""
    row = row_to_change(request, pk)
    row.enabled = request.POST.get("enabled") == "1"
    if not row.enabled and asks_first(row) and "confirmed" not in request.POST:
        words = {"row": row, "title": title_of(row), "does": does(row)}
        context = {**admin.site.each_context(request), **words}
        return TemplateResponse(request, "budgets/turn_off.html", context)
    row.save()  # which tells beat
    title = {"title": title_of(row)}
    if row.enabled:
        messages.success(request, _("“%(title)s” is on again.") % title)
    else:
        messages.warning(request, _("“%(title)s” is off until somebody turns it on.") % title)
    log(request, row, "Turned on." if row.enabled else "Turned off.")
    return HttpResponseRedirect(reverse("recurring_tasks"))


def row_to_change(request: HttpRequest, pk: int) -> PeriodicTask:
    """Return an entry that the person may change. Raises `PermissionDenied` and `Http404`."""
    if not request.user.has_perm(MAY_CHANGE):
        raise PermissionDenied
    row = PeriodicTask.objects.filter(pk=pk).first()
    if row is None:
        raise Http404
    return row


def asks_first(row: PeriodicTask) -> bool:
    """Say whether budgets are not kept, or no platform told, while a task is off."""
    return row.task.removeprefix(OUR_TASKS) in watched_tasks()


def does(row: PeriodicTask) -> Any:
    """Say what a task does."""
    return WORDS.get(row.task.removeprefix(OUR_TASKS)) or row.description or row.task


def log(request: HttpRequest, row: PeriodicTask, said: str) -> None:
    admin.site.get_model_admin(PeriodicTask).log_change(request, row, said)


def is_ours(row: PeriodicTask) -> bool:
    return row.task.removeprefix(OUR_TASKS) in COUNTED


def in_words(line: TaskLine, *, now: datetime) -> dict[str, Any]:
    row = line.row
    known = line.name in COUNTED
    return {
        "row": row,
        "title": title_of(row),
        "does": does(row),
        "often": how_often(row),
        "last": since(line.run.at, now=now) if line.name else "",
        "took": duration(line.run.took),
        "came": COUNTED[line.name] % {"n": line.run.result} if known and line.run.at else "",
        "next": ahead(line.next_at, now=now),
        "fault": fault_in_words(line),
        "may_run": known,
    }


def fault_in_words(line: TaskLine) -> str:
    """Say what is wrong with a task by the name it has on the page."""
    if not line.row.enabled:
        return _("Budgets are not kept while this is off.") if line.is_watched else ""
    return line.fault.replace(line.name, title_of(line.row), 1) if line.name else ""


view = admin.site.admin_view
urlpatterns = [
    path("recurring-tasks/", view(page), name="recurring_tasks"),
    path("recurring-tasks/<int:pk>/run/", view(run_now), name="recurring_task_run"),
    path("recurring-tasks/<int:pk>/switch/", view(switch), name="recurring_task_switch"),
]
