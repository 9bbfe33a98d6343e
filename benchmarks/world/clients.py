"""Several clients at once, each a process of its own."""

from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from multiprocessing import Manager, get_context
from threading import Barrier
from time import monotonic

from benchmarks.world.spending import Spender
from benchmarks.world.web import body_of, post
from budgets.operations.ingest import record_spend
from budgets.operations.ingest.types import SpendEntry


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What each client is to do."""

    campaigns: Sequence[int]
    now: datetime
    batches: int
    rows_a_batch: int
    label: str
    port: int = 0
    """Of the web server; 0: call the operation."""
    token: str = ""


def rows_a_second(clients: int, work: Work) -> float:
    """Have so many clients work at once; return the rows taken a second by all together."""
    with Manager() as manager:
        together = manager.Barrier(clients)
        context = get_context("spawn")
        with ProcessPoolExecutor(clients, mp_context=context) as pool:
            futures = [pool.submit(client, n, work, together) for n in range(clients)]
            done = [future.result() for future in futures]
    elapsed = max(end for _, _, end in done) - min(start for _, start, _ in done)
    return sum(rows for rows, _, _ in done) / elapsed


def client(number: int, work: Work, together: Barrier) -> tuple[int, float, float]:
    """Prepare, wait for the others, work; return rows taken, start and end."""
    spender = Spender(f"{work.label}{number}", work.campaigns, work.now)
    spender.random.seed(f"{work.label}{number}")
    batches = [spender.entries(work.rows_a_batch) for _ in range(work.batches)]
    bodies = [body_of(batch) for batch in batches] if work.port else []
    record_spend(batches[0][:1], now=work.now)  # connects
    together.wait(timeout=300)
    start = monotonic()
    rows = post(work.port, work.token, bodies) if bodies else record_all(batches, work.now)
    return rows, start, monotonic()


def record_all(batches: Sequence[Sequence[SpendEntry]], now: datetime) -> int:
    """Record the batches through the operation."""
    return sum(record_spend(batch, now=now).accepted for batch in batches)
