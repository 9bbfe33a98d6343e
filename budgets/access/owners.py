"""Owners: who can manage people at all. One is always left, and nobody rises by their own hand."""

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.contrib.auth.models import Group, Permission, User
from django.db.models import Q, QuerySet

from budgets.access.roles import OWNER


def able_owners() -> QuerySet[User]:
    """Return the people who can sign in and manage everybody else."""
    of_all_brands = User.objects.filter(groups__name=OWNER, brand_access__all_brands=True)
    is_owner = Q(is_superuser=True) | Q(pk__in=of_all_brands.values("pk"))
    able = User.objects.filter(is_owner, is_active=True, is_staff=True)
    return able.exclude(password__startswith=UNUSABLE_PASSWORD_PREFIX)


def are_the_last(people: Iterable[User], *, lock: bool = False) -> bool:
    """Say whether nobody could manage people any more without these.

    In a transaction they can be locked until its end: of two owners who take each other's rights
    at once, the second is refused.
    """
    ids = {person.pk for person in people}
    owners = able_owners().order_by("pk")
    able = {owner.pk for owner in (owners.select_for_update() if lock else owners)}
    return bool(able & ids) and able <= ids


def may_touch(person: Any, user: Any) -> bool:
    """Say whether a person may edit a user: one who may not do more than they do.

    Whoever could set the password of somebody with more rights would have them.
    """
    if person.is_superuser:
        return True
    return not user.is_superuser and rights_of(user) <= rights_of(person)


def roles_to_give(person: Any) -> list[Group]:
    """Return the roles that a person may give: those that may do nothing they may not."""
    groups = Group.objects.prefetch_related("permissions").order_by("name")
    if person.is_superuser:
        return list(groups)
    own = rights_of(person)
    return [each for each in groups if {right.pk for right in each.permissions.all()} <= own]


def rights_of(user: Any) -> set[int]:
    """Return the ids of the permissions given to a user, who may be unable to sign in by now."""
    given = Permission.objects.filter(Q(group__user=user) | Q(user=user))
    return set(given.values_list("pk", flat=True))
