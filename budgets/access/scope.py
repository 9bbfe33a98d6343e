"""Within scope: the rows that a person or a program may know of. One rule for both.

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
from budgets.models.brand_scope import BrandScope

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


def within(scope: BrandScope, rows: QuerySet[Row]) -> QuerySet[Row]:
    """Return those of the rows that are within scope."""
    if scope.all_brands:
        return rows
    if rows.model in PATH_TO_SCHEDULE:
        return rows.filter(schedule_is_visible(scope, PATH_TO_SCHEDULE[rows.model]))
    path = PATH_TO_BRAND.get(rows.model)
    return rows.filter(scope.covers(path)) if path else rows.none()


def schedule_is_visible(scope: BrandScope, schedule: str) -> Q:
    """Return the condition that a schedule is known; `schedule` is the path to its id.

    Schedules belong to no brand. Somebody limited knows those that their brands' campaigns use and
    those they made themselves.
    """
    used = Campaign.objects.filter(scope.covers("brand")).exclude(schedule=None).order_by()
    return Q(**{f"{schedule}__in": used.values("schedule")}) | Q(
        **{f"{schedule}__in": scope.own_schedule_ids}
    )


def is_used_outside(scope: BrandScope, schedule: Schedule) -> bool:
    """Say whether campaigns out of scope run by the schedule: then it is not theirs to change."""
    if scope.all_brands:
        return False
    return schedule.campaigns.exclude(scope.covers("brand")).exists()
