"""What a worker does is what the person who asked may do then, by the rules of the pages."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, QueryDict

from budgets.access.scope import within
from budgets.admin.base.scope import scope_of
from budgets.models import Brand, Job
from budgets.operations.database import id_rows
from budgets.operations.jobs.kinds import JobRefused
from budgets.operations.jobs.progress import Progress

OWN_FIELDS = ("csrfmiddlewaretoken",)


def request_of(job: Job, progress: Progress) -> HttpRequest:
    """Return a request as the person would make it now, with what they had filled in.

    Pages find in it whose permissions and brands count. Raises `JobRefused` for somebody who may
    not sign in any more.
    """
    person = job.asked_by
    if person is None or not (person.is_active and person.is_staff):
        raise JobRefused("Who asked for this may not sign in any more.")
    request = HttpRequest()
    request.method = "POST"
    request.user = person
    request.GET = QueryDict(job.arguments.get("query", ""))
    request.POST = QueryDict(job.arguments.get("sent", ""))
    request.abm_instant = progress.clock()  # type: ignore[attr-defined]  # as `request_time` has it
    return request


def sent_with(request: HttpRequest, before: str = "") -> str:
    """Return what was filled in, over what was before, as the text that a job keeps."""
    sent = QueryDict(before, mutable=True)
    for name, values in request.POST.lists():
        if name not in OWN_FIELDS:
            sent.setlist(name, values)
    return sent.urlencode()


def require_brands(request: HttpRequest, brand_ids: list[int]) -> None:
    """Raise `PermissionDenied` where a result tells of a brand that is out of scope by now."""
    brands = Brand.objects.filter(pk__in=id_rows(brand_ids))
    if within(scope_of(request), brands).count() < brands.count():
        raise PermissionDenied
