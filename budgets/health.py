"""`/healthz`: is the database there, and does the automation run?"""

from django.db import DatabaseError
from django.http import HttpRequest, JsonResponse
from django.utils import timezone

from budgets.reports.diagnostics.health import WATCHED, task_health


def healthz(_request: HttpRequest) -> JsonResponse:
    """Answer 200 when all is well, 503 with what is wrong otherwise; open to monitors."""
    try:
        tasks = task_health(now=timezone.now())
    except DatabaseError:
        return JsonResponse({"database": "unreachable"}, status=503)
    late = [task.name for task in tasks if task.is_late and task.name in WATCHED]
    answer = {
        "database": "ok",
        "last_run": {task.name: task.at for task in tasks},
        "late": late,
    }
    return JsonResponse(answer, status=503 if late else 200)
