"""Rehearse a world on the rules alone: run a policy through it, minute by minute."""

from collections.abc import Callable, Iterator, Sequence

from budgets.simulation.feeds import reporting
from budgets.simulation.outcome import Meter, PeriodOutcome
from budgets.simulation.policies import Books, Policy
from budgets.simulation.world import MINUTES_A_DAY, World

Watch = Callable[[int, Books], None]
"""Is shown the books as each minute begins."""


def rehearse(
    world: World,
    number: int,
    demand: Sequence[Sequence[int]],
    kind: type[Policy],
    *,
    watch: Watch | None = None,
) -> Iterator[PeriodOutcome]:
    """Run a policy for one limit of the world; yield what came of each period.

    `demand` is the world's, in micros: each campaign's, minute by minute.
    """
    books = Books(world.budget)
    policy, reports = kind(world, books), reporting(world, number)
    by_minute = list(zip(*demand, strict=True))
    for start in range(0, world.minutes, world.minutes_a_period):
        books.spent = books.reported = 0
        meter = Meter(start, books)
        end = start + world.minutes_a_period
        for minute in range(start, end):
            if minute % MINUTES_A_DAY == 0:
                policy.begin_day(minute)
            arrived = reports.arriving(minute)
            for report in arrived:
                policy.hear(report, minute)
                if report.spent_at > start:
                    books.reported += report.micros
            if watch is not None:
                watch(minute, books)
            was_on = policy.is_on
            share = policy.share_to_run(minute, has_news=bool(arrived))
            meter.flips += (was_on != (share > 0)) + (0 < share < 1)
            if share:
                amounts = spent_in(by_minute[minute], share)
                reports.spend(minute, share, amounts)
                meter.ran(minute, share, sum(amounts))
        yield meter.outcome(wanted=sum(map(sum, by_minute[start:end])))


def spent_in(wanted: Sequence[int], share: float) -> Sequence[int]:
    """Return what is spent of a minute's demand by what runs for a share of it."""
    return wanted if share == 1 else [int(micros * share) for micros in wanted]
