"""Adjusting: what becomes of a budget that is set, raised, lowered or cleared."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum


class How(StrEnum):
    """What to do with a budget."""

    KEEP = "keep"
    SET = "set"
    RAISE_BY_PERCENT = "raise_by_percent"
    LOWER_BY_PERCENT = "lower_by_percent"
    RAISE_BY_AMOUNT = "raise_by_amount"
    LOWER_BY_AMOUNT = "lower_by_amount"
    CLEAR = "clear"


AMOUNTS = {How.SET, How.RAISE_BY_AMOUNT, How.LOWER_BY_AMOUNT}
PERCENTS = {How.RAISE_BY_PERCENT, How.LOWER_BY_PERCENT}


class BelowZero(ValueError):
    """A budget cannot be lowered by more than there is of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Adjustment:
    """What to do, and by how much: an amount in currency units, or a percentage."""

    how: How
    by: Decimal = Decimal(0)

    def of(self, budget: Decimal | None, *, decimals: int) -> Decimal | None:
        """Return the new budget, rounded to the decimals of its currency, halves up.

        No limit has nothing to raise or lower and stays. Raises `BelowZero`.
        """
        if self.how == How.CLEAR:
            return None
        if self.how == How.KEEP or (budget is None and self.how != How.SET):
            return budget
        adjusted = self.exactly(budget or Decimal(0))
        if adjusted < 0:
            raise BelowZero(f"{budget} cannot be lowered to {adjusted}; a budget is 0 or more.")
        return adjusted.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)

    def exactly(self, budget: Decimal) -> Decimal:
        """Return the new amount before it is rounded."""
        return {
            How.SET: self.by,
            How.RAISE_BY_PERCENT: budget * (100 + self.by) / 100,
            How.LOWER_BY_PERCENT: budget * (100 - self.by) / 100,
            How.RAISE_BY_AMOUNT: budget + self.by,
            How.LOWER_BY_AMOUNT: budget - self.by,
        }[self.how]
