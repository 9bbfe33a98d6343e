"""Within reach: the rows that a person or a program may know of. One rule for both.

Whatever lies beyond somebody's brands does not exist to them. A model that is not named here has
no brand, and only those who reach all brands know of its rows.
"""

from typing import TypeVar

from django.db.models import Model, Q, QuerySet

from budgets.models import (
    Brand,
    Campaign,
    Change,
    LedgerEntry,
    ReportedTotal,
    Schedule,
    Spend,
    Statement,
)
from budgets.models.reach import Reach

Row = TypeVar("Row", bound=Model)

PATH_TO_BRAND: dict[type[Model], str] = {
    Brand: "pk",
    Campaign: "brand",
    Change: "campaign__brand",
    LedgerEntry: "campaign__brand",
    ReportedTotal: "campaign__brand",
    Spend: "campaign__brand",
    Statement: "brand",
    Brand.history.model: "id",
    Campaign.history.model: "brand",
}

PATH_TO_SCHEDULE: dict[type[Model], str] = {Schedule: "pk", Schedule.history.model: "id"}


def within(reach: Reach, rows: QuerySet[Row]) -> QuerySet[Row]:
    """Return those of the rows that are within reach."""
    if reach.all_brands:
        return rows
    if rows.model in PATH_TO_SCHEDULE:
        return rows.filter(is_known(reach, PATH_TO_SCHEDULE[rows.model]))
    path = PATH_TO_BRAND.get(rows.model)
    return rows.filter(reach.reaches(path)) if path else rows.none()


def is_known(reach: Reach, schedule: str) -> Q:
    """Return the condition that a schedule is known; `schedule` is the path to its id.

    Schedules belong to no brand. Somebody limited knows those that their brands' campaigns use and
    those they made themselves.
    """
    used = Campaign.objects.filter(reach.reaches("brand")).exclude(schedule=None).order_by()
    return Q(**{f"{schedule}__in": used.values("schedule")}) | Q(
        **{f"{schedule}__in": reach.own_schedule_ids}
    )


def is_shared_beyond(reach: Reach, schedule: Schedule) -> bool:
    """Say whether campaigns beyond reach run by the schedule: then it is not theirs to change."""
    if reach.all_brands:
        return False
    return schedule.campaigns.exclude(reach.reaches("brand")).exists()
