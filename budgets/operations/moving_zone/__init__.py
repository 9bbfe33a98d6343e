"""Move a brand to another time zone, with all that it spent."""

from budgets.operations.moving_zone.move import Move, move_zone

__all__ = ["Move", "move_zone"]
