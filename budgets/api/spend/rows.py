"""Rows of spend as they come in: read fast, exactly, and one by one, so that one bad row is one."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from http import HTTPStatus
from typing import Annotated, Generic, TypeVar

from msgspec import DecodeError, Meta, Raw, Struct, ValidationError
from msgspec.json import Decoder

from budgets.api.http.bodies import NDJSON
from budgets.api.http.keys import KeyRequest
from budgets.api.http.problems import Problem, invalid
from budgets.operations.ingest.types import Refusal

MAX_ROWS = 10_000
MOST_BYTES = 10 * 1024 * 1024

Money = Annotated[
    Decimal,
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


AnyRow = TypeVar("AnyRow", bound=Row)


@dataclass(frozen=True, slots=True)
class Rows(Generic[AnyRow]):
    """The rows of a body with their indexes, and those that cannot be read."""

    good: list[tuple[int, AnyRow]]
    refused: list[Refusal]


BATCH = Decoder(Batch)
AT_FIELD = re.compile(r" - at `\$\.(\w+)`$")
CODES = {
    "source": "bad_source",
    "key": "bad_key",
    "currency": "wrong_currency",
    "amount": "bad_amount",
    "total": "bad_amount",
    "occurred_at": "bad_time",
    "as_of": "bad_time",
    "day": "bad_day",
    "campaign_id": "unknown_campaign",
    "brand_id": "unknown_campaign",
    "external_id": "unknown_campaign",
}
UNREADABLE = (DecodeError, UnicodeDecodeError, RecursionError)


def read_rows(request: KeyRequest, decoder: Decoder[AnyRow]) -> Rows[AnyRow]:
    """Read the body's rows. Raises `Problem` for a body in which no rows can be found."""
    body = request.read(MOST_BYTES)
    raw_rows = lines_of(body) if request.content_type == NDJSON else entries_of(body)
    rows: Rows[AnyRow] = Rows([], [])
    for index, raw in raw_rows:
        try:
            rows.good.append((index, decoder.decode(raw)))
        except UNREADABLE as error:
            rows.refused.append(unreadable(index, error))
    return rows


def entries_of(body: bytes) -> Iterable[tuple[int, Raw]]:
    """Return the rows of a JSON body, not yet read."""
    try:
        return enumerate(BATCH.decode(body).entries)
    except ValidationError as error:
        words = f'{error}; send {{"entries": […]}} with 1 to {MAX_ROWS:,} rows.'
        raise invalid("", words) from None
    except UNREADABLE as error:
        raise Problem(HTTPStatus.BAD_REQUEST, "malformed", f"This is no JSON: {error}.") from None


def lines_of(body: bytes) -> Iterable[tuple[int, bytes]]:
    """Return the rows of an NDJSON body; a row's index is that of its line, from 0."""
    lines = list(written(body.split(b"\n")))
    if not 0 < len(lines) <= MAX_ROWS:
        raise invalid("", f"Send 1 to {MAX_ROWS:,} rows, one a line; this has {len(lines):,}.")
    return lines


def written(lines: Sequence[bytes]) -> Iterator[tuple[int, bytes]]:
    """Leave out empty lines, such as the one after the last row."""
    for index, line in enumerate(lines):
        if line and not line.isspace():
            yield index, line


def unreadable(index: int, error: Exception) -> Refusal:
    """Say what is wrong with a row that could not be read."""
    words = str(error)
    field = AT_FIELD.search(words)
    code = CODES.get(field[1], "bad_row") if field else "bad_row"
    return Refusal(index, code, f"{AT_FIELD.sub('', words)} in “{field[1]}”." if field else words)
