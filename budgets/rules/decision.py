"""The business in one place: which reasons does a campaign have to be paused?

`decide()` is the statement people read; `operations/reconcile/decision_sql.py` holds the same
rules as SQL for a million rows, and a property test keeps the two equal.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from budgets.rules.dated import DatedAmount, in_force
from budgets.rules.hours import WeekHours
from budgets.rules.reasons import NO_REASON, PauseReason
from budgets.rules.rollover import NO_ROLLOVER, RolloverRule, limit_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Spend of one period beside its budget, both in micros; no budget means no limit."""

    spent_micros: int
    budget_micros: int | None
    dated: Sequence[DatedAmount] = ()
    """The budgets that were and will be in force, where any was dated."""
    carried_micros: int = 0
    """What the month before handed to a brand's month, below 0 where it takes from it."""
    rollover: RolloverRule = NO_ROLLOVER

    @property
    def limit_micros(self) -> int | None:
        """The budget with what was handed to it."""
        return limit_of(self.budget_micros, self.carried_micros)

    @property
    def is_reached(self) -> bool:
        """R1: exactly at the limit is reached. A limit of 0 always is, even after a credit."""
        if self.limit_micros is None:
            return False
        return self.spent_micros >= self.limit_micros or self.limit_micros == 0

    def on(self, day: date) -> "Figures":
        """Return the same spend beside the budget in force on another local day."""
        found = in_force(self.dated, day)
        return self if found is None else replace(self, budget_micros=found.micros)

    def handed_on(self) -> "Figures":
        """Return the figures of the next period, in which nothing was spent yet."""
        handed = self.rollover.hands_on(
            budget=self.budget_micros, carried=self.carried_micros, spent=self.spent_micros
        )
        return replace(self, spent_micros=0, carried_micros=handed)


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """All that a decision about one campaign depends on, at one instant.

    Figures are those of the brand's current local day and month.
    """

    is_held: bool
    brand_is_held: bool
    starts_on: date | None
    ends_on: date | None
    hours: WeekHours | None
    daily: Figures
    monthly: Figures
    brand_daily: Figures
    brand_monthly: Figures
    feed_is_silent: bool = False
    """Whether its spend was not seen for longer than its brand allows."""


def decide(facts: Facts, *, today: date, slot: int) -> PauseReason:
    """Return every reason to pause; none means the campaign runs.

    `today` is the brand's local date and `slot` the quarter hour of its local week, 0 to 671.
    """
    causes = {
        PauseReason.HELD: facts.is_held,
        PauseReason.BRAND_HELD: facts.brand_is_held,
        PauseReason.OUTSIDE_FLIGHT: not is_in_flight(facts.starts_on, facts.ends_on, today),
        PauseReason.OUTSIDE_SCHEDULE: facts.hours is not None
        and not facts.hours.is_open(slot, today),
        PauseReason.DAILY_BUDGET: facts.daily.is_reached,
        PauseReason.MONTHLY_BUDGET: facts.monthly.is_reached,
        PauseReason.BRAND_DAILY_BUDGET: facts.brand_daily.is_reached,
        PauseReason.BRAND_MONTHLY_BUDGET: facts.brand_monthly.is_reached,
        PauseReason.FEED_SILENT: facts.feed_is_silent,
    }
    reasons = NO_REASON
    for reason, applies in causes.items():
        if applies:
            reasons |= reason
    return reasons


def is_in_flight(starts_on: date | None, ends_on: date | None, today: date) -> bool:
    """Return whether the date lies in the flight; both ends count, an open end never limits."""
    return (starts_on is None or starts_on <= today) and (ends_on is None or today <= ends_on)
