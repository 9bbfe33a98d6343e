"""Spend comes in by the thousand rows, and the answer says what must stop or may start now."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Literal, Protocol, TypeVar

import msgspec
from django.http import HttpResponse
from django.utils import timezone
from msgspec import Struct
from msgspec.json import Decoder
from ninja import Router

from budgets.api.fields import names_of
from budgets.api.http.bodies import JSON, NDJSON, accepts
from budgets.api.http.keys import KeyRequest, may_spend
from budgets.api.spend.campaigns import campaigns_named
from budgets.api.spend.rows import MAX_ROWS, MOST_BYTES, AnyRow, SpendRow, TotalRow, read_rows
from budgets.models import Campaign, Change
from budgets.operations.ingest import record_spend, record_totals
from budgets.operations.ingest.types import DayTotal, Receipt, Refusal, SpendEntry
from budgets.operations.ingest.validation import Refused

router = Router(tags=["spend"])
router.add_decorator(accepts(JSON, NDJSON, most_bytes=MOST_BYTES), mode="view")

Given = TypeVar("Given", SpendEntry, DayTotal)
Recorded_contra = TypeVar("Recorded_contra", SpendEntry, DayTotal, contravariant=True)


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


class Taken(Struct):
    """What became of the rows."""

    accepted: int
    duplicates: int
    refused: list[RowRefused]
    changes: list[CampaignChange]


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


@router.post("", auth=may_spend, openapi_extra=report_of(SpendRow))
def report_spend(request: KeyRequest) -> HttpResponse:
    """Report spend, 1 to 10,000 entries a request. Each source and key counts once, ever.

    Bad rows are refused with their index; the others are kept. Sent again, rows that were taken
    are duplicates and change nothing.
    """
    return take(request, SPEND_ROWS, entry_of, record_spend)


@router.post("/totals", auth=may_spend, openapi_extra=report_of(TotalRow))
def report_totals(request: KeyRequest) -> HttpResponse:
    """Report day totals, 1 to 10,000 a request, as ad platforms know them: cumulative, restated.

    A total replaces the source's earlier one for the campaign and local day; one with an older
    `as_of` than the newest known is ignored and counted as a duplicate.
    """
    return take(request, TOTAL_ROWS, total_of, record_totals)


def entry_of(row: SpendRow, campaign_id: int) -> SpendEntry:
    """Return the row as operations take it."""
    return SpendEntry(row.source, row.key, campaign_id, row.occurred_at, row.amount, row.currency)


def total_of(row: TotalRow, campaign_id: int) -> DayTotal:
    """Return the row as operations take it."""
    return DayTotal(row.source, campaign_id, row.day, row.total, row.currency, row.as_of)


SPEND_ROWS = Decoder(SpendRow)
TOTAL_ROWS = Decoder(TotalRow)


class Record(Protocol[Recorded_contra]):
    """An operation that takes rows of money."""

    def __call__(self, rows: Sequence[Recorded_contra], /, *, now: datetime) -> Receipt: ...


def take(
    request: KeyRequest,
    decoder: Decoder[AnyRow],
    read: Callable[[AnyRow, int], Given],
    record: Record[Given],
) -> HttpResponse:
    """Read the rows, record those that name a campaign of the key, and answer for all."""
    rows = read_rows(request, decoder)
    refused = rows.refused
    campaigns = campaigns_named((row for _, row in rows.good), request.auth)
    given: list[Given] = []
    indexes: list[int] = []
    for index, row in rows.good:
        try:
            given.append(read(row, campaigns.id_for(row)))
            indexes.append(index)
        except Refused as error:
            refused.append(Refusal(index, error.code, str(error)))
    receipt = record(given, now=timezone.now()) if given else Receipt()
    refused += [refusal._replace(index=indexes[refusal.index]) for refusal in receipt.refused]
    return HttpResponse(
        msgspec.json.encode(taken(receipt, sorted(refused))), content_type="application/json"
    )


def taken(receipt: Receipt, refused: Sequence[Refusal]) -> Taken:
    """Return the receipt as the API shows it."""
    ids = {change.campaign_id for change in receipt.changes}
    references = dict(Campaign.objects.filter(pk__in=ids).values_list("pk", "external_id"))
    return Taken(
        accepted=receipt.accepted,
        duplicates=receipt.duplicates,
        refused=[RowRefused(*refusal) for refusal in refused],
        changes=[changed(change, references.get(change.campaign_id)) for change in receipt.changes],
    )


def changed(change: Change, external_id: str | None) -> CampaignChange:
    """Return what to do about one campaign."""
    return CampaignChange(
        campaign_id=change.campaign_id,
        external_id=external_id,
        before=names_of(change.reasons_before),
        after=names_of(change.reasons_after),
        action=change.action,
    )
