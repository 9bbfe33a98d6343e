"""`rules.decide()` as SQL: one text for PostgreSQL and SQLite, for any number of campaigns.

Read it beside `rules/decision.py`, line by line; `tests/operations/test_decision_sql.py` holds the
two equal. Reasons come in as parameters named after them.
"""

from budgets.rules.reasons import PauseReason

# The stored totals are those of the newest day with spend. When that day lies ahead (a clock was
# set back, a brand moved west) today's total is read from the ledger's day rows instead. The cast
# keeps PostgreSQL from comparing all months as numerics, in which it sums.
CAMPAIGN_DAY_SPENT = """
    CASE WHEN c.day = n.today THEN c.day_spent_micros
         WHEN c.day > n.today THEN COALESCE((
             SELECT s.amount_micros FROM budgets_spend s
             WHERE s.campaign_id = c.id AND s.day = n.today), 0)
         ELSE 0 END"""

CAMPAIGN_MONTH_SPENT = """
    CASE WHEN c.month = n.month THEN c.month_spent_micros
         WHEN c.month > n.month THEN COALESCE((
             SELECT CAST(SUM(s.amount_micros) AS bigint) FROM budgets_spend s
             WHERE s.campaign_id = c.id AND s.day >= n.month AND s.day < n.next_month), 0)
         ELSE 0 END"""

BRAND_DAY_SPENT = """
    CASE WHEN t.newest_day > b.today THEN COALESCE((
             SELECT SUM(s.amount_micros)
             FROM budgets_campaign c JOIN budgets_spend s ON s.campaign_id = c.id
             WHERE c.brand_id = b.id AND s.day = b.today), 0)
         ELSE t.day_spent_micros END"""

BRAND_MONTH_SPENT = """
    CASE WHEN t.newest_month > b.month THEN COALESCE((
             SELECT SUM(s.amount_micros)
             FROM budgets_campaign c JOIN budgets_spend s ON s.campaign_id = c.id
             WHERE c.brand_id = b.id AND s.day >= b.month AND s.day < b.next_month), 0)
         ELSE t.month_spent_micros END"""


# One byte, open or closed, of the quarter hour that it is now: a date of the brand goes before one
# of the schedule, that before the week. Without any of them it is always open.
BRAND_OPENING = """(
    SELECT substr(x.quarters, b.quarter + 1, 1) FROM budgets_exceptionday x
    WHERE x.brand_id = b.id AND x.day = b.today)"""

DATE_OF_SCHEDULE = "substr(x.quarters, n.quarter + 1, 1), "
DATES_OF_SCHEDULES = """
    LEFT JOIN budgets_exceptionday x ON x.schedule_id = c.schedule_id AND x.day = n.today"""

OPENING = f"COALESCE(n.opening, {DATE_OF_SCHEDULE}substr(h.week, n.slot + 1, 1))"

# Looked for in brands that ask for it alone.
FEED_IS_SILENT = """
    n.pauses_when_silent AND EXISTS (
        SELECT 1 FROM budgets_linkedcampaign l
        JOIN budgets_platformaccount a ON a.source_ptr_id = l.account_id
        WHERE l.campaign_id = c.id AND a.is_on AND a.silent_since IS NOT NULL)"""


# `rules.rollover.limit_of()`: what a month was handed counts, but a budget of 0 stays 0. Whoever
# decides has let the month begin, so what is on the row is this month's.
BRAND_MONTH_LIMIT = """
    CASE WHEN b.monthly_budget_micros IS NULL THEN NULL
         WHEN b.monthly_budget_micros > 0 AND b.monthly_budget_micros + b.carried_micros > 0
         THEN b.monthly_budget_micros + b.carried_micros ELSE 0 END"""


def reached(spent: str, budget: str) -> str:
    """`Figures.is_reached` in SQL; a missing budget compares as unknown, which is not reached."""
    return f"({spent} >= {budget} OR {budget} = 0)"


CAUSES_OF_BRAND = {
    PauseReason.BRAND_HELD: "is_held",
    PauseReason.BRAND_DAILY_BUDGET: reached("day_spent_micros", "daily_budget_micros"),
    PauseReason.BRAND_MONTHLY_BUDGET: reached("month_spent_micros", "monthly_budget_micros"),
}

CAUSES_OF_CAMPAIGN = {
    PauseReason.HELD: "is_held",
    PauseReason.OUTSIDE_FLIGHT: "(today < starts_on OR ends_on < today)",
    PauseReason.OUTSIDE_SCHEDULE: "opening <> %(open)s",
    PauseReason.DAILY_BUDGET: reached("day_spent_micros", "daily_budget_micros"),
    PauseReason.MONTHLY_BUDGET: reached("month_spent_micros", "monthly_budget_micros"),
    PauseReason.FEED_SILENT: "feed_is_silent",
}


