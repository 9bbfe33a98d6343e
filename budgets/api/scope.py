"""The rows a key may know of, found or answered as a problem.

To a key, whatever is out of its scope does not exist: `access.scope` says what that is.
"""

from http import HTTPStatus
from typing import TypeVar, cast

from django.db.models import Model, QuerySet

from budgets.access.scope import is_used_outside, within
from budgets.api.http.problems import Problem, not_found
from budgets.models import ApiKey, Brand, Campaign, DatedBudget, Schedule
from budgets.models.campaign import CampaignQuerySet

Row = TypeVar("Row", bound=Model)


def campaigns_of(key: ApiKey) -> CampaignQuerySet:
    """Return the campaigns of the key's brands, with what every answer names of them."""
    rows = Campaign.objects.select_related("brand", "schedule")
    return cast(CampaignQuerySet, within(key, rows))


def brand_of(key: ApiKey, brand_id: int) -> Brand:
    """Return one brand of the key. Raises `Problem`."""
    return one(within(key, Brand.objects.all()), brand_id)


def campaign_of(key: ApiKey, campaign_id: int) -> Campaign:
    """Return one campaign of the key. Raises `Problem`."""
    return one(campaigns_of(key), campaign_id)


def schedule_of(key: ApiKey, schedule_id: int) -> Schedule:
    """Return one schedule of the key. Raises `Problem`."""
    return one(within(key, Schedule.objects.all()), schedule_id)


def dated_budgets_of(key: ApiKey) -> QuerySet[DatedBudget]:
    """Return the dated budgets of the key's brands, with whose they are."""
    rows = DatedBudget.objects.select_related("brand", "campaign__brand")
    return within(key, rows)


def one(rows: QuerySet[Row], pk: int) -> Row:
    """Return the row among these, or say that there is none, whoever else may have it."""
    row = rows.filter(pk=pk).first()
    if row is None:
        raise not_found(f"{rows.model._meta.model_name} {pk}")
    return row


def require_all_brands(key: ApiKey, what: str) -> None:
    """Refuse what only a key for all brands may do. Raises `Problem`."""
    if not key.reaches_all:
        raise Problem(HTTPStatus.FORBIDDEN, "limited_key", f"Only a key for all brands may {what}.")


def require_no_other_brand(key: ApiKey, schedule: Schedule) -> None:
    """Refuse to change the hours of campaigns out of the key's scope. Raises `Problem`."""
    if is_used_outside(key, schedule):
        raise Problem(
            HTTPStatus.FORBIDDEN,
            "shared_schedule",
            "Other brands use this schedule too; make another for these campaigns.",
        )
