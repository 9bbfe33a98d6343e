"""Close: write the statements of local days and months that ended, and let what begins begin.

A new period needs no write to begin: its totals have keys of their own. Closing is bookkeeping, so
a midnight that no task saw is caught up by the next run.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain

from django.db import transaction
from django.db.models import Min

from budgets.models import Brand, Trigger
from budgets.models.change import Cause
from budgets.models.locks import close_books
from budgets.operations.close.statements import (
    ONE_DAY,
    Ended,
    ended_day,
    ended_month,
    write_statements,
)
from budgets.operations.reconcile import settle
from budgets.rules.clock import Clock, clock_of, month_of, next_month_of

BRANDS_A_TRANSACTION = 100
"""Bounds how long a closing holds back the ingests of its brands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Closing:
    """The local days and months of a brand that have ended and are not closed."""

    brand: Brand
    days: list[date]
    months: list[date]

    @property
    def ended(self) -> list[Ended]:
        days = [ended_day(self.brand.pk, day) for day in self.days]
        return days + [ended_month(self.brand.pk, month) for month in self.months]


def close_periods(*, now: datetime, clock: Clock | None = None) -> int:
    """Close every local day and month that has ended; return how many were closed.

    Then decide the campaigns of every brand that turned, each for what `clock` shows by then or,
    without one, for `now`. Missed days are caught up; running it twice closes nothing more.
    """
    closings = list(due(now=now))
    closed = 0
    for start in range(0, len(closings), BRANDS_A_TRANSACTION):
        closed += close(closings[start : start + BRANDS_A_TRANSACTION], now=now)
    turned = [closing.brand.pk for closing in closings]
    if turned:
        cause = Cause(trigger=Trigger.PERIOD)
        settle(now=now, clock=clock, brand_ids=turned, cause=cause)
    return closed


def due(*, now: datetime) -> Iterator[Closing]:
    """Find the brands with something to close."""
    # A loop over brands: zones are few but each brand may be behind by days of its own.
    for brand in Brand.objects.order_by("id").iterator():
        clock = clock_of(brand.timezone)
        today = clock.day(now)
        first_open = first_open_day(brand, today=today)
        first_month = brand.closed_month and next_month_of(brand.closed_month)
        if first_open < today:
            yield Closing(
                brand=brand,
                days=[first_open + n * ONE_DAY for n in range((today - first_open).days)],
                months=list(months_from(first_month or month_of(first_open), until=today)),
            )


def first_open_day(brand: Brand, *, today: date) -> date:
    """Return the first local day that is not closed: the brand's first day at the earliest."""
    if brand.closed_day is not None:
        return brand.closed_day + ONE_DAY
    created = clock_of(brand.timezone).day(brand.created_at)
    first_spend: date | None = brand.campaigns.aggregate(first=Min("spend_days__day"))["first"]
    return min(created, first_spend or created, today)


def months_from(first: date, *, until: date) -> Iterator[date]:
    """Yield the months, as their first days, that have ended before the month of `until`."""
    month = first
    while month < month_of(until):
        yield month
        month = next_month_of(month)


def close(closings: Sequence[Closing], *, now: datetime) -> int:
    """Close the periods of some brands in one transaction; return how many were closed.

    Leaves out brands that another run closed since they were found due.
    """
    brand_ids = [closing.brand.pk for closing in closings]
    with transaction.atomic():
        close_books(brand_ids)
        closed = dict(Brand.objects.values_list("id", "closed_day").filter(pk__in=brand_ids))
        open_still = [
            each for each in closings if closed.get(each.brand.pk) == each.brand.closed_day
        ]
        for closing in open_still:
            closing.brand.closed_day = closing.days[-1]
            if closing.months:
                closing.brand.closed_month = closing.months[-1]
        Brand.objects.bulk_update(
            [closing.brand for closing in open_still], ["closed_day", "closed_month"]
        )
        write_statements(chain.from_iterable(closing.ended for closing in open_still), now=now)
    return sum(len(closing.ended) for closing in open_still)
