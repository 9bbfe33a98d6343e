"""Bounds: what a total may hold, checked where it is booked, so that no sum outgrows its column.

Days and months of a campaign are bounded by constraints of their tables; the sum of a brand's
campaigns is in no table and is bounded here.
"""

from collections.abc import Iterable
from datetime import date

from django.db import connection

from budgets.operations.database import TemporaryTable, in_ids
from budgets.rules.clock import month_of, next_month_of
from budgets.rules.money import MAX_MICROS

MAX_BRAND_MICROS = 10 * MAX_MICROS
"""Most that a brand's month may sum up to: a ninth of what 64 bits hold."""

LARGE_MICROS = 10**13
"""No brand reaches the most with smaller days: it would take 100,000 of them in a month."""

LARGE_DAYS = """
SELECT DISTINCT t.campaign_id FROM {totals} t
JOIN budgets_spend s ON s.campaign_id = t.campaign_id AND s.day = t.day
WHERE s.amount_micros > %(large)s OR s.amount_micros < -%(large)s
"""

# In 1,024ths: SQLite adds whole numbers in 64 bits, too.
LARGEST_MONTH = """
SELECT MAX(ABS(share)) FROM (
    SELECT SUM(s.amount_micros / 1024) AS share
    FROM budgets_campaign c JOIN budgets_spend s ON s.campaign_id = c.id
    WHERE c.brand_id IN (SELECT brand_id FROM budgets_campaign WHERE {campaigns})
      AND s.day >= %(first)s AND s.day < %(end)s
    GROUP BY c.brand_id) months
"""


class TotalTooLarge(Exception):
    """A total that would not fit the ledger."""

    def __init__(self, whose: str = "campaign") -> None:
        super().__init__(f"The {whose}'s total would be beyond the largest amount.")


def check_brand_months(totals: TemporaryTable, days: Iterable[date]) -> None:
    """Check the months of the brands of totals just booked. Raises `TotalTooLarge`."""
    with connection.cursor() as cursor:
        cursor.execute(LARGE_DAYS.format(totals=totals), {"large": LARGE_MICROS})
        campaign_ids = [campaign_id for (campaign_id,) in cursor.fetchall()]
        if not campaign_ids:
            return
        condition, ids = in_ids("id", campaign_ids)
        for month in {month_of(day) for day in days}:
            span = {"ids": ids, "first": month, "end": next_month_of(month)}
            cursor.execute(LARGEST_MONTH.format(campaigns=condition), span)
            (share,) = cursor.fetchone()
            if share is not None and share * 1024 > MAX_BRAND_MICROS:
                raise TotalTooLarge("brand")
