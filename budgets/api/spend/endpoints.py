"""Spend comes in by the thousand rows, and the answer says what must stop or may start now."""

import msgspec
from django.http import HttpResponse
from django.utils import timezone
from ninja import Router

from budgets.api.fields import names_of
from budgets.api.http.keys import KeyRequest, may_spend
from budgets.api.http.requests import JSON, NDJSON, accepts
from budgets.api.spend.rows import MOST_BYTES, RequestRows, read_rows
from budgets.api.spend.shapes import (
    AnyRow,
    CampaignChange,
    CampaignNow,
    RowRefused,
    SpendRow,
    Taken,
    TotalRow,
    report_of,
    rows_decoder,
)
from budgets.models import Campaign, Change
from budgets.operations.database import id_rows
from budgets.operations.ingest import record_spend, record_totals
from budgets.operations.ingest.types import DayTotal, Receipt, SpendEntry
from budgets.operations.ingest.validation import MAX_ID
from budgets.reports.statuses import CampaignStatus, statuses_of

router = Router(tags=["spend"])
router.add_decorator(accepts(JSON, NDJSON, most_bytes=MOST_BYTES), mode="view")

SPEND_ROWS = rows_decoder(SpendRow)
TOTAL_ROWS = rows_decoder(TotalRow)


@router.post("", auth=may_spend, openapi_extra=report_of(SpendRow))
def report_spend(request: KeyRequest) -> HttpResponse:
    """Report spend, 1 to 10,000 entries a request. Each source and key counts once, ever.

    Bad rows are refused with their index; the others are kept. Sent again, rows that were taken
    are duplicates and change nothing. `changes` are what this call changed; `campaigns` says how
    every campaign that it names is now, so that a stop whose answer was lost is not.
    """
    rows = read_rows(request, SPEND_ROWS)
    entries = [
        SpendEntry(row.source, row.key, campaign_id, row.occurred_at, row.amount, row.currency)
        for row, campaign_id in rows.good
    ]
    return receipt_response(rows, record_spend(entries, now=timezone.now(), clock=timezone.now))


@router.post("/totals", auth=may_spend, openapi_extra=report_of(TotalRow))
def report_totals(request: KeyRequest) -> HttpResponse:
    """Report day totals, 1 to 10,000 a request, as ad platforms know them: cumulative, restated.

    A total replaces the source's earlier one for the campaign and day; one with an older `as_of`
    than the newest known is ignored and counted as a duplicate. Another amount as of the same
    instant, and several totals of one day in a request, are refused as a conflict. The day is the
    source's: name its time zone under “Spend sources” where it is not the brand's.
    """
    rows = read_rows(request, TOTAL_ROWS)
    totals = [
        DayTotal(row.source, campaign_id, row.day, row.total, row.currency, row.as_of)
        for row, campaign_id in rows.good
    ]
    return receipt_response(rows, record_totals(totals, now=timezone.now(), clock=timezone.now))


def receipt_response(rows: RequestRows[AnyRow], receipt: Receipt) -> HttpResponse:
    """Say what became of all rows, by their index in the request."""
    statuses = statuses_of({pk for _, pk in rows.good if 0 < pk <= MAX_ID})
    external_ids = {status.campaign_id: status.external_id for status in statuses}
    others = {c.campaign_id for c in receipt.changes} - external_ids.keys()
    external_ids |= Campaign.objects.filter(pk__in=id_rows(others)).values_list("pk", "external_id")
    refused = [
        *rows.refused,
        *(refusal._replace(index=rows.indexes[refusal.index]) for refusal in receipt.refused),
    ]
    taken = Taken(
        accepted=receipt.accepted,
        duplicates=receipt.duplicates,
        refused=[RowRefused(*refusal) for refusal in sorted(refused)],
        changes=[
            campaign_change(change, external_ids.get(change.campaign_id))
            for change in receipt.changes
        ],
        campaigns=list(map(campaign_now, statuses)),
    )
    return HttpResponse(msgspec.json.encode(taken), content_type=JSON)


def campaign_now(status: CampaignStatus) -> CampaignNow:
    return CampaignNow(
        campaign_id=status.campaign_id,
        external_id=status.external_id,
        status="running" if status.is_running else "paused",
        reasons=names_of(status.reasons),
        since=status.since,
    )


def campaign_change(change: Change, external_id: str | None) -> CampaignChange:
    return CampaignChange(
        campaign_id=change.campaign_id,
        external_id=external_id,
        before=names_of(change.reasons_before),
        after=names_of(change.reasons_after),
        action=change.action,
    )
