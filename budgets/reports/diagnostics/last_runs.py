"""When did each recurring task last finish, with all its parts?"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from budgets.models import Heartbeat
from budgets.models.heartbeat import Part


@dataclass(frozen=True, slots=True)
class LastRun:
    """The part of a task that is furthest behind, and when it last finished (`None`: never)."""

    part: Part
    at: datetime | None


def last_runs() -> dict[str, LastRun]:
    """Return the last run of each task that ever finished a part."""
    by_task: dict[str, dict[Part, datetime]] = defaultdict(dict)
    for name, at in Heartbeat.objects.values_list("name", "at"):
        part = Part.named(name)
        by_task[part.task][part] = at
    return {task: furthest_behind(beats) for task, beats in by_task.items()}


def furthest_behind(beats: dict[Part, datetime]) -> LastRun:
    """Return the oldest part of the division in use, which is that of the newest heartbeat.

    What an earlier division left behind does not count, but for a part that has not finished yet
    since the number changed: that one is as old as the newest of what was there before.
    """
    newest = max(beats, key=lambda part: beats[part])
    before = max((at for part, at in beats.items() if part.of != newest.of), default=None)
    parts = [Part(newest.task, newest.of, number) for number in range(1, newest.of + 1)]
    runs = [LastRun(part, beats.get(part, before)) for part in parts]
    never = next((run for run in runs if run.at is None), None)
    return never or min(runs, key=lambda run: run.at or beats[newest])
