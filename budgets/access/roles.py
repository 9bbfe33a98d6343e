"""Roles: who may do what. Four groups that belong to the product, set anew by every migrate."""

from collections.abc import Iterable
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.db import connections
from django.db.models import Q, QuerySet

from budgets.access.scope import scope_of_user

OWNER, MANAGER, FINANCE, VIEWER = "Owner", "Manager", "Finance", "Viewer"

READ = frozenset(
    f"view_{name}"
    for name in (
        "brand",
        "campaign",
        "schedule",
        "datedbudget",
        "spend",
        "change",
        "statement",
        "source",
        "platformaccount",
        "linkedcampaign",
        "campaignmatch",
        "job",
    )
)
EDIT = frozenset(
    f"{action}_{name}"
    for action in ("add", "change", "delete")
    for name in (
        *("brand", "campaign", "schedule", "datedbudget"),
        *("source", "platformaccount", "linkedcampaign"),
    )
)
TYPE_SPEND = frozenset({"add_spend", "delete_campaignmatch"})

OWNED_APPS = ("budgets", "auth", "django_celery_beat")
"""All an owner has every permission on: budgets, people and the recurring tasks."""

ROLES: dict[str, frozenset[str]] = {
    MANAGER: READ | EDIT | TYPE_SPEND,
    FINANCE: READ | TYPE_SPEND,
    VIEWER: READ,
}

ROLE_NAMES = frozenset({OWNER, *ROLES})


def owners() -> QuerySet[Any]:
    """Return the people who may do everything on all brands: those to ask for what one may not."""
    of_all = Q(groups__name=OWNER, brand_access__all_brands=True)
    people = get_user_model()._default_manager.filter(Q(is_superuser=True) | of_all)
    return people.filter(is_active=True).order_by("pk").distinct()


def set_roles(*, using: str, **_: Any) -> None:
    """Give each role its permissions, and only these, creating it where it is missing.

    What people changed in a role is undone: a release that brings a new page brings the
    permission to open it. Groups by any other name are never touched.
    """
    # One may migrate a single application, before there are any groups.
    if Group._meta.db_table not in connections[using].introspection.table_names():
        return
    of_owner = Permission.objects.using(using).filter(content_type__app_label__in=OWNED_APPS)
    set_role(OWNER, of_owner, using=using)
    for name, codenames in ROLES.items():
        set_role(name, ours(codenames, using=using), using=using)


def ours(codenames: Iterable[str], *, using: str) -> Iterable[Permission]:
    is_ours = Q(content_type__app_label="budgets", codename__in=codenames)
    return Permission.objects.using(using).filter(is_ours)


def set_role(name: str, permissions: Iterable[Permission], *, using: str) -> None:
    group, _ = Group.objects.using(using).get_or_create(name=name)
    group.permissions.set(permissions)


def is_owner(user: Any) -> bool:
    """Say whether somebody is an owner who reaches every brand, or a superuser."""
    if user.is_superuser:
        return True
    return user.groups.filter(name=OWNER).exists() and scope_of_user(user).all_brands
