"""The world that is rehearsed: who wants to spend how much, minute by minute, from a seed.

Money is in micros, time in minutes since the world began. The same seed gives the same world for
every policy.
"""

from dataclasses import dataclass
from enum import StrEnum
from math import exp, log, pi, sin
from random import Random

MINUTES_A_DAY = 1440
DAYS_A_WEEK = 7
MOST_CAMPAIGNS, MOST_DAYS = 100_000, 31
BUDGET_A_CAMPAIGN_DAY = 100_000_000


class Feed(StrEnum):
    """How spend is reported."""

    MINUTE = "60s"
    QUARTER = "15min"
    HOURLY = "hourly"


class Scope(StrEnum):
    """Whose limit it is."""

    CAMPAIGN = "campaign"
    BRAND = "brand"


class Span(StrEnum):
    """What the limit is for: a day, or the whole world as a month."""

    DAY = "day"
    MONTH = "month"


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """A world: its size, how its spend is reported, and what is limited."""

    seed: int = 1
    campaigns: int = 400
    days: int = 7
    feed: Feed = Feed.HOURLY
    scope: Scope = Scope.CAMPAIGN
    span: Span = Span.DAY
    campaigns_a_brand: int = 10
    least_demand: float = 0.5
    most_demand: float = 20.0
    """What is wanted of a limit, from least to most; as many below the middle ratio as above."""
    restated: float = 0.0
    """The share of spend that is reported a day late, as a correction."""
    outages: float = 0.0
    """How often a week nothing is reported for a while: two hours on average."""

    @property
    def minutes(self) -> int:
        return self.days * MINUTES_A_DAY

    @property
    def minutes_a_period(self) -> int:
        return MINUTES_A_DAY * self.days_a_period

    @property
    def campaigns_a_limit(self) -> int:
        return 1 if self.scope == Scope.CAMPAIGN else self.campaigns_a_brand

    @property
    def limits(self) -> int:
        return self.campaigns // self.campaigns_a_limit

    @property
    def days_a_period(self) -> int:
        return 1 if self.span == Span.DAY else self.days

    @property
    def budget(self) -> int:
        """The limit of a period, in micros."""
        return BUDGET_A_CAMPAIGN_DAY * self.campaigns_a_limit * self.days_a_period

    def random(self, number: int, what: str) -> Random:
        """Return the random numbers for one use in what belongs to one limit."""
        return Random(f"{self.seed} {number} {what}")

    def demand(self, number: int) -> list[list[int]]:
        """Return what each campaign of the limit would spend in each minute if it always ran."""
        random = self.random(number, "demand")
        times_budget = exp(random.uniform(log(self.least_demand), log(self.most_demand)))
        sizes = [random.gammavariate(2, 1) for _ in range(self.campaigns_a_limit)]
        a_day = times_budget * self.budget / self.days_a_period
        return [demand_of_campaign(a_day * size / sum(sizes), self.days, random) for size in sizes]


def demand_of_campaign(a_day: float, days: int, random: Random) -> list[int]:
    """Return a campaign's demand of each minute; `a_day` is what an average day of it wants.

    Days swing around a peak hour, weekdays differ, some minutes want several times the usual, and
    every minute has noise with a heavy tail.
    """
    phase, swing = random.uniform(0, 2 * pi), random.uniform(0.2, 0.6)
    curve = [1 + swing * sin(2 * pi * m / MINUTES_A_DAY + phase) for m in range(MINUTES_A_DAY)]
    weekdays = [random.uniform(0.8, 1.2) for _ in range(DAYS_A_WEEK)]
    demand: list[int] = []
    for day in range(days):
        today = list(curve)
        for _ in range(random.randint(0, 2)):
            start, times = random.randrange(MINUTES_A_DAY), random.uniform(3, 5)
            for minute in range(start, min(start + random.randint(10, 30), MINUTES_A_DAY)):
                today[minute] *= times
        noisy = [wanted * random.lognormvariate(0, 0.5) for wanted in today]
        scale = a_day * weekdays[day % DAYS_A_WEEK] / sum(noisy)
        demand += [int(wanted * scale) for wanted in noisy]
    return demand
