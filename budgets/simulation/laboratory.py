"""The laboratory: policies side by side in worlds that differ in one thing at a time."""

import os
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from itertools import product
from multiprocessing import get_context

from budgets.simulation.forecast_policy import Forecast
from budgets.simulation.outcome import Accuracy, PeriodOutcome, accuracy
from budgets.simulation.policies import EveryIngest, EveryTenMinutes, Oracle, Policy
from budgets.simulation.rehearsal import rehearse
from budgets.simulation.world import World

POLICIES: dict[str, type[Policy]] = {
    policy.name: policy for policy in (EveryTenMinutes, EveryIngest, Forecast, Oracle)
}

OPERATIONS = "operations"
"""The product itself, where it was run as well."""

Progress = Callable[[float], None]
"""Is told how much is done, from 0 to 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What each policy made of one kind of world, over all its seeds."""

    world: World
    """The world of the first seed."""
    accuracy: dict[str, Accuracy]


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """One limit of one world, for one process."""

    world: World
    number: int
    policies: Sequence[str]

    def run(self) -> dict[str, list[PeriodOutcome]]:
        demand = self.world.demand(self.number)
        return {
            name: list(rehearse(self.world, self.number, demand, POLICIES[name]))
            for name in self.policies
        }


def compare(
    worlds: Sequence[World],
    policies: Sequence[str],
    *,
    seeds: Sequence[int],
    progress: Progress = lambda _: None,
) -> Iterator[Finding]:
    """Run the policies through each of the worlds with each seed; yield world by world.

    Limits are shared out among all cores. The same seeds give the same figures.
    """
    all_work = [
        [
            Rehearsal(replace(world, seed=seed), number, policies)
            for seed, number in product(seeds, range(world.limits))
        ]
        for world in worlds
    ]
    done, to_do = 0, sum(map(len, all_work))
    # Spawned: they need nothing of this process, which may have threads and connections.
    with ProcessPoolExecutor(os.cpu_count(), mp_context=get_context("spawn")) as pool:
        for world, work in zip(worlds, all_work, strict=True):
            outcomes: dict[str, list[PeriodOutcome]] = defaultdict(list)
            for found in pool.map(Rehearsal.run, work, chunksize=4):
                for name, periods in found.items():
                    outcomes[name] += periods
                done += 1
                progress(done / to_do)
            yield finding(world, outcomes)


def finding(world: World, outcomes: dict[str, list[PeriodOutcome]]) -> Finding:
    """Sum up what each policy made of a world."""
    days = world.days_a_period
    return Finding(
        world=world,
        accuracy={name: accuracy(periods, days=days) for name, periods in outcomes.items()},
    )
