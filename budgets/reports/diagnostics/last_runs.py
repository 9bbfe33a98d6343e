"""When did each recurring task last finish, with all its parts, how long did it take?"""

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from budgets.models import Heartbeat
from budgets.models.heartbeat import Part


@dataclass(frozen=True, slots=True)
class LastRun:
    """The part of a task that is furthest behind, and when it last finished (`None`: never)."""

    part: Part
    at: datetime | None
    took: timedelta | None = None
    """How long it worked, of all parts together the longest; `None`: not known."""
    result: int = 0
    """What its parts counted, in all."""


def last_runs() -> dict[str, LastRun]:
    """Return the last run of each task that ever finished a part."""
    by_task: dict[str, dict[Part, Heartbeat]] = defaultdict(dict)
    for beat in Heartbeat.objects.all():
        part = Part.named(beat.name)
        by_task[part.task][part] = beat
    return {task: last_run(beats) for task, beats in by_task.items()}


def last_run(beats: dict[Part, Heartbeat]) -> LastRun:
    """Put the parts of one task together."""
    run = furthest_behind({part: beat.at for part, beat in beats.items()})
    in_use = [beat for part, beat in beats.items() if part.of == run.part.of]
    took = [beat.at - beat.began_at for beat in in_use if beat.began_at]
    return replace(run, took=max(took, default=None), result=sum(beat.result for beat in in_use))


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
