"""Simulate: how much do policies overspend and underspend when spend is reported late?"""

from argparse import ArgumentTypeError
from collections.abc import Callable, Sequence
from itertools import product
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser

from budgets.management.reporting import Answer, ReportingCommand
from budgets.simulation.laboratory import POLICIES, Finding, compare
from budgets.simulation.on_operations import LostMoney
from budgets.simulation.page import page
from budgets.simulation.throw_away import rehearse_operations
from budgets.simulation.words import facts, policy_in_words, table
from budgets.simulation.world import MOST_CAMPAIGNS, MOST_DAYS, Feed, Scope, Span, World

BAR_WIDTH = 40


class Command(ReportingCommand):
    """Run policies through the same simulated worlds and compare what they overrun."""

    help = (
        "Rehearse worlds of late reports and compare policies: overspend and underspend in percent "
        "of budgets, flips a campaign and day, and how late they stop. Nothing real is read or "
        "written. The same seeds give the same figures. Policies: "
        + "; ".join(f"{name}, {policy_in_words(name)}" for name in POLICIES)
        + "."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--campaigns", type=within(1, MOST_CAMPAIGNS), default=400)
        parser.add_argument("--days", type=within(1, MOST_DAYS), default=7)
        parser.add_argument(
            "--seeds", type=int, nargs="+", default=[1], help="a world for each; default: 1"
        )
        parser.add_argument("--feeds", type=Feed, nargs="+", choices=list(Feed), default=list(Feed))
        parser.add_argument(
            "--scopes", type=Scope, nargs="+", choices=list(Scope), default=[Scope.CAMPAIGN]
        )
        parser.add_argument("--spans", type=Span, nargs="+", choices=list(Span), default=[Span.DAY])
        parser.add_argument("--policies", nargs="+", choices=list(POLICIES), default=list(POLICIES))
        parser.add_argument(
            "--restated",
            type=within(0, 50),
            metavar="PERCENT",
            default=0,
            help="so much of spend is reported a day late, as a correction",
        )
        parser.add_argument(
            "--outages",
            type=within(0, 50),
            metavar="A_WEEK",
            default=0,
            help="so often nothing is reported for two hours or so",
        )
        parser.add_argument(
            "--operations",
            action="store_true",
            help="run the product itself as well, on a database that is thrown away: slow",
        )
        parser.add_argument("--html", type=Path, metavar="FILE", help="write a page with charts")

    def run(self, *, html: Path | None, seeds: list[int], **options: Any) -> Answer:
        worlds = worlds_of(**options)
        if html is not None:
            write(html, "")  # rather now than after minutes
        findings = list(
            compare(worlds, options["policies"], seeds=seeds, progress=self.show("rules"))
        )
        if options["operations"]:
            findings = self.with_operations(findings, seeds)
        if html is not None:
            write(html, page(findings, command=typed(options, seeds)))
        return facts(findings, seeds), table(findings)

    def with_operations(self, findings: list[Finding], seeds: list[int]) -> list[Finding]:
        try:
            return rehearse_operations(findings, seeds=seeds, progress=self.show("operations"))
        except LostMoney as error:
            raise CommandError(f"Money was lost: {error}") from error

    def show(self, what: str) -> Callable[[float], None]:
        """Return what draws a bar of how much is done."""

        def draw(share: float) -> None:
            done = "█" * round(BAR_WIDTH * share)
            self.show_progress(f"{what} {done:·<{BAR_WIDTH}} {share:4.0%} ")

        return draw


def worlds_of(
    *,
    campaigns: int,
    days: int,
    feeds: Sequence[Feed],
    scopes: Sequence[Scope],
    spans: Sequence[Span],
    restated: int,
    outages: int,
    **_: Any,
) -> list[World]:
    """Return a world for each feed, scope and span. Raises `CommandError`."""
    worlds = [
        World(
            campaigns=campaigns,
            days=days,
            feed=feed,
            scope=scope,
            span=span,
            restated=restated / 100,
            outages=outages,
        )
        for scope, span, feed in product(scopes, spans, feeds)
    ]
    if not all(world.limits for world in worlds):
        fewest = max(world.campaigns_a_limit for world in worlds)
        raise CommandError(f"{campaigns} campaigns are no brand; take {fewest} or more.")
    return worlds


def typed(options: dict[str, Any], seeds: list[int]) -> str:
    """Return the command that gives these findings again."""
    words = ["manage.py simulate"]
    for name in ("campaigns", "days", "feeds", "scopes", "spans", "policies"):
        given = options[name]
        words.append(f"--{name} {' '.join(given) if isinstance(given, list) else given}")
    words += [f"--{name} {options[name]}" for name in ("restated", "outages") if options[name]]
    words.append(f"--seeds {' '.join(map(str, seeds))}")
    return " ".join([*words, *(["--operations"] if options["operations"] else [])])


def write(file: Path, text: str) -> None:
    """Write the page. Raises `CommandError`."""
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise CommandError(f"The page cannot be written: {error}.") from error


def within(least: int, most: int) -> Callable[[str], int]:
    """Return what reads a whole number between two."""

    def number(text: str) -> int:
        if text.isascii() and text.isdigit() and least <= int(text) <= most:
            return int(text)
        raise ArgumentTypeError(f"{text!r} is no whole number from {least:,} to {most:,}")

    return number
