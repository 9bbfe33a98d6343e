"""Until when may a campaign run whose spend is reported late?

Stopped when its reported spend reaches a limit, it has overrun already: what it spent since then is
under way. So it is stopped where the overshoot to expect would pass a small share of the limit.
Estimates are floats, of which none ever enters a total; money and minutes as in `rates`.
"""

from collections.abc import Sequence
from math import erfc, exp, inf, pi, sqrt
from typing import NamedTuple

from budgets.rules.forecast.rates import Rate, SpendRate

MOST_OVERSHOOT = 0.0004
"""The share of a limit by which a campaign may overrun it, as expected on average."""

LEAST_RUN = 0.001
"""A stopped campaign starts for no less than this share of its limit."""

WORTH_A_START = 0.6
"""And only where this share of what is left may be spent, or little is under way."""

SHORTEST_RUN_MINUTES = 1 / 6
STEPS = 16


class Limit(NamedTuple):
    """A limit, what is left of it by the reports, and the minutes under way in its period."""

    amount: float
    room: float
    under_way: float


class Prediction(NamedTuple):
    """In how many minutes to stop, or to start, if nothing more is heard; `inf`: never."""

    stops_in: float
    starts_in: float


def predict(limits: Sequence[Limit], spending: SpendRate, rate: Rate) -> Prediction:
    """Say in how many minutes of delivery to stop; and, once stopped now, in how many to start.

    The strictest limit counts. A start is due where `starts_in` is 0.
    """
    stops_in, starts_in = inf, 0.0
    for limit in limits:
        most = most_under_way(limit, rate)
        stops_in = min(stops_in, most - limit.under_way)
        enough = enough_to_start(limit, rate, most, spending.settled_share)
        starts_in = max(starts_in, spending.minutes_until(enough, limit.under_way))
    return Prediction(max(0.0, stops_in), starts_in)


def most_under_way(limit: Limit, rate: Rate) -> float:
    """Return how many minutes may be under way for the expected overshoot to stay bounded.

    `inf` where nothing is spent. The overshoot grows with the minutes, so halving finds them.
    """
    if limit.room <= 0:
        return 0.0
    if rate.per_minute <= 0:
        return inf
    allowed = MOST_OVERSHOOT * limit.amount
    low, high = 0.0, 2 * limit.room / rate.per_minute
    for _ in range(STEPS):
        middle = (low + high) / 2
        if expected_overshoot(limit.room, rate, middle) <= allowed:
            low = middle
        else:
            high = middle
    return low


def expected_overshoot(room: float, rate: Rate, minutes: float) -> float:
    """Return by how much that many minutes overrun what is left, on average.

    What they spend is taken as normal around the rate, wide where few minutes are behind it; the
    first part is the mean excess of a normal variable, the second what bursts add.
    """
    mean = rate.per_minute * minutes
    if mean <= 0:
        return 0.0
    variance = 0.05 + 0.3 / (minutes + 0.5) + 0.3 / (rate.minutes + 1)
    deviation = mean * sqrt(variance / rate.campaigns)
    z = (room - mean) / deviation
    excess = deviation * (exp(-z * z / 2) / sqrt(2 * pi) - z * erfc(z / sqrt(2)) / 2)
    return excess + 0.02 * max(0.0, 3 * mean - room)


def enough_to_start(limit: Limit, rate: Rate, most: float, settled_share: float) -> float:
    """Return how few minutes must be under way for a stopped campaign to start; below 0: never."""
    if limit.room <= 0:
        return -1.0
    if rate.per_minute <= 0:
        return inf
    left = limit.room / rate.per_minute
    worth_it = max(most - WORTH_A_START * left, settled_share * left)
    return min(most - LEAST_RUN * limit.amount / rate.per_minute, worth_it)
