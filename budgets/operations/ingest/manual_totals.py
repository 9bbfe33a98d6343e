"""A day's total saved by hand: its difference from the entries becomes an entry (S5)."""

import uuid
from datetime import datetime

from django.core.exceptions import ValidationError

from budgets.models import LedgerEntry, Spend
from budgets.models.fields import MoneySum
from budgets.operations.ingest.idempotency import insert_entries
from budgets.operations.ingest.running_totals import TotalTooLarge, add_to_totals
from budgets.operations.ingest.types import Posting
from budgets.operations.ingest.validation import EARLIEST, moved_into_day
from budgets.rules.clock import clock_of
from budgets.rules.money import to_micros

SOURCE = "direct"


def book_saved_day(row: Spend, *, now: datetime) -> None:
    """Book what a row just saved says beyond the entries of its day.

    Must be called inside the transaction of the save, which holds the campaign. Raises
    `ValidationError`.
    """
    if row.day < EARLIEST.date():
        raise ValidationError({"day": f"{row.day} is before {EARLIEST:%Y}; is the year right?"})
    saved = Spend.objects.values_list("amount", flat=True).get(pk=row.pk)
    of_day = LedgerEntry.objects.filter(campaign=row.campaign_id, day=row.day)
    booked = of_day.aggregate(total=MoneySum("amount"))["total"] or 0
    # Back to what the entries say; the ledger then moves every total by the difference.
    Spend.objects.filter(pk=row.pk).update(amount=booked)
    if saved == booked:
        return
    posting = correction(row, to_micros(saved) - to_micros(booked), now=now)
    insert_entries([posting], recorded_at=now)
    try:
        add_to_totals([posting], now=now)
    except TotalTooLarge as error:
        raise ValidationError({"amount": str(error)}) from None


def correction(row: Spend, micros: int, *, now: datetime) -> Posting:
    """Return the entry that brings the day to what was typed in; it lies inside the day."""
    brand = row.campaign.brand
    return Posting(
        row=0,
        source=SOURCE,
        key=uuid.uuid4().hex,
        campaign_id=row.campaign_id,
        brand_id=brand.pk,
        occurred_at=moved_into_day(now, row.day, clock_of(brand.timezone)),
        day=row.day,
        micros=micros,
    )
