"""Closing a day of a brand with more campaigns than a transaction may write statements of.

The day counts as closed from the start, so that spend which comes in meanwhile is late: it begins
the statement of its campaign, or adds to it. Then the statements are written, some campaigns at a
time, and at last the brand's own, which is the sum of them. Until then the brand says which day it
is at; whoever finds it like that writes the day once more, which changes nothing that is there.
"""

from collections.abc import Iterator
from datetime import date, datetime

from django.db import transaction

from budgets.models import Brand, Campaign
from budgets.models.locks import close_books
from budgets.operations.close.statements import (
    BRAND_SUMS,
    CAMPAIGN_STATEMENTS,
    SOME_CAMPAIGNS,
    STATEMENTS_A_TRANSACTION,
    ended_with,
    ends_a_month,
    first_open_day,
    stage_ended,
    write_figures,
)
from budgets.operations.database import Turns
from budgets.rules.clock import clock_of, month_of


def close_large(brand_id: int, turns: Turns, *, now: datetime) -> int:
    """Close the next day, and the month that ends with it; return how many periods that were."""
    day = begin(brand_id, now=now)
    if day is None:
        return 0
    for first, last in parts_of(brand_id):
        with transaction.atomic():
            close_books([brand_id])
            periods = stage_ended(ended_with(brand_id, day))
            concerned = SOME_CAMPAIGNS.format(periods=periods, first=first, last=last)
            write_figures(CAMPAIGN_STATEMENTS.format(concerned=concerned), now=now)
        turns.next()
    with transaction.atomic():
        close_books([brand_id])
        periods = stage_ended(ended_with(brand_id, day))
        write_figures(BRAND_SUMS.format(periods=periods), now=now)
        Brand.objects.filter(pk=brand_id).update(closing_day=None)
    return len(ended_with(brand_id, day))


def begin(brand_id: int, *, now: datetime) -> date | None:
    """Let the next day count as closed, or return the one whose statements were not finished."""
    with transaction.atomic():
        close_books([brand_id])
        brand = Brand.objects.get(pk=brand_id)
        if brand.closing_day is not None:
            return brand.closing_day
        day = first_open_day(brand)
        if day >= clock_of(brand.timezone).day(now):
            return None
        month = month_of(day) if ends_a_month(day) else brand.closed_month
        brands = Brand.objects.filter(pk=brand_id)
        brands.update(closed_day=day, closed_month=month, closing_day=day)
        return day


def parts_of(brand_id: int) -> Iterator[tuple[int, int]]:
    """Cut the campaigns of the brand into parts, each from one id to another."""
    ids = list(Campaign.objects.filter(brand=brand_id).order_by("id").values_list("id", flat=True))
    for start in range(0, len(ids), STATEMENTS_A_TRANSACTION):
        part = ids[start : start + STATEMENTS_A_TRANSACTION]
        yield part[0], part[-1]
