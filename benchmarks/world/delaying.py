"""How long small ingests take alone, and beside ticks of a large agency."""

from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import cycle
from multiprocessing import Manager, get_context
from random import Random
from statistics import median
from threading import Event
from time import monotonic

from django.db.models import F

from benchmarks.world.measure import brief, note, print_table, timed
from benchmarks.world.scratch import in_a_process, scratch_database
from benchmarks.world.seed import CAMPAIGNS_A_BRAND, Size, seed, tidy
from benchmarks.world.spending import Spender
from benchmarks.world.ways import all_campaigns
from budgets.models import Campaign
from budgets.operations.ingest import record_spend
from budgets.operations.reconcile import reconcile
from budgets.operations.reconcile.decision_input import Shard
from budgets.operations.reconcile.transitions import reconcile_shard

MOST_DELAY_MS = 100
ROWS = 100
STARTS_WITHIN_SECONDS = 600

BEFORE = datetime(2026, 3, 18, 17, 20, tzinfo=UTC)
AFTER = BEFORE + timedelta(minutes=15)
"""Between the two about 2 % of the campaigns seeded begin or end their hours, and no day ends."""


def delay(database: str, campaigns: int, seconds: float, pause: float) -> Iterator[str]:
    """Time ingests alone and beside ticks, print both, and yield what does not hold."""
    note(f"{database}, delay: seeding {campaigns:,} campaigns")
    with scratch_database(database), Manager() as manager:
        in_a_process(large_agency, campaigns)
        alone = in_a_process(ingests, "alone", seconds)
        is_ticking, is_over = manager.Event(), manager.Event()
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
            ticking = pool.submit(ticks, is_ticking, is_over, pause)
            is_ticking.wait(STARTS_WITHIN_SECONDS)
            beside = in_a_process(ingests, "beside", seconds)
            is_over.set()
            changed = ticking.result()
    worst = 0.0
    rows: list[tuple[str, ...]] = []
    measures: dict[str, Callable[[list[float]], float]]
    measures = {"median": median, "99 %": percentile_99, "longest": max}
    for name, of in measures.items():
        times = (of(alone), of(beside), of(beside) - of(alone))
        worst = max(worst, times[-1])
        rows.append((f"{name}, ms", *(brief(each * 1e3) for each in times)))
    share = sum(changed) / len(changed) / campaigns
    rows += [
        ("ingests", str(len(alone)), str(len(beside)), ""),
        ("ticks", "", str(len(changed)), ""),
        ("changed by a tick, %", "", brief(share * 100), ""),
    ]
    title = f"Ingest of {ROWS} rows of a brand, {database}, {campaigns:,} campaigns, {seconds:g} s"
    print_table(title, ("", "alone", "beside ticks", "difference"), rows)
    if worst * 1e3 > MOST_DELAY_MS:
        yield f"DOES NOT HOLD, {database}: ticks delay ingests by up to {brief(worst * 1e3)} ms."


def percentile_99(seconds: list[float]) -> float:
    """Return the time that one in a hundred exceeds."""
    return sorted(seconds)[len(seconds) * 99 // 100]


def large_agency(campaigns: int) -> None:
    """Seed the agency and decide it once. Half of those with hours get none: 1 % then change."""
    seed(Size(campaigns=campaigns), now=BEFORE)
    half = Campaign.objects.alias(rest=F("id") % 100).filter(rest__lt=50)
    half.update(schedule=None)
    reconcile(now=BEFORE)
    tidy()


def ingests(name: str, seconds: float) -> list[float]:
    """Record one small batch after the other, each of some brand; return how long each took."""
    campaigns, random = all_campaigns(), Random(name)
    spender = Spender(name, campaigns, BEFORE)
    taken: list[float] = []
    ends = monotonic() + seconds
    while monotonic() < ends:
        first = random.randrange(0, len(campaigns), CAMPAIGNS_A_BRAND)
        spender.campaigns = campaigns[first : first + CAMPAIGNS_A_BRAND]
        entries = spender.entries(ROWS)
        taken.append(timed(partial(record_spend, entries, now=BEFORE)))
    return taken[1:]


def ticks(is_ticking: Event, is_over: Event, pause: float) -> list[int]:
    """Tick to and fro between two instants until it is over; return what each tick changed."""
    changed: list[int] = []
    for now in cycle([AFTER, BEFORE]):
        is_ticking.set()
        changed.append(reconcile_shard(now=now, shard=Shard()))
        if is_over.wait(pause):
            break
    return changed