def reasons(causes: dict[PauseReason, str]) -> str:
    """Return the reasons that apply as one number, as `decide()` combines them."""
    return " | ".join(
        f"CASE WHEN {condition} THEN %({reason.name})s ELSE 0 END"
        for reason, condition in causes.items()
    )


# What every campaign of a brand shares is worked out once a brand. Materialized: otherwise
# PostgreSQL repeats it for every campaign. Spend is summed by days first, so that brands are joined
# to a few sums and not to every campaign. CROSS JOIN keeps the tables in this order on SQLite.
BRAND_NOW = f"""
brand AS NOT MATERIALIZED (
    SELECT b.id, b.is_held, b.pauses_when_silent, b.daily_budget_micros,
           {BRAND_MONTH_LIMIT} AS monthly_budget_micros,
           z.today, z.month, z.next_month, z.slot, z.quarter
    FROM budgets_brand b CROSS JOIN zone z
    WHERE z.name = b.timezone AND {{brands}}
),
spent AS (
    SELECT c.brand_id, c.day, c.month,
           SUM(c.day_spent_micros) AS day_spent_micros,
           SUM(c.month_spent_micros) AS month_spent_micros
    FROM budgets_campaign c WHERE {{their_campaigns}}
    GROUP BY c.brand_id, c.day, c.month
),
brand_spent AS MATERIALIZED (
    SELECT b.id, MAX(s.day) AS newest_day, MAX(s.month) AS newest_month,
           SUM(CASE WHEN s.day = b.today THEN s.day_spent_micros ELSE 0 END) AS day_spent_micros,
           SUM(CASE WHEN s.month = b.month THEN s.month_spent_micros ELSE 0 END)
               AS month_spent_micros
    FROM brand b JOIN spent s ON s.brand_id = b.id
    GROUP BY b.id
),
brand_total AS (
    SELECT b.*, {BRAND_DAY_SPENT} AS day_spent_micros, {BRAND_MONTH_SPENT} AS month_spent_micros,
           {BRAND_OPENING} AS opening
    FROM brand b JOIN brand_spent t ON t.id = b.id
),
brand_now AS MATERIALIZED (
    SELECT *, {reasons(CAUSES_OF_BRAND)} AS reasons FROM brand_total
)"""

CAMPAIGN_NOW = f"""
campaign_now AS (
    SELECT c.id, n.id AS brand_id, c.reasons, c.is_held, c.starts_on, c.ends_on,
           {OPENING} AS opening,
           c.daily_budget_micros, c.monthly_budget_micros,
           {CAMPAIGN_DAY_SPENT} AS day_spent_micros,
           {CAMPAIGN_MONTH_SPENT} AS month_spent_micros,
           {FEED_IS_SILENT} AS feed_is_silent,
           n.today, n.reasons AS brand_reasons,
           n.daily_budget_micros AS brand_daily_budget_micros,
           n.monthly_budget_micros AS brand_monthly_budget_micros,
           n.day_spent_micros AS brand_day_spent_micros,
           n.month_spent_micros AS brand_month_spent_micros
    FROM brand_now n
    JOIN budgets_brand b ON b.id = n.id
    CROSS JOIN budgets_campaign c
    LEFT JOIN budgets_schedule h ON h.id = c.schedule_id{DATES_OF_SCHEDULES}
    WHERE c.brand_id = b.id AND {{campaigns}}
)"""

DECISION = f"""
WITH zone (name, today, month, next_month, slot, quarter) AS (VALUES {{zones}}),
{BRAND_NOW},
{CAMPAIGN_NOW},
decision AS (
    SELECT id, brand_id, reasons AS "before",
           brand_reasons | {reasons(CAUSES_OF_CAMPAIGN)} AS "after",
           day_spent_micros, daily_budget_micros, month_spent_micros, monthly_budget_micros,
           brand_day_spent_micros, brand_daily_budget_micros,
           brand_month_spent_micros, brand_monthly_budget_micros
    FROM campaign_now
)"""

PARAMETERS = {str(reason.name): int(reason) for reason in CAUSES_OF_BRAND | CAUSES_OF_CAMPAIGN} | {
    "open": b"\x01"
}


def without_dates(statement: str) -> str:
    """Return the statement for days on which no schedule has other hours: most of them.

    A join of every campaign that finds nothing costs a seventh of a check.
    """
    return statement.replace(DATES_OF_SCHEDULES, "").replace(DATE_OF_SCHEDULE, "")
