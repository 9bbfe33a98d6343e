"""The admin's page of API keys."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group, Permission, User
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from budgets.access.roles import OWNER
from budgets.models import ApiKey, BrandAccess
from tests.api.program import Program, a_program, problem_of
from tests.builders import a_brand

pytestmark = pytest.mark.django_db

LIST = "admin:budgets_apikey_changelist"
FORM = {"name": "nightly", "may_read": "on", "all_brands": "True", "requests_per_minute": "60"}


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


def token_on(response: Any) -> str:
    """Return the one token that a page shows."""
    (token,) = set(re.findall(r"abm_[0-9a-f]{12}_[\w-]{43}", response.content.decode()))
    return str(token)


def page_of(program: Program, page: str) -> str:
    return reverse(f"admin:budgets_apikey_{page}", args=[program.key.pk])


def an_owner() -> Client:
    """Sign in somebody who is an owner and no superuser."""
    user = User.objects.create_user("olga", is_staff=True)
    user.groups.add(Group.objects.get(name=OWNER))
    BrandAccess.objects.create(user=user, all_brands=True)
    signed_in = Client()
    signed_in.force_login(user)
    return signed_in


def a_keeper() -> Client:
    """Sign in somebody who may edit keys and is no owner."""
    user = User.objects.create_user("kim", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__endswith="_apikey"))
    BrandAccess.objects.create(user=user, all_brands=True)
    signed_in = Client()
    signed_in.force_login(user)
    return signed_in


def test_a_new_key_is_shown_once_and_works(signed_in: Client, owner: User) -> None:
    response = add(signed_in)
    assert response.status_code == 200
    assert "no-store" in response.headers["Cache-Control"]
    token = token_on(response)
    assert Program(token).get("/brands").status_code == 200
    key = ApiKey.objects.get()
    assert key.created_by == owner
    change = signed_in.get(reverse("admin:budgets_apikey_change", args=[key.pk]))
    for later in (change, signed_in.get(reverse(LIST))):
        assert later.status_code == 200
        assert token not in later.content.decode()
        assert key.secrets.get().token_hash not in later.content.decode()


def test_a_key_is_limited_to_the_chosen_brands(signed_in: Client) -> None:
    mine, _other = a_brand(), a_brand()
    response = add(signed_in, all_brands="False", brands=[mine.pk])
    token = token_on(response)
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


@pytest.mark.parametrize(
    "facts, words",
    [
        ({"all_brands": ""}, "This field is required"),
        ({"all_brands": "False"}, "Choose at least one brand, or all brands above."),
        ({"addresses": "10.0.0.1/8"}, "10.0.0.1/8 has host bits set"),
        ({"addresses": "192.0.2.7\nhome"}, "&#x27;home&#x27; does not appear to be"),
    ],
)
def test_a_key_is_not_saved_with_a_choice_left_open_or_an_address_that_is_none(
    signed_in: Client, facts: dict[str, str], words: str
) -> None:
    assert words in add(signed_in, **facts).content.decode()
    assert not ApiKey.objects.exists()


def test_all_brands_and_some_at_once_are_refused(signed_in: Client) -> None:
    assert "either all brands or some" in add(signed_in, brands=[a_brand().pk]).content.decode()


def test_addresses_are_kept_one_a_line(signed_in: Client) -> None:
    add(signed_in, addresses="192.0.2.7, 10.0.0.0/8")
    assert ApiKey.objects.get().addresses == "192.0.2.7\n10.0.0.0/8"


def test_the_page_of_a_new_key_can_be_copied_and_tried(signed_in: Client) -> None:
    response = add(signed_in)
    page = response.content.decode()
    assert 'data-copy="token"' in page
    assert reverse("api:openapi-view") in page
    command = re.search(r"curl -H &#x27;?.*?</code>|curl -H '.*?</code>", page)
    assert command
    address = re.search(r"http://testserver(/api/v1/[\w.]+)", command[0])
    assert address
    headers = {"Authorization": f"Bearer {token_on(response)}"}
    assert Client().get(address[1], headers=headers).status_code == 200


def test_a_key_that_only_reports_spend_is_tried_too(signed_in: Client) -> None:
    response = add(signed_in, may_read="", may_spend="on")
    address = re.search(r"http://testserver(/api/v1/[\w.]+)", response.content.decode())
    assert address
    headers = {"Authorization": f"Bearer {token_on(response)}"}
    assert Client().get(address[1], headers=headers).status_code == 200


def test_a_key_is_rotated_with_an_overlap_that_is_told_and_logged() -> None:
    program, olga = a_program(), an_owner()
    until = timezone.now() + timedelta(hours=2)
    form = {"until_0": f"{until:%Y-%m-%d}", "until_1": f"{until:%H:%M}"}
    response = olga.post(page_of(program, "rotate"), form)
    assert "no-store" in response.headers["Cache-Control"]
    new = Program(token_on(response))
    assert [each.get("/brands").status_code for each in (program, new)] == [200, 200]
    page = olga.get(page_of(program, "change")).content.decode()
    told = date_format(until, "DATETIME_FORMAT")
    assert f"works until {told}" in page
    assert f"works; the old secret until {told}</" in page
    assert LogEntry.objects.get().get_change_message().startswith("Rotated: the new secret is abm_")
    assert new.token not in LogEntry.objects.get().change_message
    olga.post(page_of(program, "end_old"))
    problem_of(program.get("/brands"), 401)
    assert LogEntry.objects.first().get_change_message() == "The old secret was ended."  # type: ignore[union-attr]  # there are two


def test_an_overlap_is_24_hours_unless_another_is_chosen() -> None:
    page = an_owner().get(page_of(a_program(), "rotate")).content.decode()
    assert f'value="{timezone.now() + timedelta(hours=24):%Y-%m-%d}"' in page


def test_an_owner_hands_a_key_over_to_the_house() -> None:
    program = a_program(created_by=User.objects.create_user("ada"))
    problem_of(program.get("/brands"), 403)
    olga = an_owner()
    assert "its maker may no longer: read" in olga.get(reverse(LIST)).content.decode()
    assert olga.get(page_of(program, "hand_over")).status_code == 200
    problem_of(program.get("/brands"), 403)
    olga.post(page_of(program, "hand_over"))
    assert program.get("/brands").status_code == 200
    assert LogEntry.objects.get().get_change_message() == "Handed over to the house."


def test_who_is_no_owner_neither_hands_over_nor_sees_anothers_secret() -> None:
    program = a_program(created_by=User.objects.create_superuser("ada"))
    kim = a_keeper()
    for page in ("hand_over", "rotate"):
        assert kim.post(page_of(program, page)).status_code == 403
    assert program.key.secrets.count() == 1


def test_who_is_no_owner_does_not_edit_a_key_of_the_house() -> None:
    program = a_program(scopes="read")
    form = FORM | {"may_manage": "on"}
    assert a_keeper().post(page_of(program, "change"), form).status_code == 403
    program.key.refresh_from_db()
    assert not program.key.may_manage


def test_a_key_is_edited_and_revoked_by_its_maker_and_by_owners_only() -> None:
    desk = User.objects.create_user("desk", is_staff=True)
    desk.user_permissions.set(Permission.objects.filter(content_type__model="apikey"))
    BrandAccess.objects.create(user=desk, all_brands=True)
    browser = Client()
    browser.force_login(desk)
    of_an_owner = a_program(created_by=User.objects.create_superuser("owner")).key
    of_the_house = a_program().key
    own = a_program(created_by=desk).key
    for key in (of_an_owner, of_the_house):
        page = reverse("admin:budgets_apikey_change", args=[key.pk])
        assert browser.post(page, FORM | {"may_manage": "on"}).status_code == 403
    selected = [key.pk for key in (of_an_owner, of_the_house, own)]
    browser.post(reverse(LIST), {"action": "revoke", "_selected_action": selected})
    assert list(ApiKey.objects.exclude(revoked_at=None)) == [own]
