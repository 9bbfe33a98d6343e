"""Dated budgets that came into force, written: on their rows, and into the history of these."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection

from budgets.models import Campaign, DatedBudget, Period, Trigger
from budgets.operations.database import Column, stage, to_sql
from budgets.rules.clock import DAY
from budgets.rules.dated import DatedAmount
from budgets.rules.money import to_units

DATED = (
    Column("id", "bigint", is_looked_up=True),
    Column("amount_micros", "bigint"),
    Column("due_on", "date"),
    Column("is_current", "boolean"),
)
ON_ROWS = (
    Column("id", "bigint", is_looked_up=True),
    Column("daily_budget_micros", "bigint"),
    Column("monthly_budget_micros", "bigint"),
)

WRITE = """
UPDATE {table} SET {columns} FROM {staged} n WHERE {table}.id = n.id
"""

RECORD = """
INSERT INTO {records} ({columns}, history_date, history_type, history_change_reason, "trigger")
SELECT {columns}, %(now)s, '~', '', %(trigger)s
FROM {table} WHERE id IN (SELECT id FROM {staged}) ORDER BY id
"""


@dataclass(slots=True)
class Owner:
    """A brand or campaign with the amounts on it, in micros."""

    id: int
    brand_id: int
    zone: str
    made_at: datetime
    amounts: dict[Period, int | None]
    is_given: bool = False
    """Whether another amount came into force."""

    def give(self, period: Period, micros: int | None) -> None:
        self.amounts[period] = micros
        self.is_given = True


@dataclass(slots=True)
class Dated:
    """A dated budget; without an id as long as it is not stored."""

    id: int | None
    budget: DatedAmount
    due_on: date | None
    is_current: bool

    def stand(self, *, is_current: bool, today: date) -> None:
        """Be the one in force on the day, or not, and due again when that changes."""
        self.is_current, self.due_on = is_current, due_after(self.budget, today)


def due_after(budget: DatedAmount, today: date) -> date | None:
    """Return the next local day on which the budget begins or has ended; `None`: it did both."""
    if budget.starts_on > today:
        return budget.starts_on
    if budget.ends_on is not None and today <= budget.ends_on < date.max:
        return budget.ends_on + DAY
    return None


def write(
    model: Any,
    owners: Sequence[Owner],
    dated: Sequence[tuple[Owner, Period, Dated]],
    *,
    now: datetime,
) -> None:
    """Write the rows of one model, in the order of their ids, and their dated budgets."""
    DatedBudget.objects.bulk_create(
        new_row(owner.brand_id, owner.id if model is Campaign else None, period, each)
        for owner, period, each in dated
        if each.id is None
    )
    stored = [(d.id, d.budget.micros, d.due_on, d.is_current) for _, _, d in dated if d.id]
    update(DatedBudget, stage("staged_dated_budgets", DATED, stored), DATED)
    given = [(owner.id, *owner.amounts.values()) for owner in owners if owner.is_given]
    if given:
        staged = stage("staged_budgets_on_rows", ON_ROWS, given)
        update(model, staged, ON_ROWS)
        record(model, staged, now=now)


def new_row(brand_id: int, campaign_id: int | None, period: Period, dated: Dated) -> DatedBudget:
    """Return a dated budget to insert."""
    return DatedBudget(
        brand_id=brand_id,
        campaign_id=campaign_id,
        period=period,
        amount=None if dated.budget.micros is None else to_units(dated.budget.micros),
        starts_on=dated.budget.starts_on,
        ends_on=dated.budget.ends_on,
        due_on=dated.due_on,
        is_current=dated.is_current,
    )


def update(model: Any, staged: str, columns: Sequence[Column]) -> None:
    """Give rows the columns that are staged beside their ids."""
    named = ", ".join(f"{each.name} = n.{each.name}" for each in columns[1:])
    with connection.cursor() as cursor:
        cursor.execute(WRITE.format(table=model._meta.db_table, columns=named, staged=staged))


def record(model: Any, staged: str, *, now: datetime) -> None:
    """Write into the history what the rows are by now, in nobody's name."""
    records = model.history.model
    columns = ", ".join(f.column for f in records.tracked_fields)
    told = {"now": to_sql(now), "trigger": Trigger.PLANNED.value}
    with connection.cursor() as cursor:
        cursor.execute(
            RECORD.format(
                records=records._meta.db_table,
                columns=columns,
                table=model._meta.db_table,
                staged=staged,
            ),
            told,
        )
