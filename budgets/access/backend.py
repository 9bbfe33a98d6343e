"""Permissions of people: somebody limited to brands has none on what belongs to no brand."""

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.db.models import Model

from budgets.access.scope import OF_A_PERSON, PATH_TO_BRAND, scope_of_user
from budgets.models import Schedule

ONLY_FOR_ALL_BRANDS = frozenset({"budgets.add_brand"})


class BrandBackend(ModelBackend):
    """Signs people in with their password, and asks their brand access for every permission.

    A limited person keeps the permissions on models with a brand, and on schedules. Users, keys,
    periodic tasks and new brands are for those who reach all brands: with them one could widen
    one's own scope.
    """

    def get_all_permissions(self, user_obj: Any, obj: Model | None = None) -> set[str]:
        """Return what the person may do, in the words of Django: `budgets.view_brand`."""
        given = super().get_all_permissions(user_obj, obj)
        if not given or scope_of_user(user_obj).all_brands:
            return given
        return {permission for permission in given if permission in OF_LIMITED_PEOPLE}


def permissions_on(model: type[Model]) -> set[str]:
    meta = model._meta
    actions = meta.default_permissions
    return {f"{meta.app_label}.{action}_{meta.model_name}" for action in actions}


WITH_A_BRAND: tuple[type[Model], ...] = (*PATH_TO_BRAND, *OF_A_PERSON, Schedule)
OF_LIMITED_PEOPLE = {
    permission for model in WITH_A_BRAND for permission in permissions_on(model)
} - ONLY_FOR_ALL_BRANDS
