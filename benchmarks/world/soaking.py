"""Processes that write, check and edit at once, and one that kills the writers."""

import os
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from pathlib import Path
from random import Random
from signal import SIGKILL
from time import monotonic, sleep

from django.core.exceptions import ValidationError
from django.db import Error, connection
from django.db.models import Sum

from benchmarks.world.measure import note
from benchmarks.world.pool import Batch, Soak
from budgets.models import Brand, Campaign
from budgets.operations.holds import hold, release
from budgets.operations.ingest import record_spend, record_totals
from budgets.operations.reconcile import reconcile
from budgets.operations.reconcile.decision_input import Shard
from budgets.operations.reconcile.transitions import reconcile_shard

NEW_A_LINE = 25
"""Numbers that come within reach with every line. At two lines a batch of 200, each number is sent
about four times, by whoever is at work."""

ENDS_WITHIN_SECONDS = 60
LOCKED = "DatabaseIsLocked"
DEADLOCK_ERRORS = ("DeadlockDetected", LOCKED)


class Journal:
    """What was done, a line each. It outlives whoever writes it.

    All lines have one width, so that no kill tears one and their number says how far we are.
    """

    width = 64

    def __init__(self, path: Path) -> None:
        self.file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT)

    def write(self, *facts: object) -> None:
        """Add a line, at once and whole."""
        line = " ".join(map(str, facts)).encode()[: self.width - 1]
        os.write(self.file, line.ljust(self.width - 1) + b"\n")

    def __len__(self) -> int:
        return os.fstat(self.file).st_size // self.width


@dataclass(frozen=True, slots=True)
class Shift:
    """What one process works from."""

    soak: Soak
    name: str
    number: int
    ends: float
    parent: int
    journal: Journal

    def goes_on(self, seconds_more: float = 0) -> bool:
        """Say whether there is time left, and somebody who waits for the end."""
        return monotonic() < self.ends + seconds_more and os.getppid() == self.parent

    def note_error(self, error: Exception) -> None:
        """Count an error by its kind, and go on with a new connection."""
        kind = LOCKED if "is locked" in str(error) else type(error.__cause__ or error).__name__
        self.journal.write(self.name, "error", kind)
        note(f"{self.name}: {kind}: {' '.join(str(error).split())}")
        connection.close()


def write(shift: Shift) -> None:
    """Send batch after batch; after a kill or an error first the one that was not answered."""
    own = [words for words in shift.soak.lines() if words[0] == shift.name]
    sent = [Batch(shift.name, int(w[2]), int(w[3])) for w in own if w[1] == "sends"]
    number = sum(words[1] == "answered" for words in own)
    todo = sent[-1] if sent and sent[-1].number == number else None
    while shift.goes_on(ENDS_WITHIN_SECONDS if todo else 0):
        todo = todo or Batch(shift.name, number, len(shift.journal) * NEW_A_LINE)
        shift.journal.write(shift.name, "sends", todo.number, todo.position)
        if send(todo, shift):
            number, todo = number + 1, None


def send(batch: Batch, shift: Shift) -> bool:
    """Send a batch and note the answer; say whether there was one."""
    soak, now = shift.soak, datetime.now(UTC)
    try:
        if batch.has_totals:
            receipt = record_totals([soak.total(number) for number in batch.numbers], now=now)
        else:
            receipt = record_spend([soak.entry(number) for number in batch.numbers], now=now)
    except Error as error:
        shift.note_error(error)
        return False
    answer = (receipt.accepted, receipt.duplicates, len(receipt.refused))
    shift.journal.write(shift.name, "answered", batch.number, batch.position, *answer)
    return True


def check(shift: Shift) -> None:
    """Check all brands again and again: the first as beat does, alone, the others beside it."""
    if shift.number:
        repeat(shift, lambda: reconcile(now=datetime.now(UTC)))
    else:
        repeat(shift, lambda: reconcile_shard(now=datetime.now(UTC), shard=Shard()))


def edit(shift: Shift) -> None:
    """Hold, release and change budgets again and again."""
    random = Random(shift.number)
    repeat(shift, lambda: edit_once(random.choice(shift.soak.campaigns), random))


def edit_once(campaign_id: int, random: Random) -> int:
    """Edit a campaign or its brand; a budget is set to about what is spent, so that all decides."""
    campaign = Campaign.objects.select_related("brand").get(pk=campaign_id)
    target: Brand | Campaign = random.choice((campaign, campaign.brand))
    if random.random() < 0.3:
        random.choice([hold, release])(target, by=None, now=datetime.now(UTC))
        return 1
    period, budget = random.choice([("day", "daily_budget"), ("month", "monthly_budget")])
    of_brand = {"brand": campaign.brand_id} if isinstance(target, Brand) else {"pk": campaign_id}
    standing = Campaign.objects.filter(**of_brand).aggregate(spent=Sum(f"{period}_spent"))
    setattr(target, budget, max(Decimal(0), round(standing["spent"], 2) + random.randint(-2, 4)))
    target.save()
    return 1


def repeat(shift: Shift, act: Callable[[], int]) -> None:
    """Act until the end, then note how often, and what came of it."""
    times = results = 0
    while shift.goes_on():
        try:
            results += act()
        except (Error, ValidationError) as error:
            shift.note_error(error)
        times += 1
    shift.journal.write(shift.name, "did", times, results)


def run(soak: Soak) -> Counter[str]:
    """Have everybody at work at once; return how many processes were killed, crashed, got stuck.

    Forks, which starts a process at once: must be called where nobody has opened the database.
    """
    assert connection.connection is None
    ends, parent = monotonic() + soak.seconds, os.getpid()
    context = get_context("fork")
    at_work: dict[str, BaseProcess] = {}

    def start(job: Callable[[Shift], None], number: int) -> None:
        name = f"{job.__name__}-{number}"

        def work() -> None:
            job(Shift(soak, name, number, ends, parent, Journal(soak.journal)))

        at_work[name] = context.Process(target=work)
        at_work[name].start()

    Journal(soak.journal)
    for job, processes in ((write, soak.writers), (check, soak.checks), (edit, soak.editors)):
        for number in range(processes):
            start(job, number)
    seen: Counter[str] = Counter(killed=0, crashed=0, stuck=0)
    random = Random(1)
    while soak.has_killer and monotonic() < ends:
        sleep(random.uniform(0.5, 1.5))
        number = random.randrange(soak.writers)
        seen[kill(at_work[f"write-{number}"])] += 1
        start(write, number)
    for process in at_work.values():
        process.join(max(ends + ENDS_WITHIN_SECONDS - monotonic(), 1))
        seen["stuck"] += process.is_alive() and bool(kill(process))
        seen["crashed"] += process.exitcode not in (0, -SIGKILL)
    return seen


def kill(process: BaseProcess) -> str:
    """End a process without a word; say whether it was killed, or had ended by itself."""
    process.kill()
    process.join()
    return {-SIGKILL: "killed", 0: "ended"}.get(process.exitcode or 0, "crashed")
