"""The ways in which spend can come in, and the speed of each."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from benchmarks.world.measure import Act, Times, brief, in_turns
from benchmarks.world.naive import naive_record
from benchmarks.world.seed import CAMPAIGNS_A_BRAND
from benchmarks.world.spending import RAW_COPIES, Spender, driver_copy, raw_copy
from budgets.models import Campaign
from budgets.operations.ingest import record_spend, record_totals
from budgets.operations.ingest.idempotency import LATELY
from budgets.operations.ingest.types import SpendEntry

RAW, DRIVER = "raw copy", "raw copy of Python's rows"
SINGLE, NAIVE = "one entry a call", "naive"
NAIVE_ROWS = 200
SINGLE_ROWS = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is asked for."""

    campaigns: int
    rows: int
    turns: int
    batches: int
    growth_millions: float
    has_random_keys: bool


@dataclass(frozen=True, slots=True)
class Speed:
    """The rows a second of one way in, and what it is compared with."""

    rows_a_second: float
    compared: str = ""


def one_client(plan: Plan, now: datetime) -> dict[str, Speed]:
    """Time every way in, in turns, in this process."""
    ways = Ways(plan, now, all_campaigns())
    times = in_turns(dict(ways.acts()), turns=plan.turns)
    raw, raw_rows = times[RAW], ways.rows[RAW]
    return {
        name: speed_of(each, raw, ways.rows.get(name, plan.rows), raw_rows)
        for name, each in times.items()
    }


def speed_of(times: Times, raw: Times, rows: int, raw_rows: int) -> Speed:
    """Return a speed, as 1/n of the raw copy."""
    speed = rows / times.median
    each = [
        mine / its * raw_rows / rows for mine, its in zip(times.seconds, raw.seconds, strict=True)
    ]
    slower = raw_rows / raw.median / speed
    return Speed(speed, f"1/{brief(slower)} ({brief(min(each))}–{brief(max(each))})")


def all_campaigns() -> list[int]:
    """Return the ids of all campaigns."""
    return list(Campaign.objects.values_list("id", flat=True))


class Ways:
    """The ways in, each with fresh rows made off the clock."""

    def __init__(self, plan: Plan, now: datetime, campaigns: Sequence[int]) -> None:
        self.plan, self.now = plan, now
        self.uniform = Spender("uniform", campaigns, now, plan.has_random_keys)
        self.hot = Spender("hot", campaigns[:CAMPAIGNS_A_BRAND], now, plan.has_random_keys)
        self.step: Callable[[], object] = lambda: None
        self.sent: list[SpendEntry] = []
        raw_rows = plan.rows * RAW_COPIES
        self.rows = {RAW: raw_rows, DRIVER: raw_rows, SINGLE: SINGLE_ROWS, NAIVE: NAIVE_ROWS}

    def acts(self) -> Iterator[tuple[str, Act]]:
        """Yield what is timed; duplicates are sent by the act before."""
        yield RAW, self.act(lambda: raw_copy(self.batch(), now=self.now))
        if connection.vendor == "postgresql":
            yield DRIVER, self.act(lambda: driver_copy(self.batch(), now=self.now))
        yield "entries, uniform", self.act(lambda: self.spend(self.uniform, self.plan.rows))
        yield "entries, sent again at once", Act(self.take_step)
        yield "entries, known for long", Act(self.send_again_later)
        yield "entries, one hot brand", self.act(lambda: self.spend(self.hot, self.plan.rows))
        yield "day totals, uniform", self.act(self.totals)
        yield "day totals, all duplicates", Act(self.take_step)
        yield SINGLE, self.act(self.singles)
        yield NAIVE, self.act(self.naively)

    def act(self, prepare: Callable[[], Callable[[], object]]) -> Act:
        """Make the step off the clock, run it on the clock."""

        def make() -> None:
            self.step = prepare()

        return Act(self.take_step, make)

    def take_step(self) -> None:
        """Do what was prepared last."""
        self.step()

    def send_again_later(self) -> None:
        """Send the last batch once more, when checks have long decided on it."""
        record_spend(self.sent, now=self.now + 2 * LATELY)

    def batch(self) -> list[SpendEntry]:
        """Return new entries of any campaign."""
        return self.uniform.entries(self.plan.rows)

    def spend(self, spender: Spender, rows: int) -> Callable[[], object]:
        """Return a step that records one batch."""
        self.sent = entries = spender.entries(rows)
        return lambda: record_spend(entries, now=self.now)

    def totals(self) -> Callable[[], object]:
        """Return a step that records a batch of day totals."""
        totals = self.uniform.totals(self.plan.rows)
        return lambda: record_totals(totals, now=self.now)

    def singles(self) -> Callable[[], object]:
        """Return a step that records entries one by one."""
        entries = self.uniform.entries(SINGLE_ROWS)
        return lambda: [record_spend([entry], now=self.now) for entry in entries]

    def naively(self) -> Callable[[], object]:
        """Return a step that books entries the naive way."""
        entries = self.uniform.entries(NAIVE_ROWS)
        return lambda: naive_record(entries, now=self.now)
