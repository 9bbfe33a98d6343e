"""A key of one brand neither reads nor writes another, in any endpoint there is or will be.

The walk goes over the OpenAPI document, so an endpoint added later is walked too: one whose
parameters or body this test does not know fails it.
"""

import json
import re
from typing import Any

import pytest

from budgets.api.urls import api, urlpatterns
from tests.api.program import Program, a_program
from tests.api.two_brands import REFERENCE, SECRET, Operation, World

DOCUMENT = json.loads(json.dumps(api.get_openapi_schema(path_prefix="/")))
OPERATIONS = [
    (method.upper(), path, operation)
    for path, methods in sorted(DOCUMENT["paths"].items())
    for method, operation in methods.items()
]
NAMES = [f"{method} {path}" for method, path, _ in OPERATIONS]

# The feed shows what is committed.
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world(transactional_db: Any) -> World:
    return World()


@pytest.mark.parametrize("method, path, operation", OPERATIONS, ids=NAMES)
def test_a_key_of_one_brand_neither_reads_nor_writes_another(
    world: World, method: str, path: str, operation: Operation
) -> None:
    before = world.of_the_other_brand()
    for address, body in world.requests(method, path, operation):
        response = world.program.send(method, address, body)
        assert response.status_code < 500
        assert SECRET not in response.content.decode()
        assert REFERENCE not in answer_without_echo(response)
        assert world.of_the_other_brand() == before
        if "{" in path:
            assert response.status_code == 404


def answer_without_echo(response: Any) -> str:
    """Return an answer without the words in which a refusal repeats the row it refuses."""
    text = response.content.decode()
    return "" if '"unknown_campaign"' in text and '"accepted":0' in text else text


@pytest.mark.parametrize("method, path, operation", OPERATIONS, ids=NAMES)
def test_a_request_reaches_the_brand_for_a_key_that_is_for_all(
    world: World, method: str, path: str, operation: Operation
) -> None:
    """The walk would prove nothing with requests that fail for everybody."""
    unlimited = a_program()
    requests = world.requests(method, path, operation)
    answers = [unlimited.send(method, address, body) for address, body in requests]
    assert all(answer.status_code in {200, 201, 204} for answer in answers)
    assert all(b'"accepted":0' not in answer.content for answer in answers)


@pytest.mark.parametrize("method, path, operation", OPERATIONS, ids=NAMES)
def test_nobody_gets_in_without_a_key(
    world: World, method: str, path: str, operation: Operation
) -> None:
    for address, body in world.requests(method, path, operation):
        assert Program("").send(method, address, body).status_code == 401


@pytest.mark.parametrize("method, path, operation", OPERATIONS, ids=NAMES)
def test_a_key_without_any_scope_for_it_is_turned_away(
    world: World, method: str, path: str, operation: Operation
) -> None:
    others = {"GET": "spend", "POST": "read"}.get(method, "read spend")
    program = a_program(scopes=others)
    for address, body in world.requests(method, path, operation):
        assert program.send(method, address, body).status_code == 403


def test_the_walk_misses_no_address() -> None:
    undocumented = {"", "docs", "openapi.json"}
    served = {re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", str(each.pattern)) for each in addresses()}
    assert {f"/{address}" for address in served - undocumented} == set(DOCUMENT["paths"])


def addresses() -> Any:
    resolver: Any = urlpatterns[0]
    return resolver.url_patterns
