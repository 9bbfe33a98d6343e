"""The OpenAPI document is true: made-up requests get documented answers, and never a failure."""

import json
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from schemathesis import checks
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi import checks as openapi_checks

from budgets.api.urls import api
from core.wsgi import application
from tests.api.program import Program, a_program
from tests.builders import a_brand, a_campaign, a_schedule

EXAMPLES_AN_OPERATION = 15
TRUE_OF_EVERY_ANSWER = [
    checks.not_a_server_error,
    openapi_checks.status_code_conformance,
    openapi_checks.content_type_conformance,
    openapi_checks.response_headers_conformance,
    openapi_checks.response_schema_conformance,
    openapi_checks.unsupported_method,
]
"""Not that made-up keys are refused: the test puts a good one in their place; see test_keys.py."""

DOCUMENT = json.loads(json.dumps(api.get_openapi_schema(path_prefix="/api/v1/")))

schema = schemathesis.openapi.from_dict(DOCUMENT)
schema.app = application
schema.config.generation.update(modes=list(GenerationMode))


@schemathesis.serializer("application/x-ndjson")
def one_a_line(_context: Any, value: Any) -> bytes:
    """Send made-up text as it is: most of it is no row at all."""
    return value if isinstance(value, bytes) else str(value).encode(errors="replace")


@pytest.fixture
def real_ids(transactional_db: Any) -> Any:
    """The ids of rows that exist; nearly all made-up ones belong to none."""
    campaign = a_campaign(brand=a_brand(daily="100"), schedule=a_schedule())
    return {
        "brand_id": campaign.brand_id,
        "campaign_id": campaign.pk,
        "schedule_id": campaign.schedule_id,
    }


@pytest.fixture
def program(transactional_db: Any) -> Any:
    return a_program(requests_per_minute=1_000_000)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@schema.parametrize()
@settings(
    max_examples=EXAMPLES_AN_OPERATION,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_every_answer_is_documented_and_none_is_a_failure(
    case: Any, program: Program, real_ids: dict[str, int]
) -> None:
    case.headers["Authorization"] = f"Bearer {program.token}"
    make_ids_real(case.path_parameters, real_ids)
    make_ids_real(case.body, real_ids)
    response = case.call()
    case.validate_response(response, checks=TRUE_OF_EVERY_ANSWER)


def make_ids_real(value: Any, real_ids: dict[str, int]) -> None:
    """Put real ids in place of half of the made-up ones."""
    if isinstance(value, list):
        for each in value:
            make_ids_real(each, real_ids)
    if isinstance(value, dict):
        for name, given in value.items():
            if name in real_ids and type(given) is int and given % 2:
                value[name] = real_ids[name]
            else:
                make_ids_real(given, real_ids)


def test_the_document_is_openapi_3_1() -> None:
    assert DOCUMENT["openapi"].startswith("3.1")


@pytest.mark.parametrize("path", sorted(DOCUMENT["paths"]))
def test_every_operation_demands_a_key(path: str) -> None:
    for operation in DOCUMENT["paths"][path].values():
        assert operation["security"] == [{"Key": []}]
