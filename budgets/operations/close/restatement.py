"""Restating: add what comes late to the statements of periods that were closed before it."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import NamedTuple

from django.db import connection

from budgets.models import Brand, Period
from budgets.models.brand import closed_until
from budgets.models.locks import lock_statements
from budgets.operations.close.statements import (
    BRAND_STATEMENTS,
    CAMPAIGN_STATEMENTS,
    Ended,
    ended_day,
    ended_month,
    hand_over,
    stage_ended,
    write_figures,
)
from budgets.operations.database import Column, TemporaryTable, id_rows, stage, to_sql
from budgets.rules.clock import DAY, month_of, next_month_of

LATE_COLUMNS = (
    Column("campaign_id", "bigint"),
    Column("brand_id", "bigint"),
    Column("period", "text"),
    Column("starts_on", "date"),
    Column("ends_before", "date"),
    Column("last_day", "date"),
    Column("ends_at", "timestamptz"),
    Column("amount_micros", "bigint"),
)

SUM_UP = """
INSERT INTO {late}
    (campaign_id, brand_id, period, starts_on, ends_before, last_day, ends_at, amount_micros)
SELECT t.campaign_id, e.brand_id, e.period, e.starts_on, e.ends_before, e.last_day, e.ends_at,
       SUM(t.amount_micros)
FROM {totals} t
JOIN budgets_campaign c ON c.id = t.campaign_id
JOIN {periods} e
    ON e.brand_id = c.brand_id AND t.day >= e.starts_on AND t.day < e.ends_before
GROUP BY t.campaign_id, e.brand_id, e.period, e.starts_on, e.ends_before, e.last_day, e.ends_at
"""

ADD = """
UPDATE budgets_statement SET
    spent_micros = spent_micros + l.amount_micros,
    restated_at = CASE WHEN l.amount_micros = 0 THEN restated_at ELSE %(now)s END
"""

ADD_TO_CAMPAIGNS = f"""
{ADD}
FROM {{late}} l
WHERE budgets_statement.campaign_id = l.campaign_id
  AND budgets_statement.campaign_id IS NOT NULL
  AND budgets_statement.period = l.period AND budgets_statement.starts_on = l.starts_on
"""

ADD_TO_BRANDS = f"""
{ADD}
FROM (SELECT brand_id, period, starts_on, SUM(amount_micros) AS amount_micros
      FROM {{late}} GROUP BY brand_id, period, starts_on) l
WHERE budgets_statement.brand_id = l.brand_id
  AND budgets_statement.campaign_id IS NULL
  AND budgets_statement.period = l.period AND budgets_statement.starts_on = l.starts_on
"""

COUNT_WHILE_CLOSING = """
UPDATE budgets_brand SET
    closing_day_late_micros = closing_day_late_micros + (
        SELECT COALESCE(SUM(l.amount_micros), 0) FROM {late} l
        WHERE l.brand_id = budgets_brand.id AND l.starts_on = closing_day AND l.period = %(day)s),
    closing_month_late_micros = closing_month_late_micros + (
        SELECT COALESCE(SUM(l.amount_micros), 0) FROM {late} l
        WHERE l.brand_id = budgets_brand.id AND l.starts_on = closed_month AND l.period <> %(day)s)
WHERE closing_day IS NOT NULL AND id IN (SELECT brand_id FROM {late})
"""

UNSTATED_CAMPAIGNS = """
SELECT l.campaign_id, l.period, l.starts_on, l.ends_before, l.last_day, l.ends_at,
       l.amount_micros AS late_micros
FROM {late} l
WHERE NOT EXISTS (
    SELECT 1 FROM budgets_statement s
    WHERE s.campaign_id = l.campaign_id AND s.period = l.period AND s.starts_on = l.starts_on)
"""

# While a large brand is being closed its own statement is written last, from its campaigns'.
UNSTATED_BRANDS = """(b.closing_day IS NULL OR e.ends_before <= b.closing_day) AND NOT EXISTS (
    SELECT 1 FROM budgets_statement s
    WHERE s.brand_id = e.brand_id AND s.campaign_id IS NULL
      AND s.period = e.period AND s.starts_on = e.starts_on)
"""

LATE_OF_BRAND = """(
    SELECT SUM(l.amount_micros) FROM {late} l
    WHERE l.brand_id = e.brand_id AND l.period = e.period AND l.starts_on = e.starts_on)"""


def restate(booked: set[tuple[int, date]], totals: TemporaryTable, *, now: datetime) -> None:
    """Add the totals just booked to the statements of periods that were closed before.

    `booked` are the brands and local days of the totals. Must be called inside the transaction that
    staged them, holds the rows of their campaigns and keeps the brands' books open.
    """
    brands = brands_of(booked)
    ended = set(closed_before(booked, brands))
    if not ended:
        return
    lock_statements({period.brand_id for period in ended})
    periods = stage_ended(ended)
    late = stage("staged_late", LATE_COLUMNS, ())
    with connection.cursor() as cursor:
        cursor.execute(SUM_UP.format(late=late, totals=totals, periods=periods))
        late_sums = cursor.rowcount
        cursor.execute(ADD_TO_CAMPAIGNS.format(late=late), {"now": to_sql(now)})
        if cursor.rowcount < late_sums:
            unstated = CAMPAIGN_STATEMENTS.format(concerned=UNSTATED_CAMPAIGNS.format(late=late))
            write_figures(unstated, now=now)
        cursor.execute(ADD_TO_BRANDS.format(late=late), {"now": to_sql(now)})
        if cursor.rowcount < len(ended):
            unstated = BRAND_STATEMENTS.format(
                periods=periods, condition=UNSTATED_BRANDS, late=LATE_OF_BRAND.format(late=late)
            )
            write_figures(unstated, now=now)
        hand_over(ended, now=now)
        if any(brand.closing_day for brand in brands.values()):
            cursor.execute(COUNT_WHILE_CLOSING.format(late=late), {"day": Period.DAY.value})


class ClosedBrand(NamedTuple):
    """How far a brand is closed, and the day whose statements are being written, if any."""

    closed_until: date
    closing_day: date | None


def brands_of(booked: set[tuple[int, date]]) -> dict[int, ClosedBrand]:
    """Return how far the brands of the bookings are closed, by their ids."""
    brands = Brand.objects.filter(pk__in=id_rows({brand_id for brand_id, _ in booked})).order_by()
    columns = ("id", "closing_day", "closed_day", "created_at", "timezone")
    return {
        pk: ClosedBrand(closed_until(*how_far), closing_day)
        for pk, closing_day, *how_far in brands.values_list(*columns)
    }


def closed_before(
    booked: set[tuple[int, date]], brands: Mapping[int, ClosedBrand]
) -> Iterator[Ended]:
    """Yield the closed days and months that the bookings belong to."""
    for brand_id, day in booked:
        closed = brands[brand_id].closed_until
        if day <= closed:
            yield ended_day(brand_id, day)
        if next_month_of(day) <= closed + DAY:
            yield ended_month(brand_id, month_of(day))
