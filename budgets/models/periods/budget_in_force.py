"""The budget in force on a local day, and by which a period is judged: that of its last day (B2).

Budgets that were dated say it: by an edit, which dates the new one and the one before it, or ahead
of time. The one in force today has its amount on the row itself, where decisions read it; so what
was written past every edit, with `update()` or in SQL, counts as if it had been set when that one
began. A row that nobody dated a budget of has always had the one on it. Before it was made it had
none.

`BudgetPlan` answers for one row, `IN_FORCE` is the same in SQL for any number of them; a test holds
the two equal.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

from django.db.models import QuerySet

from budgets.models.periods.period import Period
from budgets.rules.clock import LocalClock
from budgets.rules.dated import DatedAmount, in_force
from budgets.rules.money import to_micros, to_units

FIELDS = {Period.DAY: "daily_budget", Period.MONTH: "monthly_budget"}

ON_ROW = """
    CASE WHEN e.period = %(day)s THEN {row}.daily_budget_micros
         ELSE {row}.monthly_budget_micros END"""

# `e` is a period with its `last_day` and `ends_at`. No budget is below 0: -1 stands for no limit.
IN_FORCE = f"""
    CASE WHEN {{row}}.created_at >= e.ends_at THEN NULL ELSE NULLIF(COALESCE((
        SELECT COALESCE(CASE WHEN d.is_current THEN {ON_ROW} ELSE d.amount_micros END, -1)
        FROM budgets_datedbudget d
        WHERE {{own}} AND d.period = e.period AND d.starts_on <= e.last_day
          AND (d.ends_on IS NULL OR d.ends_on >= e.last_day)
        ORDER BY d.starts_on DESC LIMIT 1), {ON_ROW}, -1), -1) END"""

OF_CAMPAIGN = IN_FORCE.format(row="c", own="d.campaign_id = c.id")
OF_BRAND = IN_FORCE.format(row="b", own="d.brand_id = b.id AND d.campaign_id IS NULL")


class Budgeted:
    """A brand or a campaign: what has budgets."""

    pk: Any
    created_at: Any
    history: Any
    dated_budgets: Any

    @property
    def clock(self) -> LocalClock:
        """The clock by whose days its budgets are dated."""
        raise NotImplementedError

    own_budgets: ClassVar[dict[str, Any]] = {}
    """Which of the dated budgets that point to it are its own."""

    def budget_on(self, day: date, period: Period | str) -> Decimal | None:
        """Return the budget of the period that is in force on the local day; `None`: no limit."""
        (plan,) = plans_of([self], Period(period)).values()
        return plan.on(day)

    def own_dated_budgets(self) -> QuerySet[Any]:
        """Return its dated budgets; those of a brand without those of its campaigns."""
        rows: QuerySet[Any] = self.dated_budgets.filter(**self.own_budgets)
        return rows


@dataclass(frozen=True, slots=True, kw_only=True)
class BudgetPlan:
    """All budgets that a row has had, has and will have for one period, as far as is known."""

    created_on: date
    on_row: int | None
    dated: Sequence[DatedAmount]

    def on(self, day: date) -> Decimal | None:
        """Return the budget in force on the local day; `None`: no limit, or no row yet."""
        micros = None if day < self.created_on else self.micros_on(day)
        return None if micros is None else to_units(micros)

    def micros_on(self, day: date) -> int | None:
        """Return the budget dated for the day, or what is on the row; whenever the row was made."""
        found = in_force(self.dated, day)
        return self.on_row if found is None else found.micros


def plans_of(rows: Collection[Any], period: Period) -> dict[int, BudgetPlan]:
    """Return the budgets over time of rows of one model, by their ids; one query."""
    if not rows:
        return {}
    on_row = {row.pk: micros(getattr(row, FIELDS[period])) for row in rows}
    dated: dict[int, list[DatedAmount]] = defaultdict(list)
    first = next(iter(rows))
    relation = type(first)._meta.get_field("dated_budgets")
    key = relation.field.attname
    found = relation.related_model._default_manager.filter(period=period, **{f"{key}__in": on_row})
    columns = (key, "starts_on", "ends_on", "amount", "is_current")
    for pk, starts_on, ends_on, amount, is_current in (
        found.filter(**first.own_budgets).order_by().values_list(*columns)
    ):
        value = on_row[pk] if is_current else micros(amount)
        dated[pk].append(DatedAmount(starts_on=starts_on, ends_on=ends_on, micros=value))
    return {
        row.pk: BudgetPlan(
            created_on=row.clock.day(row.created_at), on_row=on_row[row.pk], dated=dated[row.pk]
        )
        for row in rows
    }


def micros(amount: Decimal | None) -> int | None:
    return None if amount is None else to_micros(amount)
