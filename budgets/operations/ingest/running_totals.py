"""What a batch adds to the days of campaigns and to where the campaigns stand."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from itertools import chain
from typing import Any

from django.db import IntegrityError, connection

from budgets.operations.close.restatement import restate
from budgets.operations.database import Column, TemporaryTable, stage
from budgets.operations.ingest.bounds import TotalTooLarge, check_brand_months
from budgets.operations.ingest.types import Posting
from budgets.rules.clock import month_of
from budgets.rules.money import MAX_MICROS

# The row of a campaign's newest day also carries the newest month and what that gets.
TOTAL_COLUMNS = (
    Column("campaign_id", "bigint", is_looked_up=True),
    Column("day", "date"),
    Column("amount_micros", "bigint"),
    Column("newest_month", "date"),
    Column("month_micros", "bigint"),
)

# Counted, so that nothing travels but the number.
LOCK_CAMPAIGNS = """
SELECT COUNT(*) FROM (
    SELECT id FROM budgets_campaign WHERE id IN (SELECT campaign_id FROM {staged})
    ORDER BY id FOR NO KEY UPDATE) locked
"""

# Nobody else writes days of campaigns we hold; so this costs less than ON CONFLICT, day by day.
ADD_TO_DAYS = """
UPDATE budgets_spend SET amount_micros = budgets_spend.amount_micros + t.amount_micros
FROM {totals} t WHERE t.campaign_id = budgets_spend.campaign_id AND t.day = budgets_spend.day
"""

BEGIN_DAYS = """
INSERT INTO budgets_spend (campaign_id, day, amount_micros)
SELECT t.campaign_id, t.day, t.amount_micros FROM {totals} t
WHERE NOT EXISTS (
    SELECT 1 FROM budgets_spend s WHERE s.campaign_id = t.campaign_id AND s.day = t.day)
"""

# A newer day or month starts at what came in for it; an older one leaves the newest alone.
ADD_TO_STANDING = """
UPDATE budgets_campaign SET
    day = CASE WHEN t.day < budgets_campaign.day THEN budgets_campaign.day ELSE t.day END,
    day_spent_micros = CASE
        WHEN t.day < budgets_campaign.day THEN day_spent_micros
        WHEN t.day = budgets_campaign.day THEN day_spent_micros + t.amount_micros
        ELSE t.amount_micros END,
    month = CASE WHEN t.newest_month < month THEN month ELSE t.newest_month END,
    month_spent_micros = CASE
        WHEN t.newest_month < month THEN month_spent_micros
        WHEN t.newest_month = month THEN month_spent_micros + t.month_micros
        ELSE t.month_micros END
FROM {totals} t
WHERE t.campaign_id = budgets_campaign.id AND t.newest_month IS NOT NULL
"""


def lock_campaigns(staged: TemporaryTable) -> None:
    """Hold the campaigns of a temporary table until the transaction ends, taken in one order.

    Whoever changes a campaign's totals holds its row, so what is read afterwards stays true.
    """
    if connection.features.has_select_for_no_key_update:
        with connection.cursor() as cursor:
            cursor.execute(LOCK_CAMPAIGNS.format(staged=staged))


def add_to_totals(postings: Sequence[Posting], *, now: datetime, are_locked: bool = False) -> None:
    """Add the postings to their days and to where their campaigns stand. Raises `TotalTooLarge`.

    `are_locked`: the campaigns are held already.
    """
    sums = sums_of(postings)
    totals = stage("staged_total", TOTAL_COLUMNS, sums)
    if not are_locked:
        lock_campaigns(totals)
    with connection.cursor() as cursor:
        try:
            cursor.execute(ADD_TO_DAYS.format(totals=totals))
            if cursor.rowcount < len(sums):
                cursor.execute(BEGIN_DAYS.format(totals=totals))
            cursor.execute(ADD_TO_STANDING.format(totals=totals))
        except IntegrityError as error:
            if "within_the_ledger" in str(error):
                raise TotalTooLarge from error
            raise
    check_brand_months(totals, {posting.day for posting in postings})
    restate({(posting.brand_id, posting.day) for posting in postings}, totals, now=now)


def sums_of(postings: Sequence[Posting]) -> list[tuple[Any, ...]]:
    """Sum a batch a campaign and day; mark the newest day of each campaign."""
    days: dict[tuple[int, date], int] = defaultdict(int)
    for posting in postings:
        days[posting.campaign_id, posting.day] += posting.micros
    newest: dict[int, date] = {}
    for campaign_id, day in days:
        if day > newest.setdefault(campaign_id, day):
            newest[campaign_id] = day
    month = {day: month_of(day) for day in {day for _, day in days}}
    months: dict[int, int] = defaultdict(int)
    for (campaign_id, day), micros in days.items():
        if month[day] == month[newest[campaign_id]]:
            months[campaign_id] += micros
    if max(map(abs, chain(days.values(), months.values()))) > MAX_MICROS:
        raise TotalTooLarge
    return [
        (campaign_id, day, micros, month[day], months[campaign_id])
        if day == newest[campaign_id]
        else (campaign_id, day, micros, None, None)
        for (campaign_id, day), micros in days.items()
    ]
