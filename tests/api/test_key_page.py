"""The admin's page of API keys."""

import re
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import reverse

from budgets.models import ApiKey, BrandAccess
from tests.api.program import Program, a_program, problem_of
from tests.builders import a_brand

pytestmark = pytest.mark.django_db

LIST = "admin:budgets_apikey_changelist"
FORM = {"name": "nightly", "may_read": "on", "all_brands": "on", "requests_per_minute": "60"}


@pytest.fixture
def owner() -> Any:
    return User.objects.create_superuser("owner")


@pytest.fixture
def signed_in(owner: User) -> Any:
    signed_in = Client()
    signed_in.force_login(owner)
    return signed_in


def add(signed_in: Client, **facts: Any) -> Any:
    return signed_in.post(reverse("admin:budgets_apikey_add"), FORM | facts)


def test_a_new_key_is_shown_once_and_works(signed_in: Client, owner: User) -> None:
    response = add(signed_in)
    assert response.status_code == 200
    assert "no-store" in response.headers["Cache-Control"]
    (token,) = re.findall(r"abm_[0-9a-f]{12}_[\w-]{43}", response.content.decode())
    assert Program(token).get("/brands").status_code == 200
    key = ApiKey.objects.get()
    assert key.created_by == owner
    change = signed_in.get(reverse("admin:budgets_apikey_change", args=[key.pk]))
    for later in (change, signed_in.get(reverse(LIST))):
        assert later.status_code == 200
        assert token not in later.content.decode()
        assert key.token_hash not in later.content.decode()


def test_a_key_is_limited_to_the_chosen_brands(signed_in: Client) -> None:
    mine, _other = a_brand(), a_brand()
    response = add(signed_in, all_brands="", brands=[mine.pk])
    token = re.findall(r"abm_[0-9a-f]{12}_[\w-]{43}", response.content.decode())[0]
    items = Program(token).get("/brands").json()["items"]
    assert [item["id"] for item in items] == [mine.pk]


def test_a_key_that_may_do_nothing_is_refused(signed_in: Client) -> None:
    assert "at least one thing" in add(signed_in, may_read="").content.decode()
    assert not ApiKey.objects.exists()


def test_editing_a_key_keeps_its_token(signed_in: Client) -> None:
    program = a_program()
    address = reverse("admin:budgets_apikey_change", args=[program.key.pk])
    assert signed_in.post(address, FORM | {"name": "renamed"}).status_code == 302
    program.key.refresh_from_db()
    assert program.key.name == "renamed"
    assert program.get("/brands").status_code == 200


def test_a_revoked_key_stops_at_once_and_the_log_names_who_did_it(
    signed_in: Client, owner: User
) -> None:
    program = a_program()
    form = {"action": "revoke", "_selected_action": [program.key.pk]}
    assert signed_in.post(reverse(LIST), form).status_code == 302
    problem_of(program.get("/brands"), 401)
    assert LogEntry.objects.get().user == owner


def test_a_key_cannot_be_deleted(signed_in: Client) -> None:
    program = a_program()
    address = reverse("admin:budgets_apikey_delete", args=[program.key.pk])
    assert signed_in.post(address, {"post": "yes"}).status_code == 403


def test_who_may_only_look_sees_no_form_and_revokes_nothing() -> None:
    program = a_program()
    user = User.objects.create_user("viewer", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="view_apikey"))
    BrandAccess.objects.create(user=user, all_brands=True)
    signed_in = Client()
    signed_in.force_login(user)
    assert signed_in.get(reverse(LIST)).status_code == 200
    assert add(signed_in).status_code == 403
    signed_in.post(reverse(LIST), {"action": "revoke", "_selected_action": [program.key.pk]})
    program.key.refresh_from_db()
    assert program.key.revoked_at is None


def test_the_list_costs_the_same_queries_however_many_keys(
    signed_in: Client, django_assert_max_num_queries: Any
) -> None:
    for _ in range(10):
        a_program(a_brand())
    signed_in.get(reverse(LIST))
    with django_assert_max_num_queries(12):
        signed_in.get(reverse(LIST))
