"""Roles: what owners, managers, finance and viewers may do, and who may make them."""

from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.core.management import call_command
from django.urls import reverse

from budgets.access.roles import FINANCE, MANAGER, OWNER, VIEWER
from budgets.access.scope import scope_of_user
from budgets.management.commands.up import ADMIN, Command
from budgets.models import BrandAccess
from tests.admin.pages import address, text_of
from tests.admin.people import browser_of
from tests.builders import a_brand, a_campaign

pytestmark = pytest.mark.django_db


def a_member(role: str, name: str = "member", *, all_brands: bool = True) -> User:
    user = User.objects.create_user(name, is_staff=True)
    user.groups.add(Group.objects.get(name=role))
    BrandAccess.objects.create(user=user, all_brands=all_brands)
    return User.objects.get(pk=user.pk)


@pytest.mark.parametrize(
    "permission, roles",
    [
        ("budgets.view_brand", {OWNER, MANAGER, FINANCE, VIEWER}),
        ("budgets.view_statement", {OWNER, MANAGER, FINANCE, VIEWER}),
        ("budgets.add_spend", {OWNER, MANAGER, FINANCE}),
        ("budgets.view_campaignmatch", {OWNER, MANAGER, FINANCE, VIEWER}),
        ("budgets.delete_campaignmatch", {OWNER, MANAGER, FINANCE}),
        ("budgets.change_campaign", {OWNER, MANAGER}),
        ("budgets.delete_schedule", {OWNER, MANAGER}),
        ("budgets.view_apikey", {OWNER}),
        ("auth.change_user", {OWNER}),
        ("django_celery_beat.change_periodictask", {OWNER}),
        ("sessions.view_session", set()),
    ],
)
def test_a_permission_belongs_to_these_roles(permission: str, roles: set[str]) -> None:
    everybody = (OWNER, MANAGER, FINANCE, VIEWER)
    assert {role for role in everybody if a_member(role, role).has_perm(permission)} == roles


def test_a_migrate_sets_the_roles_anew_and_leaves_other_groups_alone() -> None:
    own = Group.objects.create(name="Interns")
    Group.objects.get(name=VIEWER).permissions.clear()
    Group.objects.get(name=MANAGER).permissions.add(Permission.objects.get(codename="delete_user"))
    Group.objects.get(name=FINANCE).delete()
    call_command("migrate", verbosity=0)
    assert a_member(VIEWER, "v").has_perm("budgets.view_brand")
    assert not a_member(MANAGER, "m").has_perm("auth.delete_user")
    assert a_member(FINANCE, "f").has_perm("budgets.add_spend")
    assert not own.permissions.exists()


def test_the_first_login_is_an_owner() -> None:
    Command().ensure_admin()
    assert [group.name for group in User.objects.get(username=ADMIN).groups.all()] == [OWNER]


def test_a_superuser_reaches_all_brands_and_a_new_user_none() -> None:
    assert scope_of_user(User.objects.create_superuser("root")).all_brands
    assert not scope_of_user(User.objects.create_user("new")).all_brands


def test_a_role_is_not_edited_but_read() -> None:
    owner = browser_of(a_member(OWNER))
    page = reverse("admin:auth_group_change", args=[Group.objects.get(name=VIEWER).pk])
    assert owner.get(page).status_code == 200
    assert owner.post(page, {"name": "Mine"}).status_code == 403


def form_of(user: User, **changes: Any) -> dict[str, Any]:
    role = Group.objects.get(name=OWNER).pk
    return {"username": user.username, "is_active": "on", "role": role, "reach": "all"} | changes


def test_an_owner_makes_nobody_a_superuser_and_edits_none() -> None:
    owner, root = a_member(OWNER), User.objects.create_superuser("root")
    client = browser_of(owner)
    page = reverse("admin:auth_user_change", args=[owner.pk])
    client.post(page, form_of(owner, is_superuser="on"))
    owner.refresh_from_db()
    assert not owner.is_superuser
    for name in ("change", "delete"):
        page = reverse(f"admin:auth_user_{name}", args=[root.pk])
        assert client.post(page, form_of(root) | {"post": "yes"}).status_code == 403
    page = reverse("admin:auth_user_password_change", args=[root.pk])
    assert client.post(page, {"password1": "x", "password2": "x"}).status_code == 403


def test_finance_types_in_spend_but_holds_nothing() -> None:
    finance, campaign = browser_of(a_member(FINANCE)), a_campaign()
    assert finance.get(address("spend_add")).status_code == 200
    assert finance.post(address("campaign_hold_one", campaign.pk), {}).status_code == 403


def test_the_list_of_users_tells_roles_and_brands(django_assert_max_num_queries: Any) -> None:
    access = BrandAccess.objects.get(user=a_member(VIEWER, "vera", all_brands=False))
    access.brands.add(a_brand(name="Acme"))
    owner = browser_of(a_member(OWNER))
    with django_assert_max_num_queries(14):
        page = text_of(owner.get(reverse("admin:auth_user_changelist")))
    assert "vera – Viewer Acme" in page
    assert "member – Owner all" in page
