"""What must agree in the books, as SQL: the constraints that no database checks by itself.

Each text selects what does not agree, for the brands of a condition on `c.brand_id`. It is one
statement and sees one state of the books: what is just being written is no difference. Sums that no
column bounds are of any size: what is wrong may be that.
"""

from django.db import connection

from budgets.models.fields import sum_in_sql

ALL_BRANDS = "true"

# Totals of a day against the entries of that day.
DAYS = """
SELECT brand_id, campaign_id, day, total_micros, entries_micros FROM (
    SELECT brand_id, campaign_id, day, SUM(total_micros) AS total_micros,
           {sum_of_entries} AS entries_micros
    FROM (
        SELECT c.brand_id, s.campaign_id, s.day, s.amount_micros AS total_micros,
               0 AS entries_micros
        FROM budgets_spend s JOIN budgets_campaign c ON c.id = s.campaign_id WHERE {brands}
        UNION ALL
        SELECT c.brand_id, e.campaign_id, e.day, 0, e.amount_micros
        FROM budgets_ledgerentry e JOIN budgets_campaign c ON c.id = e.campaign_id WHERE {brands}
    ) either
    GROUP BY brand_id, campaign_id, day
) days
WHERE total_micros <> entries_micros
"""

# Where a campaign stands, against its newest day and that day's month so far.
STANDINGS = """
SELECT * FROM (
    SELECT newest.*, COALESCE((
        SELECT CAST(SUM(s.amount_micros) AS bigint) FROM budgets_spend s
        WHERE s.campaign_id = newest.campaign_id
          AND s.day >= newest.newest_month AND s.day <= newest.newest_day
    ), 0) AS newest_month_micros
    FROM (
        SELECT c.brand_id, c.id AS campaign_id, c.day, c.day_spent_micros, c.month,
               c.month_spent_micros, n.day AS newest_day, {month_of} AS newest_month,
               COALESCE(s.amount_micros, 0) AS newest_day_micros
        FROM budgets_campaign c
        LEFT JOIN (SELECT campaign_id, MAX(day) AS day FROM budgets_spend GROUP BY campaign_id) n
            ON n.campaign_id = c.id
        LEFT JOIN budgets_spend s ON s.campaign_id = n.campaign_id AND s.day = n.day
        WHERE {brands}
    ) newest
) standings
WHERE COALESCE(day <> newest_day, (day IS NULL) <> (newest_day IS NULL))
   OR COALESCE(month <> newest_month, (month IS NULL) <> (newest_month IS NULL))
   OR day_spent_micros <> newest_day_micros
   OR month_spent_micros <> newest_month_micros
"""

# Statements against the days that they are about.
STATEMENTS = """
SELECT * FROM (
    SELECT c.brand_id, c.id, c.campaign_id, c.period, c.starts_on, c.spent_micros, COALESCE(
        CASE WHEN c.campaign_id IS NULL THEN (
            SELECT {sum_of_days}
            FROM budgets_campaign own JOIN budgets_spend s ON s.campaign_id = own.id
            WHERE own.brand_id = c.brand_id AND s.day >= c.starts_on AND s.day < {ends_before})
        ELSE (
            SELECT {sum_of_days} FROM budgets_spend s
            WHERE s.campaign_id = c.campaign_id AND s.day >= c.starts_on AND s.day < {ends_before})
        END, 0) AS days_micros
    FROM budgets_statement c WHERE {brands}
) statements
WHERE spent_micros <> days_micros
"""

# Days with spend that are closed and have no statement, but for one whose statements are being
# written. Not a LEFT JOIN without a match: of that PostgreSQL expects a single row, and would hold
# each day of today against every brand.
UNSTATED = """
SELECT c.brand_id, s.campaign_id, s.day, s.amount_micros
FROM budgets_spend s
JOIN budgets_campaign c ON c.id = s.campaign_id
JOIN budgets_brand b ON b.id = c.brand_id AND s.day <= b.closed_day
WHERE {brands} AND (b.closing_day IS NULL OR s.day <> b.closing_day) AND NOT EXISTS (
    SELECT 1 FROM budgets_statement t
    WHERE t.campaign_id = s.campaign_id AND t.period = 'day' AND t.starts_on = s.day)
"""

# Entries of a campaign that is not there. Only a day of Spend keeps its campaign from going.
ORPHANED_ENTRIES = """
SELECT e.id, e.campaign_id, e.amount_micros FROM budgets_ledgerentry e
WHERE NOT EXISTS (SELECT 1 FROM budgets_campaign c WHERE c.id = e.campaign_id)
"""

DATES = {
    "postgresql": {
        "month_of": "CAST(date_trunc('month', n.day) AS date)",
        "ends_before": (
            "CAST(c.starts_on + CASE WHEN c.period = 'day' THEN INTERVAL '1 day'"
            " ELSE INTERVAL '1 month' END AS date)"
        ),
    },
    "sqlite": {
        "month_of": "date(n.day, 'start of month')",
        "ends_before": (
            "date(c.starts_on, CASE WHEN c.period = 'day' THEN '+1 day' ELSE '+1 month' END)"
        ),
    },
}


def sort_on_disk() -> None:
    """Keep SQLite from sorting a whole ledger in memory; PostgreSQL has a limit for that."""
    if connection.vendor == "sqlite" and not connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA temp_store = FILE")


def disagreements(text: str, *, brands: str = ALL_BRANDS) -> str:
    """Return the SELECT of one of these texts for the database in use."""
    return text.format(
        brands=brands,
        sum_of_entries=sum_in_sql("entries_micros"),
        sum_of_days=sum_in_sql("s.amount_micros"),
        **DATES[connection.vendor],
    )
