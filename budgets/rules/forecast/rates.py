"""How fast a campaign spends, and for how long it has delivered without a report.

What comes in is in minutes on one scale, such as minutes since 1970, and in money on one scale,
such as micros. These are estimates: floats, of which none ever enters a total.
"""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from math import inf
from typing import ClassVar, NamedTuple

FAST, SLOW = 30.0, 720.0
"""For how many minutes what was seen counts: in the rate now, and in the usual one."""

OF_THE_SLOW = 3.0
"""As many minutes of the usual rate are part of the rate now, and of a first guess of the usual."""

GUESS_TIMES_BUDGET = 10
"""A campaign of which nothing is known may spend ten times its budget a day."""


class Rate(NamedTuple):
    """Money per delivered minute; `minutes` are the reported ones that it rests on."""

    per_minute: float
    minutes: float
    campaigns: float = 1.0
    """How many campaigns of one size spend it: the more, the less does a burst of one matter."""


def first_guess(daily_limit: float) -> float:
    """Return the money per minute of a campaign of which nothing is known; it errs on the dear."""
    return GUESS_TIMES_BUDGET * daily_limit / 1440


@dataclass(slots=True, kw_only=True)
class SpendRate(ABC):
    """Running sums of what one campaign delivered and of what was reported of it.

    Each weighs what is of an age by `e^(−age/T)`, with the T of the fast or of the slow rate, so
    that one multiplication carries it on. They hold for the minute `at`.
    """

    settled_share: ClassVar[float]
    """So much of what is left may be under way where a stopped campaign starts in any case."""

    at: float
    guess: float
    """Money per minute to begin with."""
    day_began_at: float = -inf
    fast_money: float = 0.0
    slow_money: float = 0.0
    fast_minutes: float = 0.0
    slow_minutes: float = 0.0

    @abstractmethod
    def switch(self, at: float, *, is_on: bool) -> None:
        """Note that the campaign begins to deliver, or ends, at the minute."""

    @abstractmethod
    def begin_day(self, at: float) -> None:
        """Note that a day begins: what is under way by now is of the days before."""

    @abstractmethod
    def under_way(self, at: float, *, of_today: bool = True) -> float:
        """Return how many minutes were delivered, today or in all, without a report by `at`."""

    @abstractmethod
    def minutes_until(self, wanted: float, under_way: float) -> float:
        """Return in how many minutes without delivery so few are under way; `inf`: never."""

    def rate(self) -> Rate:
        """Return what is spent per delivered minute."""
        fast, slow = self.reported_minutes()
        usual = (self.slow_money + OF_THE_SLOW * self.guess) / (slow + OF_THE_SLOW)
        money = self.fast_money + OF_THE_SLOW * usual
        return Rate(max(0.0, money) / (fast + OF_THE_SLOW), fast)

    def reported_minutes(self) -> tuple[float, float]:
        """Return the delivered minutes that were reported, as the fast and the slow rate weigh."""
        return self.fast_minutes, self.slow_minutes


def together(
    rates: Sequence[SpendRate], at: float, *, of_today: bool = True
) -> tuple[Rate, float, SpendRate]:
    """Return the rate of campaigns that share a limit, their minutes under way, and the slowest.

    The minutes are those that would spend as much at the rate of all as is under way. The slowest
    one is last to be settled; it says when all are.
    """
    # In this order: it carries the sums on to the minute.
    minutes_of = [rate.under_way(at, of_today=of_today) for rate in rates]
    each = [(rate.rate(), minutes) for rate, minutes in zip(rates, minutes_of, strict=True)]
    per_minute = sum(rate.per_minute for rate, _ in each)
    slowest = max(rates, key=lambda rate: rate.minutes_until(1, 2))
    if per_minute <= 0:
        return Rate(0.0, 0.0), max(minutes_of), slowest
    under_way = sum(rate.per_minute * minutes for rate, minutes in each) / per_minute
    minutes = sum(rate.per_minute * rate.minutes for rate, _ in each) / per_minute
    campaigns = per_minute**2 / sum(rate.per_minute**2 for rate, _ in each)
    return Rate(per_minute, minutes, campaigns), under_way, slowest
