"""What a policy made of a world: overspend, underspend, flips, and how late it stopped."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from budgets.simulation.policies import Books

IN_DEMAND = 1.3
"""Underspend is measured where so many times the limit was wanted: less may never fill it."""

PERCENT = 100.0


class PeriodOutcome(NamedTuple):
    """One limit in one period, in micros."""

    limit: int
    spent: int
    wanted: int
    flips: int
    late_minutes: float
    """How long it still ran after its limit was reached in truth."""

    @property
    def over(self) -> int:
        return max(0, self.spent - self.limit)

    @property
    def under(self) -> int:
        return max(0, self.limit - self.spent)


class Meter:
    """Measures one limit in one period while it goes by; spend goes into its books."""

    def __init__(self, start: int, books: Books) -> None:
        self.books = books
        self.flips = 0
        self.ran_until = float(start)
        self.reached_at: float | None = None

    def ran(self, minute: int, share: float, micros: int) -> None:
        """Note what was spent in the first share of a minute."""
        self.books.spent += micros
        self.ran_until = minute + share
        over = self.books.spent - self.books.limit
        if self.reached_at is None and over >= 0 and micros:
            self.reached_at = self.ran_until - share * over / micros

    def outcome(self, *, wanted: int) -> PeriodOutcome:
        reached_at = self.ran_until if self.reached_at is None else self.reached_at
        return PeriodOutcome(
            limit=self.books.limit,
            spent=self.books.spent,
            wanted=wanted,
            flips=self.flips,
            late_minutes=self.ran_until - reached_at,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Accuracy:
    """All outcomes of a policy; money in percent of limits, flips a campaign and day."""

    overspend: float
    overspend_p95: float
    overspend_max: float
    share_over_1: float
    """How many periods of a hundred overran by more than 1 %."""
    underspend: float
    flips: float
    late_minutes: float
    """How long it still ran, on average where the limit was reached."""
    late_minutes_p95: float


def accuracy(outcomes: Sequence[PeriodOutcome], *, days: int) -> Accuracy:
    """Sum up the outcomes of as many periods as there are, each of so many days."""
    overruns = sorted(PERCENT * each.over / each.limit for each in outcomes)
    in_demand = [each for each in outcomes if each.wanted >= IN_DEMAND * each.limit]
    late = sorted(each.late_minutes for each in outcomes if each.spent >= each.limit)
    return Accuracy(
        overspend=share(sum(each.over for each in outcomes), sum(each.limit for each in outcomes)),
        overspend_p95=percentile(overruns, 0.95),
        overspend_max=overruns[-1],
        share_over_1=share(sum(each > 1 for each in overruns), len(overruns)),
        underspend=share(
            sum(each.under for each in in_demand), sum(each.limit for each in in_demand)
        ),
        flips=sum(each.flips for each in outcomes) / len(outcomes) / days,
        late_minutes=sum(late) / len(late) if late else 0.0,
        late_minutes_p95=percentile(late, 0.95),
    )


def share(part: float, whole: float) -> float:
    """Return a part in percent; 0 of nothing."""
    return PERCENT * part / whole if whole else 0.0


def percentile(ordered: Sequence[float], rank: float) -> float:
    """Return the value that the share of all lies at or below; 0 of none."""
    return ordered[min(int(len(ordered) * rank), len(ordered) - 1)] if ordered else 0.0
