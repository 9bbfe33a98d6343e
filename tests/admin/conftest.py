"""Who is at the keyboard."""

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client

from budgets.models import BrandAccess


@pytest.fixture
def owner(db: None) -> User:
    return User.objects.create_superuser("owner")


@pytest.fixture
def signed_in(owner: User) -> Client:
    """A browser in which the owner is signed in."""
    client = Client()
    client.force_login(owner)
    return client


@pytest.fixture
def viewer(db: None) -> Client:
    """A browser of somebody who may look at everything and change nothing."""
    user = User.objects.create_user("viewer", is_staff=True)
    user.user_permissions.set(
        Permission.objects.filter(content_type__app_label="budgets", codename__startswith="view_")
    )
    BrandAccess.objects.create(user=user, all_brands=True)
    client = Client()
    client.force_login(user)
    return client
