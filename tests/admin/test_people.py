"""Users and roles, as an owner sees them: one role, brands by picking, and always an owner left."""

from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group, Permission, User
from django.test import Client
from django.urls import reverse

from budgets.access.owners import may_touch
from budgets.access.roles import FINANCE, MANAGER, OWNER, VIEWER
from budgets.models import BrandAccess
from tests.admin.pages import errors_of, text_of
from tests.admin.people import a_person, browser_of
from tests.builders import a_brand

pytestmark = pytest.mark.django_db

LAST = "Nobody else can manage users"
MACHINE_WORDS = ("Staff status", "staff status", "LDAP", "#1", "pbkdf2", "algorithm", "Can view")


def page_of(user: User, page: str = "change") -> str:
    return reverse(f"admin:auth_user_{page}", args=[user.pk])


def form_of(user: User, **changes: Any) -> dict[str, Any]:
    """Return what the page of somebody sends, with some of it changed."""
    role = user.groups.first()
    access = BrandAccess.objects.filter(user=user).first()
    form = {
        "name": user.get_full_name(),
        "email": user.email,
        "username": user.username,
        "role": role.pk if role else "",
        "reach": "all" if access and access.all_brands else "none",
        "is_active": "on" if user.is_active else "",
    } | changes
    return {name: value for name, value in form.items() if value != ""}


def role_of(name: str) -> int:
    return Group.objects.get(name=name).pk


def again(user: User) -> User:
    return User.objects.get(pk=user.pk)


@pytest.mark.parametrize("which", ["change", "password_change", "delete", "history"])
def test_no_page_of_a_person_speaks_of_machines(owners: Client, which: str) -> None:
    ben = a_person("ben", VIEWER)
    answer = owners.get(page_of(ben, which), follow=True)
    assert answer.status_code == 200
    text = answer.content.decode()
    assert [word for word in MACHINE_WORDS if word in text] == []


@pytest.mark.parametrize(
    "which", ["auth_user_changelist", "auth_user_add", "auth_group_changelist"]
)
def test_no_list_of_people_speaks_of_machines(owners: Client, which: str) -> None:
    text = owners.get(reverse(f"admin:{which}")).content.decode()
    assert [word for word in MACHINE_WORDS if word in text] == []


def test_the_list_says_who_somebody_is_and_whether_they_may_log_in(owners: Client) -> None:
    a_person("ben", FINANCE).groups.all()
    User.objects.filter(username="ben").update(first_name="Ben Okri", is_active=False)
    a_person("cleo", VIEWER, all_brands=False)
    User.objects.filter(username="cleo").update(password="!")
    text = text_of(owners.get(reverse("admin:auth_user_changelist")))
    assert "Ben Okri ben ben@example.com Finance all – Deactivated" in text
    assert "cleo cleo@example.com Viewer none – Not invited yet" in text


@pytest.mark.parametrize(
    "state, names", [("active", {"ada"}), ("invited", {"cleo"}), ("off", {"ben"})]
)
def test_the_list_is_filtered_by_state(owners: Client, state: str, names: set[str]) -> None:
    a_person("ben")
    a_person("cleo")
    User.objects.filter(username="ben").update(is_active=False)
    User.objects.filter(username="cleo").update(password="!")
    page = owners.get(reverse("admin:auth_user_changelist"), {"state": state})
    shown = {user.username for user in page.context["cl"].result_list} - {"ada"}
    assert shown == names - {"ada"}


@pytest.mark.parametrize("asked", ["nonsense", "9" * 30])
def test_the_list_is_filtered_by_role(owners: Client, asked: str) -> None:
    a_person("ben", VIEWER)
    page = owners.get(reverse("admin:auth_user_changelist"), {"role": str(role_of(VIEWER))})
    assert [user.username for user in page.context["cl"].result_list] == ["ben"]
    page = owners.get(reverse("admin:auth_user_changelist"), {"role": asked})
    assert page.status_code == 200


def test_a_person_gets_one_role_and_some_brands(owners: Client) -> None:
    ben, acme = a_person("ben", VIEWER), a_brand(name="Acme")
    a_brand(name="Other")
    form = form_of(ben, role=role_of(MANAGER), reach="some", brands=[acme.pk], name="Ben Okri")
    assert owners.post(page_of(ben), form).status_code == 302
    ben = again(ben)
    assert [group.name for group in ben.groups.all()] == [MANAGER]
    assert list(ben.brand_access.brands.all()) == [acme]
    assert not ben.brand_access.all_brands
    assert ben.get_full_name() == "Ben Okri"
    assert ben.is_staff


def test_another_role_takes_away_what_was_given_by_hand(owners: Client) -> None:
    ben = a_person("ben", MANAGER)
    ben.groups.add(Group.objects.create(name="Interns"))
    ben.user_permissions.add(Permission.objects.get(codename="add_spend"))
    assert owners.post(page_of(ben), form_of(ben, role="as-now")).status_code == 302
    assert again(ben).groups.count() == 2
    assert owners.post(page_of(ben), form_of(ben, role=role_of(VIEWER))).status_code == 302
    assert not again(ben).has_perm("budgets.add_spend")
    assert [group.name for group in again(ben).groups.all()] == [VIEWER]


def test_some_brands_need_a_brand(owners: Client) -> None:
    ben = a_person("ben", VIEWER)
    answer = owners.post(page_of(ben), form_of(ben, reach="some"))
    assert "Choose at least one brand" in errors_of(answer)["brands"][0]


