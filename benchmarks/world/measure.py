"""Stopwatch and counters. Others use the machine too, so what is compared is run in turns."""

import resource
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from statistics import median
from time import perf_counter
from typing import Any

from django.db import connection

Step = Callable[[], object]


def nothing() -> None:
    """Prepare nothing."""


@dataclass(frozen=True, slots=True)
class Act:
    """Something to time, and what is to be done before each time, off the clock."""

    run: Step
    prepare: Step = nothing


@dataclass(slots=True)
class Times:
    """How long one act took, in seconds, each time."""

    seconds: list[float] = field(default_factory=list)

    @property
    def median(self) -> float:
        """The middle one: a noisy neighbour disturbs few runs, not most."""
        return median(self.seconds)

    def over(self, base: "Times") -> "Ratio":
        """Return how many times as long as the base, run beside it, this took."""
        each = [mine / its for mine, its in zip(self.seconds, base.seconds, strict=True)]
        return Ratio(self.median / base.median, min(each), max(each))


@dataclass(frozen=True, slots=True)
class Ratio:
    """A ratio of medians, with the smallest and largest of its turns."""

    value: float
    least: float
    most: float

    def __str__(self) -> str:
        return f"{brief(self.value)} ({brief(self.least)}–{brief(self.most)})"


def in_turns(acts: Mapping[str, Act], *, turns: int) -> dict[str, Times]:
    """Run every act once a turn, A B C A B C, after a turn that does not count."""
    times = {name: Times() for name in acts}
    for turn in range(turns + 1):
        for name, act in acts.items():
            act.prepare()
            taken = timed(act.run)
            if turn:
                times[name].seconds.append(taken)
        note(f"turn {turn} of {turns}")
    return times


def timed(run: Step) -> float:
    """Return how long it takes, in seconds."""
    start = perf_counter()
    run()
    return perf_counter() - start


@contextmanager
def statements_counted() -> Iterator[list[str]]:
    """Collect the statements sent to the database."""
    sent: list[str] = []

    def count(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        sent.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(count):
        yield sent


def wal_position() -> int:
    """Return how many bytes the server has written to its log; 0 on SQLite."""
    if connection.vendor != "postgresql":
        return 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT (pg_current_wal_insert_lsn() - '0/0')::bigint")
        return int(cursor.fetchone()[0])


def peak_megabytes() -> float:
    """Return the most memory this process has had."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def brief(number: float) -> str:
    """Write a number with as many digits as mean something."""
    if abs(number) >= 100:
        return f"{number:,.0f}"
    return f"{number:.1f}" if abs(number) >= 10 else f"{number:.3g}"


def note(text: str) -> None:
    """Say what is going on, beside the table."""
    print(f"  … {text}", file=sys.stderr, flush=True)


def print_table(title: str, columns: tuple[str, ...], rows: list[tuple[Any, ...]]) -> None:
    """Print rows below their column names, first column to the left."""
    lines = [columns, *(tuple(map(str, row)) for row in rows)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    print(f"\n{title}\n")
    for number, line in enumerate(lines):
        first, *others = [
            text.ljust(width) if not column else text.rjust(width)
            for column, (text, width) in enumerate(zip(line, widths, strict=True))
        ]
        print("  ".join([first, *others]))
        if not number:
            print("  ".join("-" * width for width in widths))
    sys.stdout.flush()
