"""Heartbeats: proof that the recurring tasks really do their work."""

from datetime import datetime

from budgets.models import Heartbeat


def record_beat(name: str, *, result: int, now: datetime, began: datetime | None = None) -> None:
    """Note that a task, or a part of one, had finished its work at this instant.

    `began` is the instant that the work was for, where it took a while.
    """
    Heartbeat.objects.update_or_create(
        name=name, defaults={"at": now, "began_at": began or now, "result": result}
    )
