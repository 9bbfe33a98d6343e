"""Rows of spend as they come in: read fast, exactly, and one by one, so that one bad row is one."""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Generic

from msgspec import DecodeError, Raw, ValidationError
from msgspec.json import Decoder

from budgets.api.http.keys import KeyRequest
from budgets.api.http.problems import Problem, invalid
from budgets.api.http.requests import NDJSON
from budgets.api.scope import campaigns_of
from budgets.api.spend.shapes import MAX_ROWS, AnyRow, Batch, Row
from budgets.models import ApiKey
from budgets.operations.ingest.types import Refusal
from budgets.operations.ingest.validation import MAX_ID, Refused, is_storable

MOST_BYTES = 10 * 1024 * 1024

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


@dataclass(frozen=True, slots=True)
class RequestRows(Generic[AnyRow]):
    """The rows of a request, each with the id of its campaign, and why others are refused."""

    good: list[tuple[AnyRow, int]]
    indexes: list[int]
    """Where each good row stands in the request."""
    refused: list[Refusal]


def read_rows(request: KeyRequest, decoder: Decoder[AnyRow]) -> RequestRows[AnyRow]:
    """Read the body's rows. Raises `Problem` for a body in which no rows can be found."""
    body = request.read(MOST_BYTES)
    raw_rows = ndjson_rows(body) if request.content_type == NDJSON else json_rows(body)
    readable: list[tuple[int, AnyRow]] = []
    rows: RequestRows[AnyRow] = RequestRows([], [], [])
    for index, raw in raw_rows:
        try:
            readable.append((index, decoder.decode(raw)))
        except UNREADABLE as error:
            rows.refused.append(unreadable_row(index, error))
    campaigns = campaigns_named([row for _, row in readable], request.auth)
    for index, row in readable:
        try:
            rows.good.append((row, campaigns.id_for(row)))
            rows.indexes.append(index)
        except Refused as error:
            rows.refused.append(Refusal(index, error.code, str(error)))
    return rows


def json_rows(body: bytes) -> Iterable[tuple[int, Raw]]:
    """Return the rows of a JSON body, not yet read. Raises `Problem`."""
    try:
        return enumerate(BATCH.decode(body).entries)
    except ValidationError as error:
        words = f'{error}; send {{"entries": […]}} with 1 to {MAX_ROWS:,} rows.'
        raise invalid("", words) from None
    except UNREADABLE as error:
        raise Problem(HTTPStatus.BAD_REQUEST, "malformed", f"This is no JSON: {error}.") from None


def ndjson_rows(body: bytes) -> Iterable[tuple[int, bytes]]:
    """Return the rows of an NDJSON body, each with the index of its line. Raises `Problem`."""
    lines = enumerate(body.split(b"\n"))
    rows = [(index, line) for index, line in lines if line and not line.isspace()]
    if not 0 < len(rows) <= MAX_ROWS:
        raise invalid("", f"Send 1 to {MAX_ROWS:,} rows, one a line; this has {len(rows):,}.")
    return rows


def unreadable_row(index: int, error: Exception) -> Refusal:
    """Say what is wrong with a row that could not be read."""
    words = str(error)
    field = AT_FIELD.search(words)
    code = CODES.get(field[1], "bad_row") if field else "bad_row"
    return Refusal(index, code, f"{AT_FIELD.sub('', words)} in “{field[1]}”." if field else words)


@dataclass(frozen=True, slots=True)
class CampaignIds:
    """The campaigns that rows may name. `ids` is None where the key covers every campaign."""

    ids: frozenset[int] | None
    by_external_id: dict[tuple[int, str], int]

    def id_for(self, row: Row) -> int:
        """Return the id of the row's campaign.

        Raises `Refused`, in the same words whether there is none or the key must not know of it.
        An unlimited key's ids are looked up where the rows are checked, not twice.
        """
        if row.campaign_id is not None:
            if row.brand_id is not None or row.external_id is not None:
                raise Refused("bad_row", "Name the campaign in one way, not in two.")
            if self.ids is not None and row.campaign_id not in self.ids:
                raise Refused("unknown_campaign", f"There is no campaign {row.campaign_id!r}.")
            return row.campaign_id
        if row.brand_id is None or row.external_id is None:
            raise Refused("bad_row", "Give campaign_id, or brand_id and external_id.")
        found = self.by_external_id.get((row.brand_id, row.external_id))
        if found is None:
            raise Refused(
                "unknown_campaign",
                f"There is no campaign {row.external_id!r} of brand {row.brand_id}.",
            )
        return found


def campaigns_named(rows: Collection[Row], key: ApiKey) -> CampaignIds:
    """Look up the campaigns of all rows, two queries at most."""
    ids = {row.campaign_id for row in rows if row.campaign_id is not None}
    pairs = {
        (row.brand_id, row.external_id)
        for row in rows
        if row.brand_id is not None and row.external_id is not None
    }
    return CampaignIds(None if key.reaches_all else ids_covered(ids, key), ids_of(pairs, key))


def ids_covered(ids: Iterable[int], key: ApiKey) -> frozenset[int]:
    possible = [pk for pk in ids if 0 < pk <= MAX_ID]
    if not possible:
        return frozenset()
    return frozenset(campaigns_of(key).filter(pk__in=possible).values_list("pk", flat=True))


def ids_of(pairs: Iterable[tuple[int, str]], key: ApiKey) -> dict[tuple[int, str], int]:
    """Return the campaigns with these brands and external ids that the key covers."""
    possible = [(brand, text) for brand, text in pairs if 0 < brand <= MAX_ID and is_storable(text)]
    if not possible:
        return {}
    # More than the pairs when brands share external ids; the key of the result tells them apart.
    rows = campaigns_of(key).filter(
        brand__in={brand for brand, _ in possible}, external_id__in={text for _, text in possible}
    )
    return {
        (brand, str(text)): pk
        for brand, text, pk in rows.values_list("brand_id", "external_id", "pk")
    }
