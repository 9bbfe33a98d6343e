"""Close: write the statements of local days and months that ended, and let what begins begin.

A new period needs no write to begin: its totals have keys of their own. Closing is bookkeeping, so
a midnight that no task saw is caught up by the next run. Whatever it finds, it works in
transactions of bounded size, and each says how far it came: a run that is killed is gone on with.
"""

import logging
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db import DatabaseError, connection, transaction
from django.db.models import Count

from budgets.models import Brand, Trigger
from budgets.models.change import Cause
from budgets.models.locks import close_books
from budgets.operations.close.large_brand import close_large
from budgets.operations.close.statements import (
    STATEMENTS_A_TRANSACTION,
    Ended,
    ended_with,
    ends_a_month,
    first_open_day,
    hand_over,
    write_statements,
)
from budgets.operations.database import Turns, id_rows
from budgets.operations.reconcile import settle
from budgets.rules.clock import DAY, Clock, clock_of, month_of

log = logging.getLogger(__name__)

BRANDS_A_TRANSACTION = 100
BRANDS_DECIDED_AT_ONCE = 50


class OpenBrand(NamedTuple):
    """A brand with days to close: how many, and what each of them costs in statements."""

    pk: int
    days: int
    statements: int


def close_periods(*, now: datetime, clock: Clock | None = None) -> int:
    """Close every local day and month that has ended; return how many were closed.

    First the campaigns of every brand that turned are decided, each for what `clock` shows by then
    or, without one, for `now`; those of brands whose months hand on once more at the end, when what
    came in meanwhile is counted. Missed days are caught up; running it twice closes nothing more. A
    brand that cannot be closed is named in the log and stops no other.
    """
    brands = list(open_brands(now=now))
    if not brands:
        return 0
    brand_ids = [brand.pk for brand in brands]
    decide_turned(brand_ids, now=now, clock=clock)
    turns = Turns()
    closed = sum(close_or_name(batch, turns, now=now) for batch in batches_of(brands))
    handing = Brand.objects.filter(pk__in=id_rows(brand_ids)).exclude(carried_month=None)
    decide_turned(handing.values_list("pk", flat=True), now=now, clock=clock)
    return closed


def decide_turned(brand_ids: Collection[int], *, now: datetime, clock: Clock | None) -> None:
    """Decide the campaigns of brands in which a period has ended."""
    settle(
        now=now,
        clock=clock,
        brand_ids=brand_ids,
        cause=Cause(trigger=Trigger.PERIOD),
        brands_at_once=BRANDS_DECIDED_AT_ONCE,
    )


def open_brands(*, now: datetime) -> Iterator[OpenBrand]:
    """Find the brands with something to close."""
    counted: Any = Brand.objects.annotate(number=Count("campaigns")).order_by("id")
    # A loop over brands: zones are few but each brand may be behind by days of its own.
    for brand in counted.iterator():
        days = len(open_days(brand, now=now))
        if brand.closing_day is not None:
            # Being closed campaign by campaign, it goes on like that.
            yield OpenBrand(brand.pk, 1 + days, 1 + max(brand.number, STATEMENTS_A_TRANSACTION))
        elif days:
            yield OpenBrand(brand.pk, days, 1 + brand.number)


def batches_of(brands: Iterable[OpenBrand]) -> Iterator[list[OpenBrand]]:
    """Put brands together whose day can be closed in one transaction."""
    batch: list[OpenBrand] = []
    room = STATEMENTS_A_TRANSACTION
    for brand in brands:
        if batch and (brand.statements > room or len(batch) == BRANDS_A_TRANSACTION):
            yield batch
            batch, room = [], STATEMENTS_A_TRANSACTION
        batch.append(brand)
        room -= brand.statements
    if batch:
        yield batch


def close_or_name(batch: Sequence[OpenBrand], turns: Turns, *, now: datetime) -> int:
    """Close all that is open of these brands; name in the log whom the database refuses."""
    try:
        return close_batch(batch, turns, now=now)
    except DatabaseError:
        if not connection.is_usable():
            raise
        if len(batch) > 1:
            return sum(close_or_name([brand], turns, now=now) for brand in batch)
        name = Brand.objects.values_list("name", flat=True).get(pk=batch[0].pk)
        log.exception("The days of brand %s (%s) cannot be closed.", batch[0].pk, name)
        return 0


def close_batch(batch: Sequence[OpenBrand], turns: Turns, *, now: datetime) -> int:
    """Close all that is open of these brands; return how many periods that were."""
    brand_ids = [brand.pk for brand in batch]
    days = STATEMENTS_A_TRANSACTION // sum(brand.statements for brand in batch)
    closed = 0
    for _ in range(0, max(brand.days for brand in batch), days or 1):
        turns.next()
        if days:
            closed += close(brand_ids, now=now, days=days)
        else:
            closed += close_large(brand_ids[0], turns, now=now)
    return closed


def close(brand_ids: Sequence[int], *, now: datetime, days: int) -> int:
    """Close the next days of some brands, so many at most; return how many periods that were."""
    with transaction.atomic():
        close_books(brand_ids)
        ended: list[Ended] = []
        turned: list[Brand] = []
        for brand in Brand.objects.filter(pk__in=brand_ids).order_by("id"):
            for day in open_days(brand, now=now)[:days]:
                brand.closed_day = day
                if ends_a_month(day):
                    brand.closed_month = month_of(day)
                ended += ended_with(brand.pk, day)
            turned.append(brand)
        if ended:
            Brand.objects.bulk_update(turned, ["closed_day", "closed_month"])
            write_statements(ended, now=now)
            hand_over(ended, now=now)
    return len(ended)


def open_days(brand: Brand, *, now: datetime) -> list[date]:
    """Return the local days of the brand that have ended and are not closed."""
    first, today = first_open_day(brand), clock_of(brand.timezone).day(now)
    return [first + n * DAY for n in range((today - first).days)]
