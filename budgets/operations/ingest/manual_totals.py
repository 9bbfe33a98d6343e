"""A day's total saved by hand: its difference from the entries becomes an entry (S5)."""

import uuid
from datetime import date, datetime

from django.core.exceptions import ValidationError

from budgets.models import LedgerEntry, Spend
from budgets.models.fields import MoneySum
from budgets.operations.ingest.bounds import TotalTooLarge
from budgets.operations.ingest.idempotency import insert_entries
from budgets.operations.ingest.running_totals import add_to_totals
from budgets.operations.ingest.types import Posting
from budgets.operations.ingest.validation import Refused, check_age, moved_into_day
from budgets.rules.clock import LocalClock, clock_of
from budgets.rules.money import to_micros

SOURCE = "direct"


def book_saved_day(row: Spend, *, now: datetime) -> None:
    """Book what a row just saved says beyond the entries of its day.

    Must be called inside the transaction of the save, which holds the campaign. Raises
    `ValidationError`.
    """
    try:
        check_typed_day(row.day, clock_of(row.campaign.brand.timezone), now=now)
    except Refused as refusal:
        raise ValidationError({"day": str(refusal)}) from None
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


def check_typed_day(day: date, clock: LocalClock, *, now: datetime) -> None:
    """Refuse a day that has not begun, or is too far back. Raises `Refused`."""
    if day > clock.day(now):
        raise Refused("future", f"{day} has not begun where the brand is.")
    check_age(day, clock, now=now)


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
