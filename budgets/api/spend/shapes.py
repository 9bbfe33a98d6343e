"""The shapes of rows that report spend and of the answer, as programs read them in the document."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal, TypeVar

from msgspec import Meta, Raw, Struct
from msgspec.json import Decoder

from budgets.api.fields import PLAIN_NUMBER
from budgets.api.http.requests import JSON, NDJSON

MAX_ROWS = 10_000

AnyRow = TypeVar("AnyRow", bound="Row")


class PlainNumber(Decimal):
    """A number in plain digits: Python also takes “1_000”, “١٢” and “ 5 ” for one."""


def read_plain(kind: type, value: Any) -> PlainNumber:
    """Read a number that is a JSON number, or text in plain digits. Raises `ValueError`."""
    is_number = isinstance(value, int | Decimal) and not isinstance(value, bool)
    if kind is PlainNumber and (
        is_number or (isinstance(value, str) and PLAIN_NUMBER.fullmatch(value))
    ):
        return PlainNumber(value)
    raise ValueError(f"{value!r} is no amount in plain digits; write it like 1234.56")


def rows_decoder(row: type[AnyRow]) -> Decoder[AnyRow]:
    """Return what reads rows, their numbers digit by digit."""
    return Decoder(row, dec_hook=read_plain, float_hook=Decimal)


Money = Annotated[
    PlainNumber,
    Meta(
        description=(
            "In the brand's currency, up to 6 decimals; negative for a correction. A JSON number "
            "is read exactly as it is written, too."
        ),
        examples=["12.34"],
    ),
]
Instant = Annotated[
    datetime,
    Meta(
        description="With its offset from UTC.",
        examples=["2026-03-10T12:00:00Z"],
        extra_json_schema={"format": "date-time"},
    ),
]
Source = Annotated[
    str, Meta(description="Who reports it, 1 to 50 characters.", examples=["adserver"])
]
Currency = Annotated[str, Meta(description="The brand's.", examples=["USD"])]


class Row(Struct, kw_only=True, forbid_unknown_fields=True):
    """Money of a campaign, which is named by `campaign_id`, or by `brand_id` and `external_id`."""

    source: Source
    currency: Currency
    campaign_id: int | None = None
    brand_id: int | None = None
    external_id: str | None = None


class SpendRow(Row, kw_only=True, forbid_unknown_fields=True):
    """One report of money spent; the same source and key counts once, ever."""

    key: Annotated[
        str, Meta(description="Unique in the source, 1 to 200 characters.", examples=["click-1"])
    ]
    occurred_at: Instant
    amount: Money


class TotalRow(Row, kw_only=True, forbid_unknown_fields=True):
    """What a source says a campaign spent on a local day in all, as known at `as_of`."""

    day: date
    total: Money
    as_of: Instant


class Batch(Struct, forbid_unknown_fields=True):
    """The body of a report; rows are read one by one."""

    entries: Annotated[list[Raw], Meta(min_length=1, max_length=MAX_ROWS)]


class RowRefused(Struct):
    """Why a row was not taken. The others of the batch were."""

    index: int
    code: str
    message: str


class CampaignChange(Struct):
    """A campaign whose reasons changed by this report; stop or start it now."""

    campaign_id: int
    external_id: str | None
    before: list[str]
    after: list[str]
    action: Literal["stop", "start"] | None


class CampaignNow(Struct):
    """A campaign that the report names, as it is now: act on it whatever answers were lost."""

    campaign_id: int
    external_id: str | None
    status: Literal["running", "paused"]
    reasons: list[str]
    since: datetime | None


class Taken(Struct):
    """What became of the rows, what changed by them, and how every campaign named is now."""

    accepted: int
    duplicates: int
    refused: list[RowRefused]
    changes: list[CampaignChange]
    campaigns: list[CampaignNow]


def schema_of(kind: type) -> dict[str, Any]:
    """Describe a number of a row in the OpenAPI document."""
    if kind is PlainNumber:
        return {"type": "string", "format": "decimal"}
    raise NotImplementedError


def report_of(row: type[Struct]) -> dict[str, Any]:
    """Return how the OpenAPI document describes a report of such rows, and its answer.

    The bodies are read past ninja, whose schemas take a tenth of the rows a second.
    """
    this_row = {"$ref": f"#/components/schemas/{row.__name__}"}
    batch = {
        "type": "object",
        "properties": {
            "entries": {"type": "array", "items": this_row, "minItems": 1, "maxItems": MAX_ROWS}
        },
        "required": ["entries"],
        "additionalProperties": False,
    }
    taken = {"schema": {"$ref": "#/components/schemas/Taken"}}
    return {
        "requestBody": {
            "required": True,
            "content": {
                JSON: {"schema": batch},
                NDJSON: {"schema": {"type": "string", "description": "A row a line, as JSON."}},
            },
        },
        "responses": {200: {"description": "What became of the rows", "content": {JSON: taken}}},
    }
