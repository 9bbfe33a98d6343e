"""Dated budgets: which of several counts on a day, and on which days that changes.

Days are local dates of the brand, amounts micros; `None` is no limit.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from budgets.rules.clock import DAY


@dataclass(frozen=True, slots=True, kw_only=True)
class DatedAmount:
    """A budget from its first day on, and to its last day where it has one; both included."""

    starts_on: date
    ends_on: date | None
    micros: int | None

    def covers(self, day: date) -> bool:
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)


def in_force(budgets: Iterable[DatedAmount], day: date) -> DatedAmount | None:
    """Return the budget that counts on a day: of those that cover it the one that starts last (B1).

    `None` where none covers it. No two of a row and period start on one day.
    """
    covering = [budget for budget in budgets if budget.covers(day)]
    return max(covering, key=lambda budget: budget.starts_on, default=None)


def days_of_change(budgets: Iterable[DatedAmount], *, after: date) -> list[date]:
    """Return the days after a day on which a budget begins or the one beneath it counts again."""
    days = set()
    for budget in budgets:
        days.add(budget.starts_on)
        if budget.ends_on is not None and budget.ends_on < date.max:
            days.add(budget.ends_on + DAY)
    return sorted(day for day in days if day > after)
