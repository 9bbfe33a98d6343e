"""The rate of a campaign whose spend is reported as the total of a day."""

from dataclasses import dataclass, field
from math import exp, inf

from budgets.rules.forecast.rates import FAST, SLOW, SpendRate


@dataclass(slots=True, kw_only=True)
class TotalRate(SpendRate):
    """Of a campaign whose spend comes as a total of the day, as it was known at an instant: `at`.

    Every minute delivered since then is under way.
    """

    settled_share = 0.05

    delivered: list[tuple[float, float]] = field(default_factory=list)
    """When it delivered since `at`, oldest first; the last span has no end while it does."""

    def switch(self, at: float, *, is_on: bool) -> None:
        has_end = not self.delivered or self.delivered[-1][1] < inf
        if is_on and has_end:
            self.delivered.append((at, inf))
        elif not is_on and not has_end:
            self.delivered[-1] = (self.delivered[-1][0], at)

    def begin_day(self, at: float) -> None:
        self.day_began_at = at

    def hear(self, money: float, *, as_of: float) -> None:
        """Take in what was spent more than at the last report; an older one changes nothing.

        It is taken to be spent evenly over the minutes delivered in between.
        """
        if as_of <= self.at:
            return
        spans = [(max(start, self.at), min(end, as_of)) for start, end in self.delivered]
        spans = [(start, end) for start, end in spans if start < end]
        minutes = sum(end - start for start, end in spans)
        fast = sum(weight(start, end, as_of, FAST) for start, end in spans)
        slow = sum(weight(start, end, as_of, SLOW) for start, end in spans)
        passed = as_of - self.at
        of_fast, of_slow = exp(-passed / FAST), exp(-passed / SLOW)
        # What comes although nothing was delivered was spent before the last report.
        self.fast_money = self.fast_money * of_fast + money * (
            fast / minutes if minutes else of_fast
        )
        self.slow_money = self.slow_money * of_slow + money * (
            slow / minutes if minutes else of_slow
        )
        self.fast_minutes = self.fast_minutes * of_fast + fast
        self.slow_minutes = self.slow_minutes * of_slow + slow
        self.delivered = [span for span in self.delivered if span[1] > as_of]
        self.at = as_of

    def under_way(self, at: float, *, of_today: bool = True) -> float:
        since = max(self.at, self.day_began_at) if of_today else self.at
        spans = ((max(start, since), min(end, at)) for start, end in self.delivered)
        return sum(max(0.0, end - start) for start, end in spans)

    def minutes_until(self, wanted: float, under_way: float) -> float:
        return 0.0 if under_way <= wanted else inf


def weight(start: float, end: float, at: float, minutes: float) -> float:
    """Return the sum of `e^(−age/minutes)` over the minutes from `start` to `end`, seen at `at`."""
    return minutes * (exp((end - at) / minutes) - exp((start - at) / minutes))
