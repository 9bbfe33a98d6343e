"""The policy that reckons what is under way: `rules.forecast` in the simulated world."""

from budgets.rules.forecast.events import EventRate
from budgets.rules.forecast.prediction import SHORTEST_RUN_MINUTES, Limit, predict
from budgets.rules.forecast.rates import SpendRate, first_guess, together
from budgets.rules.forecast.totals import TotalRate
from budgets.simulation.feeds import Report
from budgets.simulation.policies import Books, Policy
from budgets.simulation.world import Feed, Span, World

LOOK_AGAIN_AT = 0.05
"""A running campaign is reckoned anew when so much of what was left has been reported."""


class Forecast(Policy):
    """Stops, to the second, where what is under way may overrun the limit."""

    name, words = "forecast", "reckons what is under way"

    def __init__(self, world: World, books: Books) -> None:
        super().__init__(world, books)
        self.is_daily = world.span == Span.DAY
        guess = first_guess(books.limit / world.days_a_period)
        kind = TotalRate if world.feed == Feed.HOURLY else EventRate
        number = world.campaigns_a_limit
        self.rates: list[SpendRate] = [kind(at=0, guess=guess / number) for _ in range(number)]
        self.unheard: list[tuple[Report, int]] = []
        self.stops_at = self.looks_at = self.looks_at_spend = 0.0
        self.switch(0, is_on=True)

    def begin_day(self, minute: int) -> None:
        self.take_in()
        for rate in self.rates:
            rate.begin_day(minute)
        self.looks_at = minute

    def hear(self, report: Report, minute: int) -> None:
        self.unheard.append((report, minute))

    def share_to_run(self, minute: int, *, has_news: bool) -> float:
        is_near = not self.is_on or self.books.reported >= self.looks_at_spend
        if minute >= self.looks_at or (has_news and is_near):
            self.look(minute)
        if not self.is_on or self.stops_at >= minute + 1:
            return float(self.is_on)
        self.switch(self.stops_at, is_on=False)
        self.looks_at = minute + 1
        return self.stops_at - minute

    def look(self, minute: int) -> None:
        """Reckon anew when to stop or to run again."""
        self.take_in()
        books = self.books
        rate, under_way, slowest = together(self.rates, minute, of_today=self.is_daily)
        limit = Limit(books.limit, books.limit - books.reported, under_way)
        found = predict([limit], slowest, rate)
        if self.is_on and found.stops_in <= 0:
            self.switch(minute, is_on=False)
        elif not self.is_on and found.starts_in <= 0:
            self.switch(minute, is_on=True)
        self.stops_at = minute + max(found.stops_in, SHORTEST_RUN_MINUTES)
        next_look = self.stops_at - 1 if self.is_on else minute + found.starts_in
        self.looks_at = max(next_look, minute + 1)
        self.looks_at_spend = books.reported + LOOK_AGAIN_AT * limit.room

    def take_in(self) -> None:
        """Take in what was reported since it last looked."""
        for report, arrived_at in self.unheard:
            rate = self.rates[report.campaign]
            if isinstance(rate, EventRate):
                rate.hear(report.micros, occurred_at=report.spent_at, arrived_at=arrived_at)
            elif isinstance(rate, TotalRate):
                rate.hear(report.micros, as_of=report.as_of)
        self.unheard.clear()

    def switch(self, minute: float, *, is_on: bool) -> None:
        self.is_on = is_on
        for rate in self.rates:
            rate.switch(minute, is_on=is_on)
