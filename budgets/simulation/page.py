"""The findings as one HTML page that needs nothing else: tables, bars, and one day drawn."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import log10

from django.template.loader import render_to_string

from budgets.simulation.laboratory import POLICIES, Finding
from budgets.simulation.policies import Books
from budgets.simulation.rehearsal import rehearse
from budgets.simulation.words import COLUMNS, policy_in_words, world_in_words
from budgets.simulation.world import MINUTES_A_DAY, World

LEAST_PERCENT, MOST_PERCENT = 0.01, 100.0
"""The ends of the logarithmic scale of bars."""

WIDTH, HEIGHT = 720, 260
TALLEST = 1.5
"""What fits into the drawing, in limits; what is above leaves it."""
MINUTES_A_POINT = 5
LIMITS_LOOKED_AT = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What was spent over a day under one policy, as the points of a polyline."""

    name: str
    words: str
    points: str


def page(findings: Sequence[Finding], *, command: str) -> str:
    """Return the page; `command` is what was typed to get it."""
    tables = [
        {"title": world_in_words(each.world), "rows": rows_of(each), "world": each.world}
        for each in findings
    ]
    drawn = findings[-1]
    number = most_telling(drawn.world)
    context = {
        "command": command,
        "columns": [column.words for column in COLUMNS],
        "tables": tables,
        "drawn": world_in_words(drawn.world),
        "lines": [line(drawn.world, number, name) for name in drawn.accuracy if name in POLICIES],
        "limit_y": y_of(1.0),
        "width": WIDTH,
        "height": HEIGHT,
        "view_width": WIDTH + 70,
        "view_height": HEIGHT + 34,
        "hours": [(x_of(hour * 60), f"{hour:02}:00") for hour in range(0, 25, 4)],
    }
    return render_to_string("simulation/page.html", context)


def rows_of(finding: Finding) -> list[dict[str, object]]:
    return [
        {
            "name": name,
            "words": policy_in_words(name),
            "cells": [column.text(accuracy) for column in COLUMNS],
            "bar": bar(accuracy.overspend),
        }
        for name, accuracy in finding.accuracy.items()
    ]


def bar(percent: float) -> int:
    """Return the length of a bar, 0 to 100, on a logarithmic scale."""
    within = min(max(percent, LEAST_PERCENT), MOST_PERCENT)
    return round(100 * log10(within / LEAST_PERCENT) / log10(MOST_PERCENT / LEAST_PERCENT))


def most_telling(world: World) -> int:
    """Return the limit, among the first, of which three times as much is wanted, or nearly."""
    numbers = range(min(world.limits, LIMITS_LOOKED_AT))
    wanted = {number: sum(map(sum, world.demand(number))) for number in numbers}
    budget = world.budget * world.days / world.days_a_period
    return min(numbers, key=lambda number: abs(wanted[number] / budget - 3))


def line(world: World, number: int, name: str) -> Line:
    """Draw what was spent on the last day of the world."""
    first = world.minutes - MINUTES_A_DAY
    points: list[str] = []

    def watch(minute: int, books: Books) -> None:
        if minute >= first and minute % MINUTES_A_POINT == 0:
            points.append(f"{x_of(minute - first)},{y_of(books.spent / books.limit)}")

    for _ in rehearse(world, number, world.demand(number), POLICIES[name], watch=watch):
        pass
    return Line(name=name, words=policy_in_words(name), points=" ".join(points))


def x_of(minute: int) -> int:
    return round(WIDTH * minute / MINUTES_A_DAY)


def y_of(share_of_limit: float) -> int:
    """Return the height of a share of the limit."""
    return round(HEIGHT * (1 - min(share_of_limit, TALLEST) / TALLEST))
