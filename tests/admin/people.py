"""People at the keyboard: with a role, with some brands."""

from django.contrib.auth.models import Group, User
from django.test import Client

from budgets.access.roles import MANAGER
from budgets.models import Brand, BrandAccess


def a_manager_of(*brands: Brand) -> Client:
    """Return the browser of somebody who manages these brands and knows of no other."""
    user = User.objects.create_user("manager", is_staff=True)
    user.groups.add(Group.objects.get(name=MANAGER))
    BrandAccess.objects.create(user=user, all_brands=False).brands.set(brands)
    client = Client()
    client.force_login(user)
    return client


def a_person(name: str, role: str | None = None, *, all_brands: bool = True) -> User:
    """Save somebody who can sign in with `a-long-secret`."""
    user = User.objects.create_user(name, f"{name}@example.com", "a-long-secret", is_staff=True)
    if role:
        user.groups.add(Group.objects.get(name=role))
    BrandAccess.objects.create(user=user, all_brands=all_brands)
    return User.objects.get(pk=user.pk)


def browser_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client
