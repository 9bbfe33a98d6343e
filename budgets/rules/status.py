"""Whether a campaign may run, as it is said to ad platforms."""

from enum import StrEnum


class RunStatus(StrEnum):
    """What a platform is told of a campaign, and what it says of one."""

    RUNNING = "running"
    PAUSED = "paused"
    REMOVED = "removed"
    """Only platforms say it: there it can neither run nor be started again."""
