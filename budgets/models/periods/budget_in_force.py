"""The budget in force at the end of a period, by which it is judged (B2), however late it closes.

Its source is the history of people's edits: the newest record before the period ended. A row that
nobody edited since says what is in force by itself; so what was written past every edit, with
`update()` or in SQL, counts as if it had always been, until the next edit shows when it was there.
Where all records are later than a row's own birth, the oldest one stands for what came before it.
A row that was made after the period ended had no budget in it.

`budgets_in_force` answers for one row, `IN_FORCE` is the same in SQL for any number of them; a test
holds the two equal.
"""

from bisect import bisect_left
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from budgets.models.periods.period import Period
from budgets.rules.clock import LocalClock, next_month_of

FIELDS = {Period.DAY: "daily_budget", Period.MONTH: "monthly_budget"}

LIMIT = """
    CASE WHEN e.period = %(day)s THEN {row}.daily_budget_micros
         ELSE {row}.monthly_budget_micros END"""

RECORDS = "FROM {records} h WHERE h.id = {row}.id"
BEFORE = f"{RECORDS} AND h.history_date < e.ends_at"

# `e` is a period with its `ends_at`. The look for later records finds none for nearly every row.
IN_FORCE = f"""
    CASE WHEN {{row}}.created_at >= e.ends_at THEN NULL
         WHEN NOT EXISTS (SELECT 1 {RECORDS} AND h.history_date >= e.ends_at) THEN {LIMIT}
         WHEN EXISTS (SELECT 1 {BEFORE}) THEN (
             SELECT {LIMIT.format(row="h")} {BEFORE}
             ORDER BY h.history_date DESC, h.history_id DESC LIMIT 1)
         ELSE (
             SELECT {LIMIT.format(row="h")} {RECORDS}
             ORDER BY h.history_date, h.history_id LIMIT 1) END"""

OF_CAMPAIGN = IN_FORCE.format(row="c", records="budgets_historicalcampaign")
OF_BRAND = IN_FORCE.format(row="b", records="budgets_historicalbrand")


class Budgeted:
    """A brand or a campaign: what has budgets, a clock and a history."""

    pk: Any
    created_at: Any
    history: Any
    clock: Any

    def budget_on(self, day: date, period: Period) -> Decimal | None:
        """Return the budget that the local day, or its month, is or was judged by; `None`: none."""
        (budget,) = budgets_in_force(self, [end_of(day, period, self.clock)], period)
        return budget


def end_of(day: date, period: Period, clock: LocalClock) -> datetime:
    """Return the instant at which the local day, or the month that it is in, has ended."""
    following = day + timedelta(days=1) if period == Period.DAY else next_month_of(day)
    return clock.start_of(following)


def budgets_in_force(
    row: Budgeted, ends: Sequence[datetime], period: Period
) -> list[Decimal | None]:
    """Return the row's budget at the end of each of some periods; two queries."""
    if not ends:
        return []
    field, first_end = FIELDS[period], min(ends)
    records = type(row).history.filter(id=row.pk)
    rows = records.order_by("history_date", "history_id").values_list("history_date", field)
    before = rows.filter(history_date__lt=first_end).reverse()[:1]
    known = [*before, *rows.filter(history_date__gte=first_end)]
    dates = [at for at, _ in known]

    def at_end(ends_at: datetime) -> Any:
        if row.created_at >= ends_at:
            return None
        later = bisect_left(dates, ends_at)
        if later == len(known):
            return getattr(row, field)
        return known[max(later - 1, 0)][1]

    return [at_end(ends_at) for ends_at in ends]
