"""The plan of a month: what got its budget in the middle has one from that day on."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import pairwise
from typing import Any

from django.db.models import OuterRef, Subquery

from budgets.models import Brand, Campaign
from budgets.reports.figures import NOTHING
from budgets.rules.clock import LocalClock, month_of
from budgets.rules.hours import WeekHours
from budgets.rules.pacing import open_seconds

Record = tuple[datetime, Decimal | None]
"""When a row was recorded, and the monthly budget that it had from then on."""


def planned_since(rows: Sequence[Brand | Campaign], *, now: datetime) -> dict[int, date]:
    """Return the local day on which rows of one model got their monthly budget, by their ids.

    Only of those that had none when the month began. By the history, as the budget in force is
    (`models.periods.budget_in_force`); three queries at most.
    """
    rows = [row for row in rows if row.monthly_budget is not None]
    if not rows:
        return {}
    starts = {row.pk: row.clock.start_of(month_of(row.clock.day(now))) for row in rows}
    records = budgets_on_record(type(rows[0]), list(starts), since=min(starts.values()))
    found = {row.pk: first_instant(row, records[row.pk], starts[row.pk]) for row in rows}
    # A record of a machine whose clock is ahead tells nothing of what there was before.
    return {row.pk: row.clock.day(at) for row in rows if (at := found[row.pk]) and at <= now}


def budgets_on_record(model: Any, ids: list[int], *, since: datetime) -> dict[int, list[Record]]:
    """Return the records from an instant on, and for rows that have such the one before them."""
    known: dict[int, list[Record]] = defaultdict(list)
    columns = ("id", "history_date", "monthly_budget")
    later = model.history.filter(id__in=ids, history_date__gte=since)
    for pk, at, budget in later.order_by("history_date", "history_id").values_list(*columns):
        known[pk].append((at, budget))
    if not known:
        return known
    earlier = model.history.filter(id=OuterRef("pk"), history_date__lt=since)
    newest = earlier.order_by("-history_date", "-history_id").values("history_id")[:1]
    edited = model._base_manager.filter(pk__in=list(known)).annotate(newest=Subquery(newest))
    numbers = [number for number in edited.values_list("newest", flat=True) if number]
    for pk, at, budget in model.history.filter(pk__in=numbers).values_list(*columns):
        known[pk].insert(0, (at, budget))
    return known


def first_instant(
    row: Brand | Campaign, records: list[Record], month_start: datetime
) -> datetime | None:
    """Return when a row got its budget within the month; `None` if it had one as that began."""
    if budget_at(row, records, month_start) is not None:
        return None
    for at, budget in records:
        if at >= month_start and budget is not None:
            return at
    return row.created_at if row.created_at >= month_start else None


def budget_at(row: Brand | Campaign, records: list[Record], at: datetime) -> Decimal | None:
    if row.created_at >= at:
        return None
    if not any(recorded >= at for recorded, _budget in records):
        current: Decimal | None = row.monthly_budget
        return current
    earlier = [budget for recorded, budget in records if recorded < at]
    return earlier[-1] if earlier else records[0][1]


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
