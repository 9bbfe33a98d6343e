"""Statements: write the figures of periods that end, and restate them when spend comes late.

One statement for campaigns and one for brands do both: a period that has no row gets one, a row
whose spend moved is restated, and everything else stays as it is.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.db import connection

from budgets.models import Brand
from budgets.models.locks import lock_sums
from budgets.models.statement import Period
from budgets.operations.sql import these, to_sql
from budgets.operations.staging import Column, stage
from budgets.rules.clock import month_of, next_month_of

ONE_DAY = timedelta(days=1)


class Ended(NamedTuple):
    """A local day or month of a brand that has ended: `[starts_on, ends_before)`."""

    brand_id: int
    period: Period
    starts_on: date
    ends_before: date


COLUMNS = (
    Column("brand_id", "bigint"),
    Column("period", "text"),
    Column("starts_on", "date"),
    Column("ends_before", "date"),
)

INSERT = """
INSERT INTO budgets_statement (
    brand_id, campaign_id, period, starts_on, currency, budget_micros,
    spent_at_close_micros, spent_micros, closed_at
)"""

RESTATE = """
DO UPDATE SET spent_micros = excluded.spent_micros, restated_at = excluded.closed_at
WHERE budgets_statement.spent_micros <> excluded.spent_micros
"""

# A campaign that neither spent nor had a budget has no statement.
CAMPAIGN_STATEMENTS = f"""
{INSERT}
SELECT f.brand_id, f.campaign_id, f.period, f.starts_on, f.currency, f.budget_micros,
       COALESCE(f.spent_micros, 0), COALESCE(f.spent_micros, 0), %(now)s
FROM (
    SELECT c.brand_id, c.id AS campaign_id, e.period, e.starts_on, b.currency,
           CASE WHEN e.period = %(day)s THEN c.daily_budget_micros
                ELSE c.monthly_budget_micros END AS budget_micros,
           (SELECT SUM(s.amount_micros) FROM budgets_spend s
            WHERE s.campaign_id = c.id AND s.day >= e.starts_on AND s.day < e.ends_before
           ) AS spent_micros
    FROM staged_ended e
    JOIN budgets_brand b ON b.id = e.brand_id
    JOIN budgets_campaign c ON c.brand_id = b.id
    WHERE {{campaigns}}
) f
WHERE f.spent_micros IS NOT NULL OR f.budget_micros IS NOT NULL
ON CONFLICT (campaign_id, period, starts_on) WHERE campaign_id IS NOT NULL
{RESTATE}
"""

BRAND_STATEMENTS = f"""
{INSERT}
SELECT f.brand_id, NULL, f.period, f.starts_on, f.currency, f.budget_micros,
       f.spent_micros, f.spent_micros, %(now)s
FROM (
    SELECT b.id AS brand_id, e.period, e.starts_on, b.currency,
           CASE WHEN e.period = %(day)s THEN b.daily_budget_micros
                ELSE b.monthly_budget_micros END AS budget_micros,
           COALESCE((SELECT SUM(s.amount_micros)
            FROM budgets_campaign c JOIN budgets_spend s ON s.campaign_id = c.id
            WHERE c.brand_id = b.id AND s.day >= e.starts_on AND s.day < e.ends_before
           ), 0) AS spent_micros
    FROM staged_ended e JOIN budgets_brand b ON b.id = e.brand_id
) f
WHERE true
ON CONFLICT (brand_id, period, starts_on) WHERE campaign_id IS NULL
{RESTATE}
"""

ALL_CAMPAIGNS = "true"
CAMPAIGNS_JUST_BOOKED = "c.id IN (SELECT campaign_id FROM staged_total)"


def write_statements(
    ended: Iterable[Ended], *, now: datetime, campaigns: str = ALL_CAMPAIGNS
) -> None:
    """Bring the statements of these periods up to date.

    Must be called inside a transaction that closed the brands' books or keeps them open.
    """
    stage("staged_ended", COLUMNS, ended)
    parameters = {"now": to_sql(now), "day": Period.DAY.value}
    with connection.cursor() as cursor:
        cursor.execute(CAMPAIGN_STATEMENTS.format(campaigns=campaigns), parameters)
        cursor.execute(BRAND_STATEMENTS, parameters)


def restate(booked: Iterable[tuple[int, date]], *, now: datetime) -> None:
    """Restate what was closed before these bookings, each a brand and a local day, came in."""
    booked = set(booked)
    closed = {
        brand_id: (closed_day, closed_month)
        for brand_id, closed_day, closed_month in Brand.objects.filter(
            pk__in=these({brand_id for brand_id, _ in booked}), closed_day__isnull=False
        ).values_list("id", "closed_day", "closed_month")
    }
    ended: set[Ended] = set()
    for brand_id, day in booked:
        closed_day, closed_month = closed.get(brand_id, (None, None))
        if closed_day and day <= closed_day:
            ended.add(ended_day(brand_id, day))
        if closed_month and month_of(day) <= closed_month:
            ended.add(ended_month(brand_id, month_of(day)))
    if ended:
        lock_sums({period.brand_id for period in ended})
        write_statements(ended, now=now, campaigns=CAMPAIGNS_JUST_BOOKED)


def ended_day(brand_id: int, day: date) -> Ended:
    """Return a local day as a period that ended."""
    return Ended(brand_id, Period.DAY, day, day + ONE_DAY)


def ended_month(brand_id: int, month: date) -> Ended:
    """Return a month, by its first day, as a period that ended."""
    return Ended(brand_id, Period.MONTH, month, next_month_of(month))
