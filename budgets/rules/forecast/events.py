"""The rate of a campaign whose spend is reported entry by entry."""

from dataclasses import dataclass
from math import exp, inf, log

from budgets.rules.forecast.rates import FAST, SLOW, SpendRate

FIRST_LAG, SHORTEST_LAG = 5.0, 0.2
FIRST_ENTRIES, ENTRIES_REMEMBERED = 5, 300
LATEST_LAGS = 5


@dataclass(slots=True, kw_only=True)
class EventRate(SpendRate):
    """Of a campaign whose spend comes entry by entry, each some minutes late: `lag` on average.

    A minute of an age has not been reported yet with a chance of `e^(−age/lag)`.
    """

    settled_share = 0.1

    is_on: bool = False
    lag: float = FIRST_LAG
    lag_money: float = 0.0
    """The money that the lag is learned from; older entries count less."""
    unreported: float = 0.0
    """Minutes under way, of all days."""
    before_today: float = 0.0
    """Those of them that are of the days before."""
    fast_unreported: float = 0.0
    slow_unreported: float = 0.0

    def advance(self, at: float) -> None:
        """Carry the sums on to the minute; an earlier one changes nothing."""
        passed = at - self.at
        if passed <= 0:
            return
        late, fast, slow = exp(-passed / self.lag), exp(-passed / FAST), exp(-passed / SLOW)
        self.fast_money *= fast
        self.slow_money *= slow
        self.unreported *= late
        self.before_today *= late
        self.fast_minutes *= fast
        self.slow_minutes *= slow
        self.fast_unreported *= fast * late
        self.slow_unreported *= slow * late
        if self.is_on:
            self.unreported += (1 - late) * self.lag
            self.fast_minutes += (1 - fast) * FAST
            self.slow_minutes += (1 - slow) * SLOW
            self.fast_unreported += (1 - fast * late) / (1 / FAST + 1 / self.lag)
            self.slow_unreported += (1 - slow * late) / (1 / SLOW + 1 / self.lag)
        self.at = at

    def switch(self, at: float, *, is_on: bool) -> None:
        self.advance(at)
        self.is_on = is_on

    def begin_day(self, at: float) -> None:
        self.advance(at)
        self.day_began_at = at
        self.before_today = self.unreported

    def hear(self, money: float, *, occurred_at: float, arrived_at: float) -> None:
        """Take in an entry; what arrived before the last one counts as of now."""
        self.advance(arrived_at)
        self.learn_lag(abs(money), arrived_at - occurred_at)
        age = self.at - occurred_at
        self.fast_money += money * exp(-age / FAST)
        self.slow_money += money * exp(-age / SLOW)

    def learn_lag(self, money: float, minutes: float) -> None:
        """Take in how late some money came, in the mean of all money.

        What comes much later than others is a correction: it counts as late as it may for others.
        """
        self.lag_money = self.lag_money * (1 - 1 / ENTRIES_REMEMBERED) + money
        weight = money / (self.lag_money + FIRST_ENTRIES * money) if money else 0.0
        late = min(minutes, LATEST_LAGS * self.lag)
        self.lag = max(self.lag + weight * (late - self.lag), SHORTEST_LAG)

    def under_way(self, at: float, *, of_today: bool = True) -> float:
        self.advance(at)
        return self.unreported - self.before_today if of_today else self.unreported

    def minutes_until(self, wanted: float, under_way: float) -> float:
        if under_way <= wanted:
            return 0.0
        return self.lag * log(under_way / wanted) if wanted > 0 else inf

    def reported_minutes(self) -> tuple[float, float]:
        return self.fast_minutes - self.fast_unreported, self.slow_minutes - self.slow_unreported
