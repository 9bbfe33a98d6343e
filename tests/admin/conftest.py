"""Who is at the keyboard."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.contrib.messages.storage.base import BaseStorage
from django.core.exceptions import ValidationError
from django.forms import BaseForm
from django.test import Client

from budgets.access.roles import OWNER
from budgets.models import BrandAccess
from core.celery import app
from tests.admin.people import a_person, browser_of
from tests.admin.words import OF_PYTHON, unfit


@pytest.fixture(autouse=True)
def jobs_at_once(settings: Any, tmp_path: Path) -> Iterator[None]:
    """Do jobs when they are asked for, with files of the test's own."""
    settings.VAR_DIR = tmp_path
    app.conf.update(task_always_eager=True, task_eager_propagates=True)
    yield
    app.conf.update(task_always_eager=False, task_eager_propagates=False)


@pytest.fixture(autouse=True)
def messages_in_words(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Refuse messages and errors of forms, met by any test, that are not written for people."""
    said: list[str] = []
    errors: list[str] = []
    add, add_error = BaseStorage.add, BaseForm.add_error

    def noted(self: BaseStorage, level: int, message: Any, extra_tags: str = "") -> None:
        said.append(str(message))
        add(self, level, message, extra_tags)

    def refused(self: BaseForm, field: str | None, error: Any) -> None:
        errors.extend(ValidationError(error).messages)
        add_error(self, field, error)

    monkeypatch.setattr(BaseStorage, "add", noted)
    monkeypatch.setattr(BaseForm, "add_error", refused)
    yield
    assert [text for text in said if unfit(text)] == []
    assert [text for text in errors if OF_PYTHON.search(text)] == []  # it may quote a number


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


@pytest.fixture
def quick_passwords(settings: Any) -> None:
    """Hash passwords in no time."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def ada(db: None, quick_passwords: None) -> User:
    """An owner of all brands, the only one who can manage people."""
    return a_person("ada", OWNER)


@pytest.fixture
def owners(ada: User) -> Client:
    """The browser of that owner."""
    return browser_of(ada)
