"""Roles of one's own: made by ticking what people may do, never permission by permission."""

from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group, Permission, User
from django.db.models import F
from django.test import Client
from django.urls import reverse

from budgets.access.roles import FINANCE, MANAGER, OWNED_APPS, OWNER, VIEWER
from budgets.admin.people.role_rights import RIGHTS, all_of, permissions_of, rights_held
from budgets.models import AccessEvent, AccessKind
from tests.admin.pages import text_of, told
from tests.admin.people import browser_of
from tests.admin.test_roles import a_member

pytestmark = pytest.mark.django_db

ADD = "admin:auth_group_add"


@pytest.fixture
def root() -> Client:
    return browser_of(User.objects.create_superuser("root"))


def rights_of(role: Group) -> list[str]:
    return [right.key for right in rights_held(role)]


def page_of(role: Group) -> str:
    return reverse("admin:auth_group_change", args=[role.pk])


def edited(client: Client, role: Group, *rights: str) -> Any:
    return client.post(page_of(role), {"name": role.name, "rights": rights})


@pytest.mark.parametrize(
    "role, missing",
    [
        (OWNER, set()),
        (MANAGER, {"people", "sign-ins", "keys", "tasks"}),
        (
            FINANCE,
            {"people", "sign-ins", "keys", "tasks", "campaigns", "new-brands", "brands"}
            | {"schedules", "sources", "platforms"},
        ),
        (
            VIEWER,
            {"people", "sign-ins", "keys", "tasks", "campaigns", "new-brands", "brands"}
            | {"schedules", "sources", "platforms", "spend", "matches"},
        ),
    ],
)
def test_the_rights_of_our_roles(role: str, missing: set[str]) -> None:
    every = {right.key for right in RIGHTS}
    assert every - set(rights_of(Group.objects.get(name=role))) == missing


def test_every_permission_that_a_page_asks_for_is_of_some_right() -> None:
    manager = permissions_of(Group.objects.get(name=MANAGER))
    assert manager <= all_of(right.key for right in RIGHTS)
    of_pages = {
        (model._meta.app_label, f"view_{model._meta.model_name}") for model in admin.site._registry
    }
    assert {each for each in of_pages if each[0] in OWNED_APPS} <= all_of(
        right.key for right in RIGHTS
    )


def test_every_right_is_made_of_permissions_that_there_are() -> None:
    every = set(Permission.objects.values_list(F("content_type__app_label"), "codename"))
    assert all_of(right.key for right in RIGHTS) <= every


def test_a_superuser_makes_a_role_by_ticking_what_its_people_may_do(root: Client) -> None:
    form = text_of(root.get(reverse(ADD)))
    assert "Edit campaigns and budgets, hold and release" in form
    assert "Can add" not in form
    answer = root.post(reverse(ADD), {"name": " Traders ", "rights": ["campaigns", "read-spend"]})
    (said,) = told(answer)
    assert said.startswith("The role “")
    role = Group.objects.get(name="Traders")
    # Who edits campaigns reads them.
    assert rights_of(role) == ["read", "read-spend", "campaigns"]
    trader = a_member("Traders")
    assert trader.has_perms(("budgets.delete_campaign", "budgets.view_spend", "budgets.view_job"))
    assert not trader.has_perm("budgets.change_brand")
    listed = text_of(root.get(reverse("admin:auth_group_changelist")))
    assert "Read and export spend · Edit campaigns and budgets, hold and release" in listed
    page = text_of(root.get(page_of(role)))
    assert "✓ Edit campaigns and budgets, hold and release" in page
    assert "– Edit schedules" in page
    assert "Edit what it may do" in page


def test_what_is_taken_is_gone_and_what_another_right_needs_stays(root: Client) -> None:
    role = Group.objects.create(name="Traders")
    edited(root, role, "campaigns", "schedules", "read-statements")
    edited(root, role, "schedules")
    assert permissions_of(role) == all_of(["schedules"])
    kinds = set(AccessEvent.objects.filter(name="Traders").values_list("kind", flat=True))
    assert {AccessKind.PERMISSIONS_GIVEN, AccessKind.PERMISSIONS_TAKEN} <= kinds


def test_permissions_that_no_right_has_are_kept_and_counted(root: Client) -> None:
    role = Group.objects.create(name="Odd")
    given = Permission.objects.filter(codename__in=("view_session", "add_campaign"))
    role.permissions.set(given)
    form = text_of(root.get(page_of(role) + "?edit"))
    assert "2 other permissions, given in a shell, stay as they are." in form
    edited(root, role, "read-statements")
    held = {("sessions", "view_session"), ("budgets", "add_campaign")}
    assert permissions_of(role) == held | all_of(["read-statements"])
    edited(root, role)
    assert permissions_of(role) == held


@pytest.mark.parametrize(
    "sent, told",
    [
        ({"name": "", "rights": ["read"]}, "This field is required."),
        ({"name": "owner", "rights": ["read"]}, "There is a role “Owner” already."),
        ({"name": "Idle"}, "Tick at least one."),
        ({"name": "Odd", "rights": ["everything"]}, "everything is not one of the available"),
    ],
)
def test_a_role_that_cannot_be_is_refused(root: Client, sent: dict[str, Any], told: str) -> None:
    answer = root.post(reverse(ADD), sent)
    assert answer.status_code == 200
    assert told in text_of(answer)
    assert Group.objects.count() == 4


def test_only_a_superuser_makes_or_edits_a_role() -> None:
    owner, role = browser_of(a_member(OWNER)), Group.objects.create(name="Traders")
    assert owner.post(reverse(ADD), {"name": "Mine", "rights": ["read"]}).status_code == 403
    assert edited(owner, role, "people").status_code == 403
    assert not role.permissions.exists()


def test_a_role_is_deleted_with_words_on_who_has_it(root: Client) -> None:
    role = Group.objects.create(name="Traders")
    a_member("Traders", "tina")
    text = text_of(root.get(reverse("admin:auth_group_delete", args=[role.pk])))
    assert text.startswith("Delete: Traders | Ad Budget Manager")
    assert "People chevron_right Roles chevron_right Traders" in text
    assert "Summary Roles: 1 Objects Traders, the role of 1 person No, take me back" in text


def test_a_person_is_deleted_without_what_the_tables_call_their_role() -> None:
    tina = a_member(VIEWER, "tina")
    page = reverse("admin:auth_user_delete", args=[tina.pk])
    text = text_of(browser_of(a_member(OWNER)).get(page))
    assert "Summary Users: 1 Objects tina No, take me back" in text
