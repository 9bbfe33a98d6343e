"""What the makers of API keys may do now, asked of many keys at once or of one."""

from typing import Any, cast

from django.contrib.auth import get_user_model
from django.db.models import Exists, OuterRef, QuerySet

from budgets.access.scope import find_access
from budgets.models import ApiKey, BrandAccess
from budgets.models.brand_scope import BrandScope

BACKEND = "budgets.access.backend.BrandBackend"


def people_who_may(permission: str) -> QuerySet[Any]:
    """People who can sign in and may do this now: by a role, by themselves, or as superusers."""
    people: Any = get_user_model()._default_manager
    found = people.with_perm(f"budgets.{permission}", backend=BACKEND)
    return cast(QuerySet[Any], found.filter(is_staff=True))


def maker_may(permission: str, maker: str) -> Exists:
    """Return the condition that the maker may do this now; `maker` is the path to the person."""
    return Exists(people_who_may(permission).filter(pk=OuterRef(maker)))


def may_also(key: ApiKey, permission: str) -> bool:
    """Say whether the key may do something else than what it was asked for first."""
    return key.is_of_house or people_who_may(permission).filter(pk=key.created_by_id).exists()


def reach_of_maker(key: ApiKey) -> BrandScope | None:
    """Return beyond whose brands a key does not reach; `None` where nobody bounds it."""
    if key.is_of_house:
        return None
    maker: Any = key.created_by
    if maker is None or maker.is_superuser:
        return find_access(maker) if maker else BrandAccess()
    return getattr(maker, "brand_access", None) or BrandAccess()
