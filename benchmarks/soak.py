"""Many processes at once: no money is lost, nobody waits in a circle, every status ends right.

script/bench soak --database both --seconds 60 --campaigns 2000 --delay-campaigns 1m
"""

import os
import sys
from argparse import ArgumentParser, Namespace
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.db import connection

from benchmarks.world.delaying import delay
from benchmarks.world.measure import note, print_table
from benchmarks.world.pool import ROWS, Soak, agency
from benchmarks.world.scratch import DATABASES, in_a_process, scratch_database
from benchmarks.world.sizes import size_of
from benchmarks.world.soaked import Books, Findings, ask
from benchmarks.world.soaking import DEADLOCK_ERRORS, run
from budgets.models import Change, LedgerEntry
from budgets.operations.reconcile import reconcile

EXPLANATION = f"""
"killed": 8 processes send overlapping batches of {ROWS} rows; about every second one of them is
killed (SIGKILL) and started again, and sends again what it had no answer for. "checked": 8 such
writers that live, 2 processes that check all brands without a pause, one that edits and holds.
Afterwards the books are summed up anew from the entries, and every status is held against the rules
in Python: before another check, but after one where writers were killed.
"""

PARTS: dict[str, dict[str, Any]] = {
    "killed": {"has_killer": True},
    "checked": {"checks": 2, "editors": 1},
}
DEADLOCKS = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"


def main() -> None:
    """Soak every database, print tables and fail if anything does not hold."""
    parser = ArgumentParser(prog="script/bench soak", description=__doc__)
    parser.add_argument("--database", choices=[*DATABASES, "both"], default="both")
    parser.add_argument("--seconds", type=float, default=60, help="each part; default: %(default)s")
    parser.add_argument("--campaigns", type=size_of, default=2_000, help="0: only the delay")
    parser.add_argument(
        "--delay-campaigns", type=size_of, default=0, help="such as 1m; 0: no delay"
    )
    parser.add_argument("--tick-pause", type=float, default=0, help="seconds, in the delay alone")
    asked = parser.parse_args()
    print(EXPLANATION.rstrip())
    failures: list[str] = []
    for database in DATABASES if asked.database == "both" else (asked.database,):
        if asked.campaigns:
            failures += soak(database, asked)
        if asked.delay_campaigns:
            failures += delay(database, asked.delay_campaigns, asked.seconds, asked.tick_pause)
    print("\n" + ("\n".join(failures) or "All of it holds."), flush=True)
    sys.exit(bool(failures))


def soak(database: str, asked: Namespace) -> Iterator[str]:
    """Run both parts, each on an empty database, print them and yield what does not hold."""
    columns: dict[str, dict[str, Any]] = {}
    for name, people in PARTS.items():
        note(f"{database}, {name}")
        with scratch_database(database):
            start = datetime.now(UTC)
            plan = Soak(
                journal=Path(os.environ["VAR_DIR"]) / "journal",
                campaigns=in_a_process(agency, asked.campaigns, start, asked.seconds),
                start=start,
                seconds=asked.seconds,
                **people,
            )
            deadlocks = in_a_process(deadlocks_counted)
            ended = in_a_process(run, plan)
            figures, findings = in_a_process(count_known, plan, ended, deadlocks)
        columns[name] = figures | {kind: len(found) for kind, found in findings.items()}
        for kind, found in findings.items():
            if found:
                yield f"DOES NOT HOLD, {database}, {name}: {kind}: {len(found)}; {found[0]}"
    rows = [(line, *(each[line] for each in columns.values())) for line in columns["killed"]]
    title = f"Soak, {database}, {asked.campaigns:,} campaigns, {asked.seconds:g} s"
    print_table(title, ("", *columns), rows)


def deadlocks_counted() -> int:
    """Return how many deadlocks the server has ended in this database; SQLite has none."""
    return int(ask(DEADLOCKS)[0][0]) if connection.vendor == "postgresql" else 0


def count_known(plan: Soak, ended: Counter[str], deadlocks: int) -> tuple[dict[str, Any], Findings]:
    """Return what the soak did and what is wrong after it."""
    now = datetime.now(UTC)
    undecided = reconcile(now=now) if plan.has_killer else 0
    lines = plan.lines()
    answers = [list(map(int, words[4:])) for words in lines if words[1] == "answered"]
    sent = sum(words[1] == "sends" for words in lines)
    new, known, refused = map(sum, zip(*answers, strict=True)) if answers else (0, 0, 0)
    errors = Counter(words[2] for words in lines if words[1] == "error")
    done = {who: int(times) for who, what, times, *_ in lines if what == "did"}
    figures = {
        "batches answered": len(answers),
        "rows in them": len(answers) * ROWS,
        "… new": new,
        "… known before": known,
        "kills, and starts after them": ended["killed"],
        "batches sent again": sent - len(answers),
        "checks": sum(times for who, times in done.items() if who.startswith("check")),
        "edits and holds": sum(times for who, times in done.items() if who.startswith("edit")),
        "entries": LedgerEntry.objects.count(),
        "changes": Change.objects.count(),
        "… by the check after the kills": undecided,
        "deadlock errors": sum(errors[kind] for kind in DEADLOCK_ERRORS),
        "errors by kind": ", ".join(f"{kind}: {n}" for kind, n in errors.items()) or "–",
    }
    idle = [name for name in ("batches answered", "entries", "changes") if not figures[name]]
    if plan.has_killer and not ended["killed"]:
        idle.append("kills")
    findings = {
        "errors that reached a caller": list(errors.elements()),
        "deadlocks counted by the server": ["see its log"] * (deadlocks_counted() - deadlocks),
        "rows refused": ["every row was good"] * refused,
        "processes that crashed": ["see above"] * ended["crashed"],
        "processes that did not end": ["they were killed"] * ended["stuck"],
        "left untried": idle,
    }
    return figures, findings | Books(plan).findings(now=now)


if __name__ == "__main__":
    main()
