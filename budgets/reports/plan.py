"""The plan of a month: what got its budget in the middle has one from that day on."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import pairwise

from budgets.models import Brand, Campaign, Period
from budgets.models.periods.budget_in_force import BudgetPlan, plans_of
from budgets.reports.figures import NOTHING
from budgets.rules.clock import DAY, LocalClock, month_of
from budgets.rules.dated import days_of_change
from budgets.rules.hours import WeekHours
from budgets.rules.pacing import open_seconds


def planned_since(rows: Sequence[Brand | Campaign], *, now: datetime) -> dict[int, date]:
    """Return the local day on which rows of one model got their monthly budget, by their ids.

    Only of those that had none when the month began; one query.
    """
    plans = plans_of([row for row in rows if row.monthly_budget is not None], Period.MONTH)
    days = {row.pk: row.clock.day(now) for row in rows if row.pk in plans}
    found = {pk: first_planned(plans[pk], today) for pk, today in days.items()}
    return {pk: day for pk, day in found.items() if day is not None}


def first_planned(budgets: BudgetPlan, today: date) -> date | None:
    """Return the first day of the month with a budget; `None` where it began with one."""
    month = month_of(today)
    if budgets.on(month - DAY) is not None:
        return None
    days = [budgets.created_on, *days_of_change(budgets.dated, after=month - DAY)]
    known = [day for day in days if month <= day <= today and budgets.on(day) is not None]
    return min(known, default=None)


def added_up(amounts: list[Decimal]) -> list[Decimal]:
    """Return the running total."""
    totals, total = [], NOTHING
    for amount in amounts:
        total += amount
        totals.append(total)
    return totals


def plan(
    budget: Decimal | None,
    hours: WeekHours | None,
    edges: list[datetime],
    clock: LocalClock,
    *,
    first: int = 0,
    before: Decimal = NOTHING,
) -> list[Decimal | None]:
    """Return the planned spend at the end of each step; nothing where there is no plan.

    It begins with the step `first`, by when `before` was spent of the budget.
    """
    spans = pairwise(edges[first:])
    open_time = added_up([Decimal(open_seconds(hours, *span, clock)) for span in spans])
    if budget is None or not open_time or not open_time[-1]:
        return []
    already = min(max(before, NOTHING), budget)
    start = [None] * (first - 1) + [already] if first else []
    return [
        *start,
        *(already + (budget - already) * passed / open_time[-1] for passed in open_time),
    ]