def test_a_form_that_is_left_alone_keeps_everything(owners: Client) -> None:
    ben, acme = a_person("ben", FINANCE, all_brands=False), a_brand(name="Acme")
    ben.brand_access.brands.add(acme)
    assert (
        owners.post(page_of(ben), form_of(ben, reach="some", brands=[acme.pk])).status_code == 302
    )
    ben = again(ben)
    assert (ben.username, ben.email, ben.is_active) == ("ben", "ben@example.com", True)
    assert list(ben.brand_access.brands.all()) == [acme]
    assert ben.check_password("a-long-secret")


def test_two_people_have_no_address_in_common(owners: Client, ada: User) -> None:
    ben = a_person("ben", VIEWER)
    answer = owners.post(page_of(ben), form_of(ben, email="ADA@example.com"))
    assert "Somebody else has this address" in errors_of(answer)["email"][0]


def test_somebody_deactivated_is_out_at_once(owners: Client) -> None:
    ben = a_person("ben", VIEWER)
    theirs = browser_of(ben)
    assert theirs.get("/admin/").status_code == 200
    owners.post(page_of(ben), form_of(ben, is_active=""))
    assert theirs.get("/admin/").status_code == 302


@pytest.mark.parametrize("change", [{"is_active": ""}, {"role": VIEWER}, {"reach": "none"}])
def test_the_last_owner_stays_one(owners: Client, ada: User, change: dict[str, str]) -> None:
    a_person("ben", OWNER, all_brands=False)  # manages nobody
    User.objects.filter(pk=a_person("cleo", OWNER).pk).update(password="!")  # cannot sign in
    if "role" in change:
        change = {"role": str(role_of(change["role"]))}
    answer = owners.post(page_of(ada), form_of(ada, **change))
    assert LAST in text_of(answer)
    assert again(ada).is_active
    assert [group.name for group in again(ada).groups.all()] == [OWNER]
    assert again(ada).brand_access.all_brands


def test_an_owner_beside_another_may_step_back(owners: Client, ada: User) -> None:
    a_person("ben", OWNER)
    form = form_of(ada, role=role_of(VIEWER))
    assert owners.post(page_of(ada), form).status_code == 302
    assert [group.name for group in again(ada).groups.all()] == [VIEWER]


def test_the_last_owner_is_not_deleted(owners: Client, ada: User) -> None:
    assert LAST in text_of(owners.get(page_of(ada, "delete")))
    owners.post(page_of(ada, "delete"), {"post": "yes"})
    action = {"action": "delete_selected", "_selected_action": [ada.pk], "post": "yes"}
    owners.post(reverse("admin:auth_user_changelist"), action)
    assert User.objects.filter(pk=ada.pk).exists()


def test_an_owner_beside_another_is_deleted(owners: Client) -> None:
    ben = a_person("ben", OWNER)
    owners.post(page_of(ben, "delete"), {"post": "yes"})
    assert not User.objects.filter(pk=ben.pk).exists()


def test_a_superuser_is_made_by_superusers_only(owners: Client, ada: User) -> None:
    ben = a_person("ben", OWNER)
    owners.post(page_of(ben), form_of(ben, is_superuser="on"))
    assert not again(ben).is_superuser
    assert "Superuser" not in text_of(owners.get(page_of(ben)))
    root = browser_of(User.objects.create_superuser("root"))
    assert "Superuser" in text_of(root.get(page_of(ben)))
    root.post(page_of(ben), form_of(ben, is_superuser="on"))
    assert again(ben).is_superuser


@pytest.mark.parametrize("which", ["change", "password_change", "link", "delete", "withdraw"])
def test_who_manages_people_by_a_role_of_their_own_reaches_no_owner(which: str, ada: User) -> None:
    desk = Group.objects.create(name="Desk")
    desk.permissions.set(Permission.objects.filter(content_type__model="user"))
    ben = a_person("ben", "Desk")
    answer = browser_of(ben).post(page_of(ada, which), form_of(ada) | {"post": "yes"})
    assert answer.status_code == 403


def test_nobody_gives_a_role_that_may_more_than_they_may(ada: User) -> None:
    desk = Group.objects.create(name="Desk")
    desk.permissions.set(Permission.objects.filter(content_type__model="user"))
    ben = a_person("ben", "Desk")
    answer = browser_of(ben).post(page_of(ben), form_of(ben, role=role_of(OWNER)))
    assert "role" in errors_of(answer)
    assert not may_touch(ben, ada)


def test_what_changed_about_a_person_is_in_their_history(owners: Client, ada: User) -> None:
    ben = a_person("ben", VIEWER)
    owners.post(page_of(ben), form_of(ben, role=role_of(MANAGER)))
    entry = LogEntry.objects.get(object_id=str(ben.pk), user=ada)
    assert "Role" in entry.get_change_message()


def test_a_role_is_told_in_words_with_who_has_it(owners: Client) -> None:
    a_person("ben", FINANCE)
    answer = owners.get(reverse("admin:auth_group_change", args=[role_of(FINANCE)]))
    text = text_of(answer)
    assert "✓ Type in, import and correct spend" in text
    assert "– Edit brands, and move them to another time zone (no)" in text
    assert "Who has it ben" in text
    assert "budgets | " not in text


def test_what_django_calls_groups_is_called_roles(owners: Client) -> None:
    text = text_of(owners.get(reverse("admin:auth_group_changelist")))
    assert "4 roles" in text
    assert "group" not in text.lower()
