"""Heartbeats: proof that the recurring tasks really run."""

from datetime import datetime

from budgets.models import Heartbeat


def record_beat(name: str, *, result: int, now: datetime) -> None:
    """Note that a task did its work at this instant."""
    Heartbeat.objects.update_or_create(name=name, defaults={"at": now, "result": result})
