"""Who came in and whose rights changed stands in the activity, for owners."""

import csv
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client
from django.urls import reverse

from budgets.access.roles import FINANCE, MANAGER, OWNER, VIEWER
from budgets.models import AccessEvent, AccessKind, ApiKey, BrandAccess
from tests.admin.pages import text_of
from tests.admin.people import browser_of
from tests.admin.test_people import form_of
from tests.admin.test_roles import a_member
from tests.admin.test_sign_in import RIGHT, quick_hashes
from tests.builders import a_brand

pytestmark = pytest.mark.django_db

__all__ = ["quick_hashes"]


def recorded() -> list[tuple[str, str, str, str]]:
    """Return what was recorded, oldest first, and forget it."""
    events = list(AccessEvent.objects.order_by("pk").values_list("kind", "name", "detail", "who"))
    AccessEvent.objects.all().delete()
    return events


def activity_of(client: Client, **asked: str) -> list[str]:
    response: Any = client.get(reverse("activity_csv"), asked)
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return [f"{row[3]}: {row[5]}: {row[7]}" for row in list(csv.reader(text.splitlines()))[1:]]


@pytest.fixture
def owner() -> Client:
    return browser_of(a_member(OWNER, "olga"))


def test_what_an_owner_does_to_a_user_is_recorded_under_their_name(owner: Client) -> None:
    user = a_member(VIEWER, "vera", all_brands=False)
    brand, finance = a_brand(name="Acme"), Group.objects.get(name=FINANCE)
    recorded()
    data = form_of(user, role=finance.pk, reach="some", brands=[brand.pk], is_active="")
    owner.post(reverse("admin:auth_user_change", args=[user.pk]), data)
    assert sorted(recorded()) == [
        ("brands_given", "vera", "Acme", "olga"),
        ("deactivated", "vera", "", "olga"),
        ("roles_given", "vera", FINANCE, "olga"),
        ("roles_taken", "vera", VIEWER, "olga"),
    ]


def test_what_a_shell_does_is_recorded_too() -> None:
    user = User.objects.create_user("vera", password=RIGHT)
    Group.objects.get(name=MANAGER).user_set.add(user)
    user.groups.clear()
    user.is_superuser = True
    user.set_password("another password")
    user.save()
    BrandAccess.objects.create(user=user, all_brands=True)
    user.delete()
    assert recorded() == [
        ("user_added", "vera", "", ""),
        ("roles_given", "vera", MANAGER, ""),
        ("roles_taken", "vera", MANAGER, ""),
        ("superuser_given", "vera", "", ""),
        ("password_changed", "vera", "", ""),
        ("brands_given", "vera", "all brands", ""),
        ("user_deleted", "vera", "", ""),
    ]


def test_a_hash_that_is_made_stronger_is_no_new_password(settings: Any) -> None:
    User.objects.create_superuser("root", password=RIGHT)
    settings.PASSWORD_HASHERS = [
        "django.contrib.auth.hashers.ScryptPasswordHasher",
        "django.contrib.auth.hashers.MD5PasswordHasher",
    ]
    recorded()
    Client().post(reverse("admin:login"), {"username": "root", "password": RIGHT})
    assert recorded() == [("signed_in", "root", "", "root")]


def test_keys_made_changed_and_revoked_are_recorded(owner: Client) -> None:
    recorded()
    page = reverse("admin:budgets_apikey_add")
    data = {"name": "Loader", "may_read": "on", "all_brands": "True", "requests_per_minute": "60"}
    owner.post(page, data)
    key = ApiKey.objects.get()
    owner.post(reverse("admin:budgets_apikey_change", args=[key.pk]), {**data, "may_manage": "on"})
    owner.post(
        reverse("admin:budgets_apikey_changelist"),
        {"action": "revoke", "_selected_action": [str(key.pk)]},
    )
    assert recorded() == [
        ("key_made", "Loader", "", "olga"),
        ("key_changed", "Loader", "may manage", "olga"),
        ("key_revoked", "Loader", "", "olga"),
    ]


def test_a_role_of_the_product_is_no_news_at_a_migrate() -> None:
    recorded()
    Group.objects.get(name=VIEWER).permissions.clear()
    assert recorded() == []


def test_owners_read_sign_ins_and_rights_on_the_page_and_in_the_file(owner: Client) -> None:
    recorded()
    for _ in range(3):
        Client().post(reverse("admin:login"), {"username": "vera", "password": "x"})
    browser_of(a_member(MANAGER, "max")).post(reverse("admin:logout"))
    lines = activity_of(owner, kind="sign_in")
    assert lines == [
        "Signed out: max: 127.0.0.1",
        "Did not get in: wrong name or password (3×): vera: 127.0.0.1",
    ]
    assert "User added: max: " in activity_of(owner, kind="rights")
    page = text_of(owner.get(reverse("activity")))
    assert "Did not get in: wrong name or password (3×) vera" in page
    assert activity_of(owner, person="VERA") == lines[1:]


@pytest.mark.parametrize("role", [MANAGER, VIEWER])
def test_others_see_nothing_of_it_and_no_filter_for_it(role: str) -> None:
    client = browser_of(a_member(role, "max"))
    Client().post(reverse("admin:login"), {"username": "vera", "password": "x"})
    assert AccessEvent.objects.filter(kind=AccessKind.WRONG_PASSWORD).exists()
    assert activity_of(client) == []
    page = text_of(client.get(reverse("activity")))
    assert "vera" not in page
    assert "Changes of rights" not in page
    assert client.get(reverse("activity_csv"), {"kind": "sign_in"}).status_code == 200
    assert "Select a valid choice" in text_of(client.get(reverse("activity"), {"kind": "rights"}))


def test_an_owner_of_some_brands_sees_nothing_of_it() -> None:
    user = a_member(OWNER, "max", all_brands=False)
    assert activity_of(browser_of(user)) == []


def test_events_of_one_brand_leave_it_out(owner: Client) -> None:
    assert not [line for line in activity_of(owner, brand=str(a_brand().pk)) if "User" in line]


def test_pages_of_it_miss_nothing_and_repeat_nothing(owner: Client) -> None:
    for number in range(60):
        User.objects.create_user(f"user{number}")
    first = owner.get(reverse("activity"), {"kind": "rights"})
    older = {"kind": "rights", "older": str(first.context["older"])}
    second = owner.get(reverse("activity"), older)
    told = [line["name"] for page in (first, second) for line in page.context["lines"]]
    assert sorted(name for name in told if name.startswith("user")) == sorted(
        f"user{number}" for number in range(60)
    )
