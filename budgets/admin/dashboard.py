"""The first page: the dashboard, and the fragment of it that refreshes itself."""

from datetime import datetime, timedelta
from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from budgets.admin.base.admin import request_time
from budgets.admin.base.scope import scope_of
from budgets.admin.guided_start import (
    RUN_THE_SYSTEM,
    first_checks,
    guided_start,
    people_to_ask,
)
from budgets.admin.platforms.account_words import trouble_in_words
from budgets.admin.render.cells import REASON_LOOKS, bar_cell, clock_cell, plan_cell
from budgets.admin.render.task_words import TITLES, with_titles
from budgets.cells.identifiers import number_in
from budgets.reports.beginning import beginning
from budgets.reports.dashboard import Board, BrandLine, SystemStatus, board
from budgets.reports.diagnostics.recurring import TaskHealth, minutes_until
from budgets.reports.platforms import AccountState
from budgets.reports.words import REASON_WORDS, money

REFRESH_SECONDS = 15


def dashboard(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """Add the dashboard to the context of the admin's first page."""
    return context | overview(request)


def fragment(request: HttpRequest) -> HttpResponse:
    """Return the part of the dashboard that refreshes itself."""
    return render(request, "budgets/dashboard/overview.html", overview(request))


def overview(request: HttpRequest) -> dict[str, Any]:
    """Return what the dashboard shows to the person, at the instant of the request."""
    if not request.user.has_perm("budgets.view_brand"):
        return {"may_look": False}
    now = request_time(request)
    page = number_in(request.GET.get("p", "")) or 1
    scope = scope_of(request)
    shown = board(now=now, scope=scope, page=page)
    return {
        "may_look": True,
        "board": shown,
        "lines": [line_in_words(line, now=now) for line in shown.lines],
        "totals": totals_in_words(shown),
        "health": health_in_words(shown.system_status, now=now, whole=scope.all_brands),
        # They tell of the brands of others.
        "problems": (
            problems_in_words(request, shown.system_status.health.problems)
            if scope.all_brands
            else []
        ),
        "troubles": troubles_in_words(request, shown.troubles),
        "start": guided_start(request, beginning(shown, scope=scope), now=now),
        "refresh_seconds": REFRESH_SECONDS,
        "now": now,
    }


def line_in_words(line: BrandLine, *, now: datetime) -> dict[str, Any]:
    return {
        "brand": line.brand,
        "today": bar_cell(line.figures.today),
        "month": bar_cell(line.figures.month),
        "plan": plan_cell(line.pace, line.brand.currency),
        "running": line.figures.running,
        "paused": [
            {
                "n": n,
                "words": REASON_WORDS[reason],
                "look": REASON_LOOKS[reason],
                "name": reason.name,
            }
            for reason, n in line.paused_by
        ],
        "clock": clock_cell(line.brand.clock, now=now),
    }


def totals_in_words(shown: Board) -> list[dict[str, str]]:
    return [
        {
            "currency": total.currency,
            "brands": ngettext("%(n)s brand", "%(n)s brands", total.brands) % {"n": total.brands},
            "today": money(total.today, total.currency),
            "month": money(total.month, total.currency),
        }
        for total in shown.totals
    ]


def health_in_words(state: SystemStatus, *, now: datetime, whole: bool) -> list[dict[str, Any]]:
    """Return the health strip: what is watched, how it is, and whether that is bad."""
    lights = [light_of_tasks(state, now=now)]
    lights += [
        {
            "name": TITLES.get(task.name, task.name),
            "says": last_run(task, now=now),
            "is_bad": task.is_late,
        }
        for task in (state.health.tasks if whole else ())
    ]
    lights += [
        {"name": _("Spend from %(source)s") % {"source": source}, "says": age(at, now=now)}
        for source, at in state.sources
    ]
    waiting = {"name": _("Not yet confirmed by platforms"), "says": f"{state.undelivered:,}"}
    return [*lights, waiting]


def light_of_tasks(state: SystemStatus, *, now: datetime) -> dict[str, Any]:
    """Say whether worker and beat do their work, as `/healthz` does."""
    name = _("Automatic checks")
    if state.health.late:
        return {"name": name, "says": _("late"), "is_bad": True}
    if not state.health.is_checked:
        return {"name": name, "says": first_checks(state.health.checked_by, now=now)}
    return {"name": name, "says": _("alive"), "is_good": True}


def last_run(task: TaskHealth, *, now: datetime) -> str:
    """Say when a task last ran; of one that never did, when it is to."""
    if task.at is not None:
        return age(task.at, now=now)
    if task.is_late:
        return _("never yet")
    minutes = minutes_until(task.due_at, now=now)
    return _("first within %(n)s min") % {"n": minutes} if minutes else _("due now")


def age(at: datetime, *, now: datetime) -> str:
    """Return how long ago something was, in the largest unit that fits."""
    seconds = max(0, int((now - at) / timedelta(seconds=1)))
    for unit, text in (
        (86_400, _("%(n)s d ago")),
        (3_600, _("%(n)s h ago")),
        (60, _("%(n)s min ago")),
    ):
        if seconds >= unit:
            return text % {"n": seconds // unit}
    return _("%(n)s s ago") % {"n": seconds}


def problems_in_words(request: HttpRequest, problems: list[str]) -> list[str]:
    """Say what is wrong and what to do; to those who cannot do it, only whom to ask."""
    if not problems or request.user.has_perm(RUN_THE_SYSTEM):
        return [with_titles(problem) for problem in problems]
    text = _("Campaigns may not stop or start when they should. Ask %(people)s to look into it.")
    return [text % {"people": people_to_ask()}]


def troubles_in_words(request: HttpRequest, troubles: list[AccountState]) -> list[dict[str, str]]:
    """Say what is wrong with platform accounts, each with the page that mends it."""
    if not request.user.has_perm("budgets.view_platformaccount"):
        return []
    return [
        {
            "words": trouble_in_words(state),
            "url": reverse("admin:budgets_platformaccount_change", args=[state.account.pk]),
        }
        for state in troubles
    ]


def app_index(*_: Any, **__: Any) -> HttpResponse:
    """Lead from the list of an app's tables, to which paths above a page link, to the overview."""
    return redirect("admin:index")


admin.site.app_index = app_index  # type: ignore[assignment,method-assign]  # a view of Django's site
admin.site.index_template = "budgets/dashboard/index.html"
admin.site.extra_urls = lambda: [  # type: ignore[attr-defined]  # a hook of Unfold's site
    path("overview/", admin.site.admin_view(fragment), name="overview")
]
