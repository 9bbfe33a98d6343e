"""What a check of all campaigns costs, from a thousand of them to a million.

script/bench million --sizes 1k,10k,100k,1m --database both
"""

from argparse import ArgumentParser
from dataclasses import dataclass

from benchmarks.world.checks import Result, measure, peak_of_a_check
from benchmarks.world.measure import Times, brief, print_table
from benchmarks.world.scratch import DATABASES, in_a_process, scratch_database
from benchmarks.world.sizes import size_of

EXPLANATION = """
Each time as a ratio to "scan", a pass over the campaigns that reads every column the decision
needs, in one process; median of the turns, least and most in brackets. "limit" is the decision
alone as one SELECT that writes nothing. "naive" is a loop through the ORM that reads, decides and
saves each campaign; ~ where it is extrapolated from 10,000 campaigns. A change is written with its
audit row. "dirty" and "one brand" also stand beside the check of all brands, as 1/n.
"""


@dataclass(frozen=True, slots=True)
class Run:
    """The results of one size on one database."""

    database: str
    campaigns: int
    result: Result
    peak_megabytes: float


def main() -> None:
    """Measure every size on every database and print one table."""
    parser = ArgumentParser(prog="script/bench million", description=__doc__)
    parser.add_argument("--sizes", default="1k,10k,100k,1m", help="default: %(default)s")
    parser.add_argument("--database", choices=[*DATABASES, "both"], default="both")
    parser.add_argument("--turns", type=int, default=5, help="default: %(default)s")
    asked = parser.parse_args()
    databases = DATABASES if asked.database == "both" else (asked.database,)
    runs = []
    for database in databases:
        for size in map(size_of, asked.sizes.split(",")):
            with scratch_database(database):
                result = in_a_process(measure, size, asked.turns)
                runs.append(Run(database, size, result, in_a_process(peak_of_a_check)))
    print_runs(runs)


def print_runs(runs: list[Run]) -> None:
    """Print a column a run."""
    naive_a_campaign = {
        run.database: run.result.naive_seconds / run.campaigns
        for run in runs
        if run.result.naive_seconds is not None
    }
    columns = [column(run, naive_a_campaign.get(run.database)) for run in runs]
    rows = [(name, *(each[name] for each in columns)) for name in columns[0]]
    heads = [f"{run.database} {run.campaigns:,}" for run in runs]
    print(EXPLANATION.rstrip())
    print_table("Checks", ("", *heads), rows)


def column(run: Run, naive_a_campaign: float | None) -> dict[str, str]:
    """Return what is printed of a run, by the name of its line."""
    times = run.result.times
    scan = times["scan"]
    lines = {
        "scan, ms": brief(scan.median * 1e3),
        "count(*)": str(times["count"].over(scan)),
        "limit": str(times["limit"].over(scan)),
        "full check, 0 % change": str(times["0 %"].over(scan)),
        "full check, 1 % change": str(times["1 %"].over(times["scan again"])),
        "full check, 10 % change": str(times["10 %"].over(times["scan again"])),
        "full check, 0 % ÷ count(*)": str(times["0 %"].over(times["count"])),
        "full check, 0 % ÷ limit": str(times["0 %"].over(times["limit"])),
        "1,000 dirty, none change": part(times, "1,000 dirty", "all brands"),
        "1,000 dirty, all change": part(times, "1,000 dirty, all change", "all brands"),
        "one brand": part(times, "one brand", "all brands"),
        "midnight of a zone": part(times, "midnight", "all brands beside"),
        "midnight, tick alone": part(times, "midnight, tick alone", "all brands beside"),
        "quarter hour without an edge": part(times, "no edge", "all, no edge"),
        "one that turns a fifth ÷ full check": str(
            times["a fifth turns"].over(times["all, no edge"])
        ),
        "the same ÷ full check that turns it": str(times["a fifth turns"].over(times["all turn"])),
    }
    return lines | {
        "naive ÷ full check": naive(run, naive_a_campaign),
        "statements a tick": str(run.result.statements),
        "WAL a change, bytes": brief(run.result.wal_bytes_a_change),
        "peak memory, MB": brief(run.peak_megabytes),
    }


def part(times: dict[str, Times], name: str, whole: str) -> str:
    """Return the time of a part in milliseconds, and as 1/n of the whole."""
    if name not in times:
        return "–"
    milliseconds = times[name].median * 1e3
    return f"{brief(milliseconds)} ms = 1/{brief(times[whole].median / times[name].median)}"


def naive(run: Run, seconds_a_campaign: float | None) -> str:
    """Return how many times as long the naive loop takes."""
    check = run.result.times["0 %"].median
    if run.result.naive_seconds is not None:
        return brief(run.result.naive_seconds / check)
    if seconds_a_campaign is None:
        return "–"
    return f"~{brief(seconds_a_campaign * run.campaigns / check)}"


if __name__ == "__main__":
    main()
