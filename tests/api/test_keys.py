"""Who may come in: keys, their scopes, their end, and how often they may ask."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from budgets.models import ApiKey, KeySecret
from budgets.operations.keys import end_old_secrets, rotate
from tests.api.program import Program, a_program, problem_of
from tests.builders import a_brand, an_instant, the_clock_at

pytestmark = pytest.mark.django_db

NOON = an_instant("2026-03-10 12:00")


def test_a_key_opens_the_api() -> None:
    assert a_program().get("/brands").status_code == 200


@pytest.mark.parametrize(
    "token",
    ["", "abm", "abm_0123456789ab_x", "abm_\0_x", "abm_../_x", "x" * 5000, "abm_é_ü"],
)
def test_what_is_no_key_opens_nothing(token: Any) -> None:
    response = Program(token).get("/brands")
    assert problem_of(response, 401)["code"] == "unauthorized"
    assert response.headers["WWW-Authenticate"].startswith("Bearer")


def test_a_token_with_one_letter_changed_opens_nothing() -> None:
    program = a_program()
    last = program.token[-1]
    program.token = program.token[:-1] + ("A" if last != "A" else "B")
    problem_of(program.get("/brands"), 401)


def test_the_token_is_not_stored() -> None:
    program = a_program()
    stored = [*ApiKey.objects.values().get().values(), *KeySecret.objects.values().get().values()]
    assert program.token not in map(str, stored)


def test_another_scheme_than_bearer_opens_nothing() -> None:
    program = a_program()
    response = program.client.get(
        "/api/v1/brands", headers={"Authorization": f"Basic {program.token}"}
    )
    problem_of(response, 401)


def test_the_session_of_a_person_opens_nothing() -> None:
    client = Client(raise_request_exception=False)
    client.force_login(User.objects.create_superuser("ada"))
    problem_of(client.get("/api/v1/brands"), 401)


def test_a_revoked_key_opens_nothing_and_says_since_when() -> None:
    problem = problem_of(a_program(revoked_at=NOON).get("/brands"), 401)
    assert problem["code"] == "key_revoked"
    assert "2026-03-10T12:00:00Z" in problem["detail"]


def test_an_expired_key_opens_nothing() -> None:
    program = a_program(expires_at=NOON)
    with the_clock_at(NOON - timedelta(seconds=1)):
        assert program.get("/brands").status_code == 200
    with the_clock_at(NOON):
        problem = problem_of(program.get("/brands"), 401)
    assert problem["code"] == "key_expired"
    assert "2026-03-10T12:00:00Z" in problem["detail"]


@pytest.mark.parametrize(
    "scope, status_of_reading, status_of_spend, status_of_creating",
    [("read", 200, 403, 403), ("spend", 403, 422, 403), ("manage", 403, 403, 422)],
)
def test_a_scope_opens_its_own_door_only(
    scope: Any, status_of_reading: Any, status_of_spend: Any, status_of_creating: Any
) -> None:
    program = a_program(scopes=scope)
    assert program.get("/brands").status_code == status_of_reading
    assert program.post("/spend", {"entries": []}).status_code == status_of_spend
    assert program.post("/brands", {}).status_code == status_of_creating


def test_a_missing_scope_is_named() -> None:
    problem = problem_of(a_program(scopes="spend").get("/brands"), 403)
    assert problem["code"] == "missing_scope"
    assert "read" in problem["detail"]


def test_use_is_noted_at_most_once_a_minute() -> None:
    program = a_program()
    with the_clock_at(NOON):
        program.get("/brands")
    with the_clock_at(NOON + timedelta(seconds=59)):
        program.get("/brands")
    assert program.key.secrets.get().last_used_at == NOON
    with the_clock_at(NOON + timedelta(seconds=60)):
        program.get("/brands")
    secret = program.key.secrets.get()
    assert (secret.last_used_at, secret.last_used_from) == (
        NOON + timedelta(minutes=1),
        "127.0.0.1",
    )


def test_a_key_limited_to_no_brand_sees_nothing() -> None:
    a_brand()
    program = a_program(a_brand())
    program.key.brands.clear()
    assert program.get("/brands").json()["items"] == []


def test_one_request_too_many_has_to_wait_for_the_next_minute() -> None:
    program = a_program(requests_per_minute=2)
    with the_clock_at(NOON + timedelta(seconds=50)):
        assert [program.get("/brands").status_code for _ in range(2)] == [200, 200]
        response = program.get("/brands")
    assert problem_of(response, 429)["code"] == "too_many_requests"
    assert response.headers["Retry-After"] == "10"
    with the_clock_at(NOON + timedelta(seconds=60)):
        assert program.get("/brands").status_code == 200


def test_each_key_has_its_own_limit() -> None:
    busy, other = a_program(requests_per_minute=1), a_program(requests_per_minute=1)
    with the_clock_at(NOON):
        assert busy.get("/brands").status_code == 200
        assert busy.get("/brands").status_code == 429
        assert other.get("/brands").status_code == 200


# --- Where from -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "addresses, address, status",
    [
        ("", "198.51.100.9", 200),
        ("192.0.2.7", "192.0.2.7", 200),
        ("192.0.2.7", "192.0.2.8", 403),
        ("10.0.0.0/8\n2001:db8::/32", "10.20.30.40", 200),
        ("10.0.0.0/8\n2001:db8::/32", "2001:db8::1", 200),
        ("10.0.0.0/8\n2001:db8::/32", "2001:db9::1", 403),
        ("192.0.2.7", "::ffff:192.0.2.7", 200),
        ("192.0.2.7", "", 403),
    ],
)
def test_a_key_works_from_its_addresses_only(addresses: str, address: str, status: int) -> None:
    program = a_program(addresses=addresses)
    program.client.defaults["REMOTE_ADDR"] = address
    assert program.get("/brands").status_code == status


def test_an_address_that_is_refused_is_named_and_the_rate_is_not_used_up() -> None:
    program = a_program(addresses="192.0.2.7", requests_per_minute=1)
    for _ in range(3):
        problem = problem_of(program.get("/brands"), 403)
    assert problem["code"] == "address_not_allowed"
    assert "127.0.0.1" in problem["detail"]
    program.client.defaults["REMOTE_ADDR"] = "192.0.2.7"
    assert program.get("/brands").status_code == 200


# --- Secrets in turn ------------------------------------------------------------------------------


def test_after_a_rotation_both_secrets_work_until_the_old_one_ends() -> None:
    old = a_program()
    new = Program(rotate(old.key, now=NOON, until=NOON + timedelta(hours=24)).token)
    with the_clock_at(NOON + timedelta(hours=23)):
        assert [each.get("/brands").status_code for each in (old, new)] == [200, 200]
    with the_clock_at(NOON + timedelta(hours=24)):
        problem = problem_of(old.get("/brands"), 401)
        assert new.get("/brands").status_code == 200
    assert problem["code"] == "secret_ended"


def test_each_secret_knows_its_own_last_use() -> None:
    old = a_program()
    new = Program(rotate(old.key, now=NOON, until=NOON + timedelta(hours=24)).token)
    with the_clock_at(NOON):
        new.get("/brands")
    used = old.key.secrets.order_by("id").values_list("last_used_at", flat=True)
    assert list(used) == [None, NOON]


def test_an_earlier_end_of_an_old_secret_is_not_put_off_by_another_rotation() -> None:
    program = a_program()
    soon, later = NOON + timedelta(hours=1), NOON + timedelta(hours=24)
    rotate(program.key, now=NOON, until=soon)
    rotate(program.key, now=NOON, until=later)
    assert [each.ends_at for each in program.key.secrets.order_by("id")] == [soon, later, None]


def test_the_old_secret_can_be_ended_at_once() -> None:
    old = a_program()
    new = Program(rotate(old.key, now=NOON, until=NOON + timedelta(hours=24)).token)
    assert end_old_secrets(old.key, now=NOON) == 1
    with the_clock_at(NOON):
        problem_of(old.get("/brands"), 401)
        assert new.get("/brands").status_code == 200
