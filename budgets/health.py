"""`/healthz`: is the database there, and does the automation do its work?"""

import logging

from django.db import DatabaseError
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache

from budgets.admin.sign_in.gate import lets_in
from budgets.api.http.keys import working_key
from budgets.api.http.problems import Problem
from budgets.models import KeyScope
from budgets.reports.diagnostics.health import health

log = logging.getLogger(__name__)

NO_DATABASE = (
    "The database does not answer, or has no tables. Start it, correct DATABASE_URL, or run "
    "manage.py migrate."
)


@never_cache
def healthz(request: HttpRequest) -> JsonResponse:
    """Answer 200 when all is well, 503 otherwise; what is wrong only to those who may know."""
    try:
        found = health(now=timezone.now())
        details = {
            "last_run": {task.name: task.at for task in found.tasks},
            "late": found.late,
            "problems": found.problems,
        }
        is_well, told = not found.problems, details if may_know(request) else {}
    except DatabaseError as error:
        log.error("%s (%s)", NO_DATABASE, error)
        is_well, told = False, {}
    state = {"status": "ok" if is_well else "failing"}
    return JsonResponse(state | told, status=200 if is_well else 503)


def may_know(request: HttpRequest) -> bool:
    """Say whether a key that reads all brands asks, or a person who sees the periodic tasks."""
    token = request.headers.get("Authorization", "").partition(" ")[2]
    if not token:
        may = request.user.has_perm("django_celery_beat.view_periodictask")
        return may and lets_in(request)
    try:
        key = working_key(request, token, KeyScope.READ, "view_brand", now=timezone.now())
    except Problem:
        return False
    return key.reaches_all
