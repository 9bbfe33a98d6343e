"""How fast platforms are read and told: totals a second, and how long a stop takes to be confirmed.

script/bench platforms --database both --totals 3m
"""

from argparse import ArgumentParser, Namespace
from collections.abc import Iterator

from benchmarks.world.measure import brief, note, print_table
from benchmarks.world.reading import read_accounts
from benchmarks.world.scratch import DATABASES, in_a_process, scratch_database
from benchmarks.world.sizes import size_of
from benchmarks.world.telling import LATENCY_MS, delays, prepare, processes

MOST_SECONDS = 2.0
LEAST_A_SECOND = 100_000

EXPLANATION = f"""
Reading: totals of four days of accounts with a thousand linked campaigns each, one account after
the other; the platform answers at once. "times" is how many times as fast as the first reading,
which books every total.
Telling: real worker and broker, the mock platform at {LATENCY_MS} ms a call, ten accounts. Ingests
stop campaigns one after the other while checks of all of them run half a second apart; from
decision to confirmation.
"""


def main() -> None:
    """Measure every database; say at the end what does not hold."""
    asked = arguments()
    print(EXPLANATION.rstrip())
    failed = [
        line
        for database in (DATABASES if asked.database == "both" else (asked.database,))
        for line in (*reading(database, asked), *telling(database, asked))
    ]
    print("\n" + ("\n".join(failed) or "Everything holds."))


def arguments() -> Namespace:
    """Read the command line."""
    parser = ArgumentParser(prog="script/bench platforms", description=__doc__)
    parser.add_argument("--database", choices=[*DATABASES, "both"], default="both")
    parser.add_argument("--totals", type=size_of, default=3_000_000, help="such as 300k")
    parser.add_argument("--campaigns", type=size_of, default=10_000, help="that are linked")
    parser.add_argument("--stops", type=int, default=300, help="default: %(default)s")
    return parser.parse_args()


def reading(database: str, asked: Namespace) -> Iterator[str]:
    """Time three readings of one account and print them."""
    note(f"{database}: reading {asked.totals:,} totals three times")
    with scratch_database(database):
        speeds = in_a_process(read_accounts, asked.totals)
    first = speeds["every total is news"]
    rows = [(name, brief(each), brief(each / first)) for name, each in speeds.items()]
    print_table(f"Reading {asked.totals:,} totals, {database}", ("", "totals/s", "times"), rows)
    unchanged = speeds["none moved"]
    if unchanged < LEAST_A_SECOND:
        yield f"DOES NOT HOLD, {database}: {brief(unchanged)} unchanged totals a second."


def telling(database: str, asked: Namespace) -> Iterator[str]:
    """Time stops from their decision to their confirmation and print the distribution."""
    note(f"{database}: stopping {asked.stops} of {asked.campaigns:,} linked campaigns")
    with scratch_database(database):
        in_a_process(prepare, asked.campaigns)
        with processes():
            seconds = in_a_process(delays, asked.stops)
    found = {"median": 50, "99 %": 99, "longest": 100}
    at = {
        name: seconds[max(0, -(-len(seconds) * share // 100) - 1)] for name, share in found.items()
    }
    rows = [(name, brief(each)) for name, each in at.items()]
    rows.append(("confirmed", f"{len(seconds)} of {asked.stops}"))
    print_table(f"From decision to confirmation, {database}", ("", "seconds"), rows)
    if at["99 %"] > MOST_SECONDS or len(seconds) < asked.stops:
        yield f"DOES NOT HOLD, {database}: 99 % are confirmed within {brief(at['99 %'])} s."


if __name__ == "__main__":
    main()
