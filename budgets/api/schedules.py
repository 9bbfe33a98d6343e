"""Schedules: list, read, create and change weekly hours.

Schedules are shared between brands. A limited key sees those its brands' campaigns use and those
it made itself, and may change one only while no other brand's campaign uses it.
"""

from django.http import HttpResponse
from django.utils import timezone
from ninja import Path, Query, Router, Schema
from pydantic import Field

from budgets.access.scope import keep_in_scope, within
from budgets.api.edits import add, created, edit, sent
from budgets.api.fields import ABSENT, DATES, Dates, Hours, Id, Input, Name, Search
from budgets.api.http.idempotency import Created, IdempotencyKey, once
from budgets.api.http.keys import KeyRequest, may_add, may_change, may_read
from budgets.api.http.pages import Page, Pages, page_of
from budgets.api.http.requests import JSON, SMALL_BYTES, accepts
from budgets.api.scope import require_no_other_brand, schedule_of
from budgets.cells.names import plain
from budgets.models import Schedule

router = Router(tags=["schedules"])
router.add_decorator(accepts(JSON, most_bytes=SMALL_BYTES), mode="view")

EXAMPLE = "Mon-Fri 09:00-17:30; Sat 22:00-02:00"


class ScheduleShown(Schema):
    """The weekly hours in which campaigns may run, on each brand's own clock.

    `exceptions` are dates on which others count, a date a line.
    """

    id: Id
    name: str
    hours: str = Field(examples=[EXAMPLE])
    exceptions: str = Field(examples=[DATES])


class SchedulePage(Page[ScheduleShown]):
    """One page of schedules."""


class ScheduleFilters(Schema):
    """Which schedules."""

    name: Search | None = Field(
        None, description="Part of the name; case and accents do not matter."
    )


class NewSchedule(Input):
    """A schedule to create."""

    name: Name
    hours: Hours = Field(examples=[EXAMPLE])
    exceptions: Dates = Field("", examples=[DATES])


class SchedulePatch(Input):
    """What to change of a schedule. What is left out stays."""

    name: Name = ABSENT
    hours: Hours = Field(ABSENT, examples=[EXAMPLE])
    exceptions: Dates = Field(ABSENT, examples=[DATES])


@router.get("", auth=may_read("schedule"), response=SchedulePage)
def list_schedules(
    request: KeyRequest, paging: Pages, filters: Query[ScheduleFilters]
) -> SchedulePage:
    """List schedules in the order they were created."""
    rows = within(request.auth, Schedule.objects.all())
    if filters.name is not None:
        rows = rows.filter(name__plain__contains=plain(filters.name))
    page = page_of(rows, paging)
    return SchedulePage(
        items=[schedule_shown(row) for row in page.items], next_cursor=page.next_cursor
    )


@router.post("", auth=may_add("schedule"), response={201: ScheduleShown})
def create_schedule(
    request: KeyRequest, body: NewSchedule, idempotency_key: IdempotencyKey
) -> HttpResponse:
    """Create a schedule. A limited key sees it from then on, other limited keys once it is used."""

    def create() -> Created:
        schedule = Schedule(**body.model_dump())
        add(schedule, key=request.auth)
        keep_in_scope(request.auth, schedule)
        return created(schedule_shown(schedule), f"{request.path}/{schedule.pk}")

    return once(request, idempotency_key, create, now=timezone.now())


@router.get("/{schedule_id}", auth=may_read("schedule"), response=ScheduleShown)
def read_schedule(request: KeyRequest, schedule_id: Path[Id]) -> ScheduleShown:
    """Read one schedule."""
    return schedule_shown(schedule_of(request.auth, schedule_id))


@router.patch("/{schedule_id}", auth=may_change("schedule"), response=ScheduleShown)
def change_schedule(
    request: KeyRequest, schedule_id: Path[Id], body: SchedulePatch
) -> ScheduleShown:
    """Change what is sent of a schedule. Every campaign that uses it is decided again at once."""
    schedule = schedule_of(request.auth, schedule_id)
    require_no_other_brand(request.auth, schedule)
    edit(schedule, sent(body), key=request.auth)
    return schedule_shown(schedule)


def schedule_shown(schedule: Schedule) -> ScheduleShown:
    return ScheduleShown(
        id=schedule.pk,
        name=schedule.name,
        hours=schedule.hours,
        exceptions=schedule.exceptions,
    )
