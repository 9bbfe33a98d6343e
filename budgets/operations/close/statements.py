"""Statements: write the figures of periods that ended.

A period that has no statement gets one, a statement whose spend moved is restated, and everything
else stays as it is. Each sums up all days of its period; `restate` only adds what came late, and
where that begins a statement, says what had been spent before it.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.db import connection

from budgets.models import Brand, Period
from budgets.models.periods.budget_in_force import OF_BRAND, OF_CAMPAIGN
from budgets.operations.database import Column, TemporaryTable, id_rows, stage, to_sql
from budgets.rules.clock import clock_of, next_month_of

ONE_DAY = timedelta(days=1)


class Ended(NamedTuple):
    """A local day or month of a brand that has ended: `[starts_on, ends_before)`."""

    brand_id: int
    period: Period
    starts_on: date
    ends_before: date


COLUMNS = (
    Column("brand_id", "bigint", is_looked_up=True),
    Column("period", "text"),
    Column("starts_on", "date"),
    Column("ends_before", "date"),
    Column("ends_at", "timestamptz"),
)

INSERT = """
INSERT INTO budgets_statement (
    brand_id, campaign_id, period, starts_on, currency, budget_micros,
    spent_at_close_micros, spent_micros, closed_at, restated_at
)"""

FIGURES = """budget_micros, COALESCE(spent_micros, 0) - late_micros, COALESCE(spent_micros, 0),
       %(now)s, CASE WHEN late_micros <> 0 THEN %(now)s END"""

RESTATE = """
DO UPDATE SET spent_micros = excluded.spent_micros, restated_at = excluded.closed_at
WHERE budgets_statement.spent_micros <> excluded.spent_micros
"""

# Materialized: otherwise PostgreSQL sums the days anew wherever the sum is named. A campaign that
# neither spent nor had a budget has no statement.
CAMPAIGN_STATEMENTS = f"""
WITH concerned AS ({{concerned}}),
figures AS MATERIALIZED (
    SELECT c.brand_id, c.id AS campaign_id, e.period, e.starts_on, b.currency,
           {OF_CAMPAIGN} AS budget_micros,
           (SELECT SUM(s.amount_micros) FROM budgets_spend s
            WHERE s.campaign_id = c.id AND s.day >= e.starts_on AND s.day < e.ends_before
           ) AS spent_micros, e.late_micros
    FROM concerned e
    JOIN budgets_campaign c ON c.id = e.campaign_id
    JOIN budgets_brand b ON b.id = c.brand_id
)
{INSERT}
SELECT brand_id, campaign_id, period, starts_on, currency, {FIGURES}
FROM figures
WHERE spent_micros IS NOT NULL OR budget_micros IS NOT NULL
ON CONFLICT (campaign_id, period, starts_on) WHERE campaign_id IS NOT NULL
{RESTATE}
"""

BRAND_STATEMENTS = f"""
WITH figures AS MATERIALIZED (
    SELECT b.id AS brand_id, e.period, e.starts_on, b.currency,
           {OF_BRAND} AS budget_micros,
           (SELECT SUM(s.amount_micros)
            FROM budgets_campaign c JOIN budgets_spend s ON s.campaign_id = c.id
            WHERE c.brand_id = b.id AND s.day >= e.starts_on AND s.day < e.ends_before
           ) AS spent_micros, {{late}} AS late_micros
    FROM {{periods}} e JOIN budgets_brand b ON b.id = e.brand_id
    WHERE {{condition}}
)
{INSERT}
SELECT brand_id, NULL, period, starts_on, currency, {FIGURES}
FROM figures
WHERE true
ON CONFLICT (brand_id, period, starts_on) WHERE campaign_id IS NULL
{RESTATE}
"""

ALL_CAMPAIGNS = """
SELECT c.id AS campaign_id, e.period, e.starts_on, e.ends_before, e.ends_at, 0 AS late_micros
FROM {periods} e JOIN budgets_campaign c ON c.brand_id = e.brand_id
"""

ALL_PERIODS = "true"
NOTHING_LATE = "0"


def write_statements(ended: Iterable[Ended], *, now: datetime) -> None:
    """Bring the statements of some periods up to date, of the brands and all their campaigns.

    Must be called inside a transaction that closed the brands' books.
    """
    periods = stage_ended(ended)
    concerned = ALL_CAMPAIGNS.format(periods=periods)
    write_figures(CAMPAIGN_STATEMENTS.format(concerned=concerned), now=now)
    of_brands = BRAND_STATEMENTS.format(periods=periods, condition=ALL_PERIODS, late=NOTHING_LATE)
    write_figures(of_brands, now=now)


def write_figures(statements: str, *, now: datetime) -> None:
    """Run one of the texts above, put together for the periods that it is about."""
    with connection.cursor() as cursor:
        cursor.execute(statements, {"now": to_sql(now), "day": Period.DAY.value})


def stage_ended(ended: Iterable[Ended]) -> TemporaryTable:
    """Stage the periods, each with the instant of its end on its brand's clock."""
    periods = list(ended)
    brands = Brand.objects.filter(pk__in=id_rows({period.brand_id for period in periods}))
    clocks = {pk: clock_of(zone) for pk, zone in brands.order_by().values_list("id", "timezone")}
    # Brands share clocks and days.
    ends = {(clocks[each.brand_id], each.ends_before) for each in periods}
    ends_at = {(clock, day): clock.start_of(day) for clock, day in ends}
    rows = [(*each, ends_at[clocks[each.brand_id], each.ends_before]) for each in periods]
    return stage("staged_ended", COLUMNS, rows)


def ended_day(brand_id: int, day: date) -> Ended:
    return Ended(brand_id, Period.DAY, day, day + ONE_DAY)


def ended_month(brand_id: int, month: date) -> Ended:
    return Ended(brand_id, Period.MONTH, month, next_month_of(month))
