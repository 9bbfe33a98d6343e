"""Rollover: what a month hands to the next of its budget, and what may be spent with it (B3).

Amounts are micros. What is handed adds up from month to month: it is what is left of a month's
budget and of what that month was handed itself.
"""

from dataclasses import dataclass
from enum import StrEnum

from budgets.rules.money import MAX_MICROS


class Rollover(StrEnum):
    """Which difference between budget and spend a month hands to the next."""

    NONE = "none"
    UNSPENT = "unspent"
    BOTH = "both"


@dataclass(frozen=True, slots=True, kw_only=True)
class RolloverRule:
    """What a month hands on, and the most of it either way; `None` is all."""

    rollover: Rollover
    most_micros: int | None = None

    def hands_on(self, *, budget: int | None, carried: int, spent: int) -> int:
        """Return what the month adds to the next one's budget; below 0 it takes from it.

        A month without a budget hands on nothing: there is nothing to compare its spend with.
        """
        if budget is None or self.rollover == Rollover.NONE:
            return 0
        most = MAX_MICROS if self.most_micros is None else self.most_micros
        least = -most if self.rollover == Rollover.BOTH else 0
        return min(max(budget + carried - spent, least), most)


NO_ROLLOVER = RolloverRule(rollover=Rollover.NONE)


def limit_of(budget: int | None, carried: int) -> int | None:
    """Return what a month may spend, at least 0; `None` is no limit.

    A budget of 0 stays what it says, spend nothing: what was handed is then handed on.
    """
    if not budget:
        return budget
    return max(0, budget + carried)
