"""How what was spent is reported: each entry some time later, or day totals once an hour."""

from abc import ABC, abstractmethod
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence
from math import inf
from typing import NamedTuple

from budgets.simulation.world import MINUTES_A_DAY, Feed, World

MINUTES_A_WEEK = 7 * MINUTES_A_DAY
MINUTES_AN_OUTAGE = 120.0

LAG_MINUTES = {Feed.MINUTE: 1.0, Feed.QUARTER: 15.0}
"""How late entries are on average: as likely to come in any minute, whatever their age."""

TOTALS_LATE_MINUTES = 15.0, 60.0


class Report(NamedTuple):
    """Money of one campaign that was not reported before; of a total, what was added to it."""

    campaign: int
    micros: int
    spent_at: float
    """The minute in which it was spent; of a total, the last one of those that it is about."""
    as_of: float
    """The minute as of which it is said."""


class Reporting(ABC):
    """What the campaigns of one limit spent, on its way to us."""

    def __init__(self, world: World, number: int) -> None:
        self.world = world
        self.outages = outages(world, number)

    @abstractmethod
    def spend(self, minute: int, share: float, amounts: Sequence[int]) -> None:
        """Note what each campaign spent in a minute, of which it ran the share."""

    @abstractmethod
    def arriving(self, minute: int) -> Sequence[Report]:
        """Return what is reported by the beginning of the minute and was not before."""

    def corrected(self, micros: int) -> int:
        """Return the part of an amount that is reported a day late only."""
        return int(micros * self.world.restated)

    def arrival(self, minute: float) -> int:
        """Return when what is due at the minute comes: after an outage, if there is one."""
        found = bisect_right(self.outages, (minute, inf)) - 1
        until = self.outages[found][1] if found >= 0 else 0.0
        return int(max(minute, until)) + 1


class Entries(Reporting):
    """Every minute's spend is an entry, which comes when it comes."""

    def __init__(self, world: World, number: int) -> None:
        super().__init__(world, number)
        random = world.random(number, "lags")
        rate = 1 / LAG_MINUTES[world.feed]
        # A lag a minute, whether it spends or not: it is the same for every policy.
        self.lags = [random.expovariate(rate) for _ in range(world.minutes)]
        self.due: dict[int, list[Report]] = defaultdict(list)

    def spend(self, minute: int, share: float, amounts: Sequence[int]) -> None:
        spent_at = minute + share / 2
        due = self.due[self.arrival(minute + self.lags[minute])]
        for campaign, micros in enumerate(amounts):
            later = self.corrected(micros)
            due.append(Report(campaign, micros - later, spent_at, spent_at))
            if later:
                corrections = self.due[self.arrival(minute + MINUTES_A_DAY - 1)]
                corrections.append(Report(campaign, later, spent_at, spent_at))

    def arriving(self, minute: int) -> Sequence[Report]:
        return self.due.pop(minute, ())


class Totals(Reporting):
    """The total of the day as of each full hour comes a while after it."""

    def __init__(self, world: World, number: int) -> None:
        super().__init__(world, number)
        random = world.random(number, "lags")
        self.due: dict[int, list[int]] = defaultdict(list)
        for as_of in range(60, world.minutes + 1, 60):
            self.due[self.arrival(as_of + random.uniform(*TOTALS_LATE_MINUTES))].append(as_of)
        self.spent = [[0] * world.minutes for _ in range(world.campaigns_a_limit)]
        self.reported_until = 0

    def spend(self, minute: int, share: float, amounts: Sequence[int]) -> None:  # noqa: ARG002
        for spent, amount in zip(self.spent, amounts, strict=True):
            spent[minute] = amount

    def arriving(self, minute: int) -> Sequence[Report]:
        reports: list[Report] = []
        for as_of in self.due.pop(minute, ()):
            since, self.reported_until = self.reported_until, as_of
            for campaign, spent in enumerate(self.spent):
                news = spent[since:as_of]
                micros = sum(news) - sum(map(self.corrected, news))
                reports.append(Report(campaign, micros, as_of, as_of))
                yesterday = spent[max(0, since - MINUTES_A_DAY) : max(0, as_of - MINUTES_A_DAY)]
                if later := sum(map(self.corrected, yesterday)):
                    reports.append(Report(campaign, later, as_of - MINUTES_A_DAY, as_of))
        return reports


def reporting(world: World, number: int) -> Reporting:
    """Return how spend of one limit of the world is reported."""
    return Totals(world, number) if world.feed == Feed.HOURLY else Entries(world, number)


def outages(world: World, number: int) -> list[tuple[float, float]]:
    """Return from when until when nothing of the limit is reported, in order."""
    if not world.outages:
        return []
    random = world.random(number, "outages")
    found: list[tuple[float, float]] = []
    at = 0.0
    while True:
        at += random.expovariate(world.outages / MINUTES_A_WEEK)
        if at >= world.minutes:
            return found
        until = at + random.expovariate(1 / MINUTES_AN_OUTAGE)
        found.append((at, until))
        at = until
