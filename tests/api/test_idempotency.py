"""A creating request sent twice with one Idempotency-Key creates once."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from budgets.models import Brand, Campaign, GivenAnswer, Schedule
from tests.api.program import a_program, problem_of
from tests.builders import a_brand, an_instant, the_clock_at

pytestmark = pytest.mark.django_db

NOON = an_instant("2026-03-10 12:00")
BRAND = {"name": "Acme"}


def test_the_same_request_creates_once_and_gets_the_same_answer() -> None:
    program = a_program()
    first, second = (program.post("/brands", BRAND, idempotency_key="1") for _ in range(2))
    assert Brand.objects.count() == 1
    assert first.content == second.content
    assert first.status_code == second.status_code == 201
    assert first.headers["Location"] == second.headers["Location"]
    assert "Idempotency-Replayed" not in first.headers
    assert second.headers["Idempotency-Replayed"] == "true"


def test_the_same_key_for_another_request_is_refused() -> None:
    program = a_program()
    program.post("/brands", BRAND, idempotency_key="1")
    response = program.post("/brands", {"name": "Ajax"}, idempotency_key="1")
    assert problem_of(response, 409)["code"] == "idempotency_key_reused"
    response = program.post("/schedules", BRAND | {"hours": "Mon 09:00-10:00"}, idempotency_key="1")
    problem_of(response, 409)


def test_campaigns_and_schedules_are_created_once_too() -> None:
    program, brand = a_program(), a_brand()
    for _ in range(2):
        program.post("/campaigns", {"name": "x", "brand_id": brand.pk}, idempotency_key="c")
        program.post("/schedules", {"name": "x", "hours": "Mon 09:00-10:00"}, idempotency_key="s")
    assert (Campaign.objects.count(), Schedule.objects.count()) == (1, 1)


def test_each_api_key_has_idempotency_keys_of_its_own() -> None:
    for program in (a_program(), a_program()):
        assert program.post("/brands", BRAND, idempotency_key="1").status_code == 201
    assert Brand.objects.count() == 2


def test_without_a_key_every_request_creates() -> None:
    program = a_program()
    for _ in range(2):
        program.post("/brands", BRAND)
    assert Brand.objects.count() == 2


def test_a_refused_request_may_be_corrected_under_the_same_key() -> None:
    program = a_program()
    problem_of(program.post("/brands", {"name": "Acme", "currency": "?"}, idempotency_key="1"), 422)
    assert program.post("/brands", BRAND, idempotency_key="1").status_code == 201


def test_an_answer_is_kept_for_a_day() -> None:
    program = a_program()
    with the_clock_at(NOON):
        program.post("/brands", BRAND, idempotency_key="1")
    with the_clock_at(NOON + timedelta(hours=24)):
        program.post("/brands", BRAND, idempotency_key="1")
    assert Brand.objects.count() == 1
    with the_clock_at(NOON + timedelta(hours=24, seconds=1)):
        program.post("/brands", BRAND, idempotency_key="1")
    assert Brand.objects.count() == 2
    assert GivenAnswer.objects.count() == 1


@pytest.mark.parametrize("name", ["x" * 256, "ä", "with space"])
def test_a_key_that_could_not_be_kept_is_refused(name: Any) -> None:
    problem_of(a_program().post("/brands", BRAND, idempotency_key=name), 422)


@pytest.mark.django_db(transaction=True)
def test_two_requests_at_once_create_once() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("the tests' SQLite lives in the memory of one connection")
    program = a_program()
    bodies: list[bytes] = []

    def send() -> None:
        bodies.append(program.post("/brands", BRAND, idempotency_key="1").content)
        connection.close()

    threads = [threading.Thread(target=send) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Brand.objects.count() == 1
    assert len(bodies) == 6
    assert len(set(bodies)) == 1
