"""Who may come in: keys, their scopes, their end, and how often they may ask."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from budgets.models import ApiKey
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
    stored = ApiKey.objects.values().get()
    assert program.token not in map(str, stored.values())


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


def test_a_revoked_key_opens_nothing() -> None:
    problem_of(a_program(revoked_at=timezone.now()).get("/brands"), 401)


def test_an_expired_key_opens_nothing() -> None:
    program = a_program(expires_at=NOON)
    with the_clock_at(NOON - timedelta(seconds=1)):
        assert program.get("/brands").status_code == 200
    with the_clock_at(NOON):
        problem_of(program.get("/brands"), 401)


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
    program.key.refresh_from_db()
    assert program.key.last_used_at == NOON
    with the_clock_at(NOON + timedelta(seconds=60)):
        program.get("/brands")
    program.key.refresh_from_db()
    assert program.key.last_used_at == NOON + timedelta(seconds=60)


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
