"""Findings in words: a table for the terminal, and plain facts for programs."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any, NamedTuple

from budgets.simulation.laboratory import POLICIES, Finding
from budgets.simulation.outcome import Accuracy
from budgets.simulation.world import Feed, Scope, Span, World

FEED_WORDS = {
    Feed.MINUTE: "each entry about 60 seconds late",
    Feed.QUARTER: "each entry about 15 minutes late",
    Feed.HOURLY: "day totals as of each hour, 15 to 60 minutes late",
}
SCOPE_WORDS = {Scope.CAMPAIGN: "campaigns", Scope.BRAND: "brands"}
SPAN_WORDS = {Span.DAY: "a day", Span.MONTH: "a month"}

OPERATIONS_WORDS = "the product itself, on a database"


class Column(NamedTuple):
    """One figure of a policy."""

    field: str
    words: str
    decimals: int

    def text(self, accuracy: Accuracy) -> str:
        return f"{getattr(accuracy, self.field):,.{self.decimals}f}"


COLUMNS = (
    Column("overspend", "overspend %", 3),
    Column("overspend_p95", "p95 %", 2),
    Column("overspend_max", "max %", 1),
    Column("share_over_1", "over 1 %", 1),
    Column("underspend", "underspend %", 3),
    Column("flips", "flips a day", 1),
    Column("late_minutes", "late min", 1),
)


def policy_in_words(name: str) -> str:
    return POLICIES[name].words if name in POLICIES else OPERATIONS_WORDS


def world_in_words(world: World) -> str:
    """Say what is limited, how spend is reported, and what else is special."""
    limited = f"Limits of {SCOPE_WORDS[world.scope]} for {SPAN_WORDS[world.span]}"
    parts = [f"{limited}; {FEED_WORDS[world.feed]}"]
    if world.restated:
        parts.append(f"{100 * world.restated:g} % of it corrected a day later")
    if world.outages:
        parts.append(f"{world.outages:g} outages a week")
    return "; ".join(parts)


def table(findings: Sequence[Finding]) -> str:
    """Return the findings as a table of text."""
    lines: list[str] = []
    for finding in findings:
        rows = [["", *(column.words for column in COLUMNS)]]
        rows += [
            [name, *(column.text(accuracy) for column in COLUMNS)]
            for name, accuracy in finding.accuracy.items()
        ]
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        lines += ["", world_in_words(finding.world)]
        for name, *cells in rows:
            numbers = (cell.rjust(width) for cell, width in zip(cells, widths[1:], strict=True))
            lines.append("  ".join(["", name.ljust(widths[0]), *numbers]))
    names = dict.fromkeys(name for finding in findings for name in finding.accuracy)
    lines += ["", *(f"{name}: {policy_in_words(name)}" for name in names)]
    return "\n".join(lines).strip("\n")


def facts(findings: Sequence[Finding], seeds: Sequence[int]) -> dict[str, Any]:
    """Return the findings for programs; money in percent of limits."""
    return {
        "seeds": list(seeds),
        "findings": [
            {
                "world": {key: value for key, value in asdict(each.world).items() if key != "seed"},
                "policies": {
                    name: {key: round(value, 6) for key, value in asdict(accuracy).items()}
                    for name, accuracy in each.accuracy.items()
                },
            }
            for each in findings
        ],
    }
