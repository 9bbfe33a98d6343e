"""BrandScope: the rows a key may know of. To a key, whatever lies beyond its brands does not exist.

Every endpoint finds its rows here and nowhere else, by the rule that people share.
"""

from http import HTTPStatus
from typing import TypeVar, cast

from django.db.models import Model, QuerySet

from budgets.access.scope import is_used_outside, within
from budgets.api.http.problems import Problem, not_found
from budgets.models import ApiKey, Brand, Campaign, Schedule, Statement
from budgets.models.campaign import CampaignQuerySet

Row = TypeVar("Row", bound=Model)


def brands_of(key: ApiKey) -> QuerySet[Brand]:
    """Return the brands of the key."""
    return within(key, Brand.objects.all())


def campaigns_of(key: ApiKey) -> CampaignQuerySet:
    """Return the campaigns of the key's brands."""
    rows = Campaign.objects.select_related("brand", "schedule")
    return cast(CampaignQuerySet, within(key, rows))


def schedules_of(key: ApiKey) -> QuerySet[Schedule]:
    """Return the schedules of the key: those its brands' campaigns use and those it made."""
    return within(key, Schedule.objects.all())


def statements_of(key: ApiKey) -> QuerySet[Statement]:
    """Return the statements of the key's brands and their campaigns."""
    return within(key, Statement.objects.select_related("brand", "campaign"))


def brand_of(key: ApiKey, brand_id: int) -> Brand:
    """Return one brand of the key. Raises `Problem`."""
    return one(brands_of(key), brand_id, "brand")


def campaign_of(key: ApiKey, campaign_id: int) -> Campaign:
    """Return one campaign of the key. Raises `Problem`."""
    return one(campaigns_of(key), campaign_id, "campaign")


def schedule_of(key: ApiKey, schedule_id: int) -> Schedule:
    """Return one schedule of the key. Raises `Problem`."""
    return one(schedules_of(key), schedule_id, "schedule")


def one(rows: QuerySet[Row], pk: int, what: str) -> Row:
    """Return the row among these, or say that there is none, whoever else may have it."""
    row = rows.filter(pk=pk).first()
    if row is None:
        raise not_found(f"{what} {pk}")
    return row


def require_all_brands(key: ApiKey, what: str) -> None:
    """Refuse what only a key for all brands may do. Raises `Problem`."""
    if not key.all_brands:
        raise Problem(HTTPStatus.FORBIDDEN, "limited_key", f"Only a key for all brands may {what}.")


def require_no_other_brand(key: ApiKey, schedule: Schedule) -> None:
    """Refuse to change the hours of campaigns the key does not reach. Raises `Problem`."""
    if is_used_outside(key, schedule):
        raise Problem(
            HTTPStatus.FORBIDDEN,
            "shared_schedule",
            "Other brands use this schedule too; make another for these campaigns.",
        )


def note_of(key: ApiKey, words: str = "") -> str:
    """Return what the history says about an act of the key."""
    return f"API key “{key.name}”" + (f": {words}" if words else "")
