"""The OpenAPI document: what every operation can answer besides success, said once for all."""

from typing import Any

import msgspec
import pydantic_core
from django.http import HttpRequest
from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema
from ninja.operation import Operation
from ninja.renderers import JSONRenderer

from budgets.api.http.problems import MEDIA_TYPE
from budgets.api.spend.shapes import SpendRow, Taken, TotalRow, schema_of

SCHEMAS = "#/components/schemas/{name}"

EVERY_ANSWER = {
    400: "The request cannot be read",
    401: "No valid API key",
    403: "The key may not do this",
    422: "The request can be read but not followed",
    429: "Too many requests of this key; see Retry-After",
    500: "The server failed",
    503: "The database does not answer; see Retry-After",
}
WITH_AN_ID = {404: "There is no such row, or the key may not know of it"}
WITH_A_BODY = {
    409: "It contradicts what is stored",
    411: "The body has no Content-Length",
    413: "The body is too large",
    415: "The body is of another media type",
}

PROBLEM = {
    "type": "object",
    "description": "Problem details of RFC 9457.",
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "What is wrong and what to do, for people."},
        "code": {"type": "string", "description": "What is wrong, for programs."},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"pointer": {"type": "string"}, "message": {"type": "string"}},
                "required": ["pointer", "message"],
            },
        },
    },
    "required": ["type", "title", "status", "detail", "code"],
}


class ExactRenderer(JSONRenderer):
    """Writes instants to the microsecond; Django's own encoder cuts them to milliseconds."""

    def render(self, request: HttpRequest, data: Any, *, response_status: int) -> bytes:  # noqa: ARG002  # ninja's hook
        return pydantic_core.to_json(data)


class DocumentedApi(NinjaAPI):
    """An API whose document names every status it answers with."""

    def get_openapi_schema(self, **options: Any) -> OpenAPISchema:
        document = super().get_openapi_schema(**options)
        _, rows = msgspec.json.schema_components(
            [SpendRow, TotalRow, Taken], schema_hook=schema_of, ref_template=SCHEMAS
        )
        document["components"]["schemas"] |= {"Problem": PROBLEM, **rows}
        for methods in document["paths"].values():
            for operation in methods.values():
                add_problems(operation)
        return document

    def get_openapi_operation_id(self, operation: Operation) -> str:
        return str(operation.view_func.__name__)


def add_problems(operation: dict[str, Any]) -> None:
    answers = dict(EVERY_ANSWER)
    if any(parameter["in"] == "path" for parameter in operation["parameters"]):
        answers |= WITH_AN_ID
    if "requestBody" in operation:
        answers |= WITH_A_BODY
    content = {MEDIA_TYPE: {"schema": {"$ref": SCHEMAS.format(name="Problem")}}}
    for status, description in sorted(answers.items()):
        operation["responses"][status] = {"description": description, "content": content}
