"""`/healthz`: is the database there, and does the automation do its work?"""

from django.db import DatabaseError
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache

from budgets.reports.diagnostics.health import health

NO_DATABASE = (
    "The database does not answer, or has no tables. Start it, correct DATABASE_URL, or run "
    "manage.py migrate."
)


@never_cache
def healthz(_request: HttpRequest) -> JsonResponse:
    """Answer 200 when all is well, 503 with what is wrong otherwise; open to monitors."""
    try:
        found = health(now=timezone.now())
    except DatabaseError:
        return JsonResponse({"database": "unreachable", "problems": [NO_DATABASE]}, status=503)
    answer = {
        "database": "ok",
        "last_run": {task.name: task.at for task in found.tasks},
        "late": found.late,
        "problems": found.problems,
    }
    return JsonResponse(answer, status=503 if found.problems else 200)
