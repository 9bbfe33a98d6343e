"""Why a campaign does not run: a set of independent causes."""

from enum import IntFlag


class PauseReason(IntFlag):
    """One cause that stops a campaign; a campaign runs when none is set.

    The numbers are stored: never renumber, only append.
    """

    HELD = 1
    BRAND_HELD = 2
    OUTSIDE_FLIGHT = 4
    OUTSIDE_SCHEDULE = 8
    DAILY_BUDGET = 16
    MONTHLY_BUDGET = 32
    BRAND_DAILY_BUDGET = 64
    BRAND_MONTHLY_BUDGET = 128
    FORECAST = 256
    FEED_SILENT = 1024  # 512 is kept for pacing


NO_REASON = PauseReason(0)
HOLDS = PauseReason.HELD | PauseReason.BRAND_HELD
"""The reasons that only a person sets and lifts."""


def main_reason(reasons: PauseReason) -> PauseReason:
    """Return the first of some reasons: people's own come first, and each counts once."""
    return next(iter(reasons))
