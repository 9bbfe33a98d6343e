"""What a second worker gains when a check is split into shards.

script/bench shards --campaigns 1m --workers 2

Beside the clock stands what is left of it without the time in which a worker, or its session at
the server, was ready and had no core: what it would be where others leave the machine alone. What
shards wait for each other stays in it.
"""

import os
from argparse import ArgumentParser
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from multiprocessing import Manager, get_context
from pathlib import Path
from statistics import median
from threading import Barrier
from time import monotonic
from typing import NamedTuple

from django.db import connection

from benchmarks.world.measure import note
from benchmarks.world.scratch import in_a_process, scratch_database
from benchmarks.world.seed import Size, seed, tidy
from benchmarks.world.sizes import size_of
from budgets.operations.reconcile import reconcile
from budgets.operations.reconcile.decision_input import Shard
from budgets.operations.reconcile.transitions import reconcile_shard

NOW = datetime(2026, 3, 18, 18, 14, tzinfo=UTC)


class Spent(NamedTuple):
    """The seconds that a check took, and those of them in which nobody was short of a core."""

    seconds: float
    without_queue: float


Pair = tuple[Spent, Spent]
"""One worker alone, and all together."""

HOLDS = "UPDATE budgets_campaign SET is_held = NOT is_held WHERE id % 100 = {turn}"


def main() -> None:
    """Check everything with one worker and with several, in turns, and print the ratio."""
    parser = ArgumentParser(prog="script/bench shards", description=__doc__)
    parser.add_argument("--campaigns", default="1m", help="default: %(default)s")
    parser.add_argument("--workers", type=int, default=2, help="default: %(default)s")
    parser.add_argument("--turns", type=int, default=5, help="default: %(default)s")
    asked = parser.parse_args()
    with scratch_database("postgres"):
        in_a_process(prepare, size_of(asked.campaigns))
        times = together_and_alone(asked.workers, asked.turns)
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    for name, pairs in times.items():
        print_gain(f"{name}, by the clock", pairs, lambda spent: spent.seconds)
        print_gain(f"{name}, without waiting for a core", pairs, lambda spent: spent.without_queue)


def print_gain(name: str, pairs: Sequence[Pair], measure: Callable[[Spent], float]) -> None:
    """Print how much faster all are than one: the median of the turns, least and most."""
    alone, together = ([measure(spent) for spent in each] for each in zip(*pairs, strict=True))
    ratios = sorted(one / several for one, several in zip(alone, together, strict=True))
    print(
        f"{name}: {median(alone):.2f} s alone, {median(together):.2f} s together: "
        f"{median(ratios):.2f} times as fast ({ratios[0]:.2f}-{ratios[-1]:.2f})"
    )


def prepare(campaigns: int) -> None:
    """Make an agency in which all is decided."""
    note(f"seeding {campaigns:,} campaigns")
    seed(Size(campaigns=campaigns), now=NOW)
    reconcile(now=NOW)
    tidy()


def together_and_alone(workers: int, turns: int) -> dict[str, list[Pair]]:
    """Return what one worker and all together need, turn by turn."""
    context = get_context("spawn")
    with Manager() as manager, ProcessPoolExecutor(workers, mp_context=context) as pool:
        start = manager.Barrier(workers)

        def check(of: int) -> Spent:
            parts = [pool.submit(one_part, number, of, start) for number in range(workers)]
            spent = [part.result() for part in parts]
            return Spent(max(s for s, _ in spent), max(w for _, w in spent))

        return {
            "nothing changes": in_turns(check, workers, turns, lambda _turn: None),
            "1 % changes": in_turns(check, workers, turns, hold_some_in_a_process),
        }


def in_turns(
    check: Callable[[int], Spent], workers: int, turns: int, before: Callable[[int], None]
) -> list[Pair]:
    """Time a check by one and by all, after one of each that does not count."""
    pairs = []
    for turn in range(turns + 1):
        before(2 * turn)
        alone = check(1)
        before(2 * turn + 1)
        pairs.append((alone, check(workers)))
    return pairs[1:]


def one_part(number: int, of: int, start: Barrier) -> Spent:
    """Wait for the others and check a shard; whoever has none leaves it to the first."""
    connection.ensure_connection()
    processes = ("self", str(connection.connection.info.backend_pid))
    start.wait(timeout=300)
    if number >= of:
        return Spent(0, 0)
    begin, queued = monotonic(), sum(map(queue_seconds, processes))
    reconcile_shard(now=NOW, shard=Shard(number=number, of=of))
    seconds = monotonic() - begin
    return Spent(seconds, seconds - sum(map(queue_seconds, processes)) + queued)


def queue_seconds(process: str) -> float:
    """Return how long a process was ready and had no core; 0 where the system does not tell."""
    told = Path(f"/proc/{process}/schedstat")
    return int(told.read_text().split()[1]) / 1e9 if told.exists() else 0


def hold_some_in_a_process(turn: int) -> None:
    in_a_process(hold_some, turn)


def hold_some(turn: int) -> None:
    """Give one campaign in a hundred something to change, and clear away the dead rows."""
    with connection.cursor() as cursor:
        cursor.execute(HOLDS.format(turn=turn))
    tidy("budgets_campaign", "budgets_change")


if __name__ == "__main__":
    main()
