"""Scope: the rows that a person or a program may know of. One rule for the admin, API and exports.

Whatever lies beyond somebody's brands does not exist to them. A model that is not named here has
no brand, and only those whose scope is all brands know of its rows.
"""

from typing import Any, TypeVar

from django.db.models import Model, Q, QuerySet

from budgets.models import (
    Brand,
    BrandAccess,
    Campaign,
    CampaignMatch,
    Change,
    DatedBudget,
    FoundCampaign,
    Job,
    LedgerEntry,
    LinkedCampaign,
    PlatformAccount,
    ReportedTotal,
    Schedule,
    Source,
    Spend,
    Statement,
)
from budgets.models.brand_scope import BrandScope

Row = TypeVar("Row", bound=Model)

PATH_TO_BRAND: dict[type[Model], str] = {
    Brand: "pk",
    Campaign: "brand",
    CampaignMatch: "brand",
    Change: "brand",
    DatedBudget: "brand",
    FoundCampaign: "account__brand",
    LedgerEntry: "campaign__brand",
    LinkedCampaign: "campaign__brand",
    PlatformAccount: "brand",
    ReportedTotal: "campaign__brand",
    Source: "brand",
    Spend: "campaign__brand",
    Statement: "brand",
    Brand.history.model: "id",
    Campaign.history.model: "brand",
    DatedBudget.history.model: "brand",
}

OF_A_PERSON: dict[type[Model], str] = {Job: "asked_by"}
"""What tells of the brands of somebody: those limited to brands know only of their own."""

PATH_TO_SCHEDULE: dict[type[Model], str] = {Schedule: "pk", Schedule.history.model: "id"}


def scope_of_user(user: Any) -> BrandAccess:
    """Return the scope of a person; looked up once, then carried by the user of the request."""
    known: BrandAccess | None = getattr(user, "_brand_access_found", None)
    if known is None:
        known = user._brand_access_found = find_access(user)
    return known


def find_access(user: Any) -> BrandAccess:
    """Look up the scope of a person; empty where nobody has given them any."""
    if user.is_superuser:
        return BrandAccess(user_id=user.pk, all_brands=True)
    found = BrandAccess.objects.filter(user_id=user.pk).first() if user.pk else None
    return found or BrandAccess(user_id=user.pk)


def within(scope: BrandScope, rows: QuerySet[Row]) -> QuerySet[Row]:
    if scope.reaches_all:
        return rows
    if rows.model in PATH_TO_SCHEDULE:
        return rows.filter(schedule_is_visible(scope, PATH_TO_SCHEDULE[rows.model]))
    if rows.model in OF_A_PERSON:
        person = getattr(scope, "user_id", None)
        return rows.filter(**{OF_A_PERSON[rows.model]: person}) if person else rows.none()
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
    if scope.reaches_all:
        return False
    return schedule.campaigns.exclude(scope.covers("brand")).exists()


def keep_in_scope(scope: BrandScope, schedule: Schedule) -> None:
    """Let somebody limited to brands know the schedule they made, though no campaign uses it."""
    if scope.reaches_all:
        return
    if scope._state.adding:
        scope.save()
    scope.own_schedules.add(schedule)
