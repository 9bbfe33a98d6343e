"""How fast spend comes in: through the operation and through HTTP, as the ledger grows.

script/bench ingest --database both --growth 10
"""

from argparse import ArgumentParser, Namespace
from datetime import UTC, datetime
from functools import partial
from itertools import count

from benchmarks.world.clients import Work, rows_a_second
from benchmarks.world.measure import brief, note, print_table, timed
from benchmarks.world.scratch import DATABASES, in_a_process, scratch_database
from benchmarks.world.seed import CAMPAIGNS_A_BRAND, Size, seed, tidy
from benchmarks.world.spending import Spender
from benchmarks.world.ways import Plan, Speed, all_campaigns, one_client
from benchmarks.world.web import has_api, new_token, web_server
from budgets.models import LedgerEntry
from budgets.operations.ingest import record_spend
from budgets.operations.reconcile import reconcile

EXPLANATION = """
rows/s, and as a ratio to a raw COPY of as many of the same rows into a table without an index (on
SQLite: one INSERT, executed many times), which runs in turns with it; least and most in brackets.
"naive" locks the campaign, get_or_creates the entry and saves the totals, row by row.
"""


def main() -> None:
    """Measure every database and print a table each."""
    asked = arguments()
    plan = Plan(
        campaigns=asked.campaigns,
        rows=asked.rows,
        turns=asked.turns,
        batches=asked.batches,
        growth_millions=asked.growth,
        has_random_keys=asked.keys == "random",
    )
    print(EXPLANATION.rstrip())
    for database in DATABASES if asked.database == "both" else (asked.database,):
        with scratch_database(database):
            now = datetime.now(UTC)
            in_a_process(prepare, plan, now)
            speeds = in_a_process(one_client, plan, now)
            speeds |= several_clients(plan, now)
            speeds |= in_a_process(growth, plan, now) if plan.growth_millions else {}
        rows = [(name, brief(each.rows_a_second), each.compared) for name, each in speeds.items()]
        title = f"Ingest, {database}, {plan.campaigns:,} campaigns, batches of {plan.rows:,}"
        print_table(title, ("", "rows/s", "compared"), rows)


def arguments() -> Namespace:
    """Read the command line."""
    parser = ArgumentParser(prog="script/bench ingest", description=__doc__)
    parser.add_argument("--database", choices=[*DATABASES, "both"], default="both")
    parser.add_argument("--campaigns", type=int, default=100_000, help="default: %(default)s")
    parser.add_argument("--rows", type=int, default=10_000, help="a batch; default: %(default)s")
    parser.add_argument("--turns", type=int, default=7, help="default: %(default)s")
    parser.add_argument("--batches", type=int, default=10, help="a client; default: %(default)s")
    parser.add_argument("--growth", type=float, default=0, help="grow to so many million entries")
    parser.add_argument("--keys", choices=["ordered", "random"], default="ordered")
    return parser.parse_args()


def prepare(plan: Plan, now: datetime) -> None:
    """Seed the agency and decide it once, so that only spend changes something."""
    note(f"seeding {plan.campaigns:,} campaigns")
    seed(Size(campaigns=plan.campaigns), now=now)
    reconcile(now=now)
    tidy()


def several_clients(plan: Plan, now: datetime) -> dict[str, Speed]:
    """Have 1 and 8 clients at work at once, on the operation and on the web server."""
    campaigns = in_a_process(all_campaigns)
    speeds: dict[str, Speed] = {}
    labels = count()

    def work(clients: int, name: str, port: int = 0, token: str = "") -> None:
        of = campaigns[:CAMPAIGNS_A_BRAND] if "hot" in name else campaigns
        todo = Work(
            campaigns=of,
            now=now,
            batches=plan.batches if clients == 1 else max(plan.batches // 2, 1),
            rows_a_batch=plan.rows,
            label=f"client{next(labels)}-",
            port=port,
            token=token,
        )
        note(name)
        alone = speeds.get(name.replace(f"{clients} clients", "1 clients"))
        speed = rows_a_second(clients, todo)
        compared = f"{brief(speed / alone.rows_a_second)} × one client" if alone else ""
        speeds[name] = Speed(speed, compared)

    for clients in (1, 8):
        work(clients, f"operation, {clients} clients, uniform")
        work(clients, f"operation, {clients} clients, one hot brand")
    if not has_api():
        print("\nHTTP is left out: there is no /api/v1/spend yet.")
        return speeds
    token = in_a_process(new_token)
    with web_server(workers=2) as port:
        for clients in (1, 2, 8):
            work(clients, f"HTTP, {clients} clients, uniform", port, token)
    return speeds


def growth(plan: Plan, now: datetime) -> dict[str, Speed]:
    """Fill the ledger; return the speed at every tenth of the way.

    Between them, off the clock, the database is tidied: a server does so by itself all the time.
    """
    spender = Spender("growth", all_campaigns(), now, plan.has_random_keys)
    batches = int(plan.growth_millions * 1_000_000) // plan.rows
    speeds: dict[str, Speed] = {}
    window: list[float] = []
    first = 0.0
    for number in range(1, batches + 1):
        entries = spender.entries(plan.rows)
        window.append(timed(partial(record_spend, entries, now=now)))
        if number % max(batches // 10, 1) == 0:
            speed = plan.rows * len(window) / sum(window)
            first = first or speed
            rows = LedgerEntry.objects.count()
            note(f"{rows:,} entries")
            speeds[f"at {rows / 1e6:.1f} M entries"] = Speed(
                speed, f"{brief(speed / first)} × first"
            )
            window.clear()
            tidy("budgets_ledgerentry", "budgets_spend", "budgets_campaign")
    return speeds


if __name__ == "__main__":
    main()
