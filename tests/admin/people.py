"""Somebody limited to brands, at the keyboard."""

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
