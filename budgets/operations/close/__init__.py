"""Close: write the statements of local days and months that ended."""

from budgets.operations.close.periods import close_periods

__all__ = ["close_periods"]
