"""Statements: write the figures of periods that ended.

A period that has no statement gets one, a statement whose spend moved is restated, and everything
else stays as it is. Each sums up all days of its period; `restate` only adds what came late, and
where that begins a statement, says what had been spent before it.
"""

from collections.abc import Iterable
from datetime import date, datetime
from typing import NamedTuple

from django.db import connection

from budgets.models import Brand, Period
from budgets.models.periods.budget_in_force import OF_BRAND, OF_CAMPAIGN
from budgets.operations.database import Column, TemporaryTable, id_rows, stage, to_sql
from budgets.operations.reconcile.rollover import carry_over
from budgets.rules.clock import DAY, clock_of, month_of, next_month_of

STATEMENTS_A_TRANSACTION = 500
"""Bounds how long a closing holds back the ingests of its brands, and the feed of changes."""


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
    Column("last_day", "date"),
    Column("ends_at", "timestamptz"),
)

INSERT = """
INSERT INTO budgets_statement (
    brand_id, campaign_id, period, starts_on, currency, budget_micros,
    carried_micros, spent_at_close_micros, spent_micros, closed_at, restated_at
)"""

FIGURES = """budget_micros, carried_micros,
       COALESCE(spent_micros, 0) - late_micros, COALESCE(spent_micros, 0),
       %(now)s, CASE WHEN late_micros <> 0 THEN %(now)s END"""

RESTATE = """
DO UPDATE SET spent_micros = excluded.spent_micros, restated_at = excluded.closed_at
WHERE budgets_statement.spent_micros <> excluded.spent_micros
"""

# What was spent before the brand was here is not late: nobody had seen those periods without it.
LATE = "CASE WHEN b.created_at >= e.ends_at THEN 0 ELSE {late} END"

CARRIED = """(
    SELECT r.amount_micros FROM budgets_rolledover r
    WHERE r.brand_id = b.id AND r.month = e.starts_on AND e.period <> %(day)s)"""

# CROSS JOIN keeps SQLite from reading all campaigns to find those of a few periods.
# Materialized: otherwise PostgreSQL sums the days anew wherever the sum is named. A campaign that
# neither spent nor had a budget has no statement.
CAMPAIGN_STATEMENTS = f"""
WITH concerned AS ({{concerned}}),
figures AS MATERIALIZED (
    SELECT c.brand_id, c.id AS campaign_id, e.period, e.starts_on, b.currency,
           {OF_CAMPAIGN} AS budget_micros, CAST(NULL AS bigint) AS carried_micros,
           (SELECT SUM(s.amount_micros) FROM budgets_spend s
            WHERE s.campaign_id = c.id AND s.day >= e.starts_on AND s.day < e.ends_before
           ) AS spent_micros, {LATE.format(late="e.late_micros")} AS late_micros
    FROM concerned e
    CROSS JOIN budgets_campaign c
    CROSS JOIN budgets_brand b
    WHERE c.id = e.campaign_id AND b.id = c.brand_id
)
{INSERT}
SELECT brand_id, campaign_id, period, starts_on, currency, {FIGURES}
FROM figures
WHERE spent_micros IS NOT NULL OR budget_micros IS NOT NULL
ON CONFLICT (campaign_id, period, starts_on) WHERE campaign_id IS NOT NULL
{RESTATE}
"""

OF_BRANDS = f"""
{INSERT}
SELECT brand_id, NULL, period, starts_on, currency, {FIGURES}
FROM figures
WHERE true
ON CONFLICT (brand_id, period, starts_on) WHERE campaign_id IS NULL
{RESTATE}
"""

# Campaign by campaign: joined, PostgreSQL would read everybody's spend of the day for each brand.
BRAND_STATEMENTS = f"""
WITH figures AS MATERIALIZED (
    SELECT b.id AS brand_id, e.period, e.starts_on, b.currency,
           {OF_BRAND} AS budget_micros, {CARRIED} AS carried_micros,
           (SELECT SUM((
                SELECT SUM(s.amount_micros) FROM budgets_spend s
                WHERE s.campaign_id = c.id AND s.day >= e.starts_on AND s.day < e.ends_before))
            FROM budgets_campaign c WHERE c.brand_id = b.id
           ) AS spent_micros, {LATE} AS late_micros
    FROM {{periods}} e CROSS JOIN budgets_brand b
    WHERE b.id = e.brand_id AND {{condition}}
)
{OF_BRANDS}"""

ALL_CAMPAIGNS = """
SELECT c.id AS campaign_id, e.period, e.starts_on, e.ends_before, e.last_day, e.ends_at,
       0 AS late_micros
FROM {periods} e CROSS JOIN budgets_campaign c
WHERE c.brand_id = e.brand_id
"""

SOME_CAMPAIGNS = f"""
{ALL_CAMPAIGNS} AND c.id BETWEEN {{first}} AND {{last}}
"""

# Of a large brand the sums are known before its books are closed.
SUMMED_BRAND = f"""
WITH figures AS MATERIALIZED (
    SELECT b.id AS brand_id, e.period, e.starts_on, b.currency,
           {OF_BRAND} AS budget_micros, {CARRIED} AS carried_micros,
           CAST(%(spent)s AS bigint) AS spent_micros, CAST(%(late)s AS bigint) AS late_micros
    FROM {{periods}} e JOIN budgets_brand b ON b.id = e.brand_id
)
{OF_BRANDS}"""

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


def write_figures(statements: str, *, now: datetime, **figures: int) -> None:
    """Run one of the texts above, put together for the periods that it is about."""
    with connection.cursor() as cursor:
        cursor.execute(statements, {"now": to_sql(now), "day": Period.DAY.value, **figures})


def stage_ended(ended: Iterable[Ended]) -> TemporaryTable:
    """Stage the periods, each with the instant of its end on its brand's clock."""
    periods = list(ended)
    brands = Brand.objects.filter(pk__in=id_rows({period.brand_id for period in periods}))
    clocks = {pk: clock_of(zone) for pk, zone in brands.order_by().values_list("id", "timezone")}
    # Brands share clocks and days.
    ends = {(clocks[each.brand_id], each.ends_before) for each in periods}
    ends_at = {(clock, day): clock.start_of(day) for clock, day in ends}
    rows = [
        (*each, each.ends_before - DAY, ends_at[clocks[each.brand_id], each.ends_before])
        for each in periods
    ]
    return stage("staged_ended", COLUMNS, rows)


def hand_over(ended: Iterable[Ended], *, now: datetime) -> None:
    """Hand on anew what the months among these periods hand to the next, once they are stated."""
    months = [each for each in ended if each.period == Period.MONTH]
    if months:
        first = min(each.ends_before for each in months)
        carry_over({each.brand_id for each in months}, since=first, now=now)


def first_open_day(brand: Brand) -> date:
    """Return the local day of the brand after the last that is closed; it may not have ended."""
    return brand.closed_until + DAY


def ends_a_month(day: date) -> bool:
    return (day + DAY).day == 1


def ended_with(brand_id: int, day: date) -> list[Ended]:
    """Return what ends with a local day of the brand: the day, and perhaps the month."""
    months = [ended_month(brand_id, month_of(day))] if ends_a_month(day) else []
    return [ended_day(brand_id, day), *months]


def ended_day(brand_id: int, day: date) -> Ended:
    return Ended(brand_id, Period.DAY, day, day + DAY)


def ended_month(brand_id: int, month: date) -> Ended:
    return Ended(brand_id, Period.MONTH, month, next_month_of(month))
