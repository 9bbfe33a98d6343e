"""Closing a day of a brand with more campaigns than a transaction may write statements of.

The day counts as closed from the start, so that spend which comes in meanwhile is late: it begins
the statement of its campaign, or adds to it. Then the statements are written, some campaigns at a
time, and at last the brand's own, which is the sum of them. They are summed up while spend comes
in; what is late by then is counted on the brand, and what was counted since is added. Until the end
the brand says which day it is at; whoever finds it like that writes the day once more, which
changes nothing that is there.
"""

from collections.abc import Iterator
from datetime import date, datetime
from typing import NamedTuple

from django.db import connection, transaction

from budgets.models import Brand, Campaign, Period
from budgets.models.locks import close_books
from budgets.operations.close.statements import (
    CAMPAIGN_STATEMENTS,
    SOME_CAMPAIGNS,
    STATEMENTS_A_TRANSACTION,
    SUMMED_BRAND,
    Ended,
    ended_with,
    ends_a_month,
    first_open_day,
    hand_over,
    stage_ended,
    write_figures,
)
from budgets.operations.database import Turns
from budgets.rules.clock import clock_of, month_of

# One statement, so that the sums and what was late by then are of one instant.
SUMS = """
SELECT COALESCE(SUM(spent_micros), 0), COALESCE(SUM(spent_micros - spent_at_close_micros), 0),
       (SELECT {late} FROM budgets_brand WHERE id = %s)
FROM budgets_statement
WHERE brand_id = %s AND period = %s AND starts_on = %s AND campaign_id IS NOT NULL
"""

LATE_SO_FAR = {Period.DAY: "closing_day_late_micros", Period.MONTH: "closing_month_late_micros"}


class Sums(NamedTuple):
    """What the campaigns' statements of a period sum up to, in micros."""

    spent: int
    late: int
    late_so_far: int


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
    ended = ended_with(brand_id, day)
    sums = [sum_up(period) for period in ended]
    with transaction.atomic():
        close_books([brand_id])
        for period, before in zip(ended, sums, strict=True):
            since = late_so_far(period) - before.late_so_far
            statement = SUMMED_BRAND.format(periods=stage_ended([period]))
            spent, late = before.spent + since, before.late + since
            write_figures(statement, now=now, spent=spent, late=late)
        hand_over(ended, now=now)
        Brand.objects.filter(pk=brand_id).update(closing_day=None)
    return len(ended)


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
        brands.update(
            closed_day=day,
            closed_month=month,
            closing_day=day,
            closing_day_late=0,
            closing_month_late=0,
        )
        return day


def sum_up(period: Ended) -> Sums:
    """Sum up the statements of the brand's campaigns, with what was late by then."""
    statement = SUMS.format(late=LATE_SO_FAR[period.period])
    with connection.cursor() as cursor:
        cursor.execute(statement, [period.brand_id, *period[:3]])
        return Sums(*map(int, cursor.fetchone()))


def late_so_far(period: Ended) -> int:
    """Return what came in late for the period since it counts as closed, in micros."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {LATE_SO_FAR[period.period]} FROM budgets_brand WHERE id = %s",
            [period.brand_id],
        )
        (late,) = cursor.fetchone()
    return int(late)


def parts_of(brand_id: int) -> Iterator[tuple[int, int]]:
    """Cut the campaigns of the brand into parts, each from one id to another."""
    ids = list(Campaign.objects.filter(brand=brand_id).order_by("id").values_list("id", flat=True))
    for start in range(0, len(ids), STATEMENTS_A_TRANSACTION):
        part = ids[start : start + STATEMENTS_A_TRANSACTION]
        yield part[0], part[-1]
