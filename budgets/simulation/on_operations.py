"""Rehearse a world on the real operations: spend goes through ingest, and status comes from it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from budgets.models import Brand, Campaign, Spend
from budgets.operations.close import close_periods
from budgets.operations.ingest import DayTotal, SpendEntry, record_spend, record_totals
from budgets.operations.ingest.types import Receipt
from budgets.operations.reconcile import reconcile
from budgets.reports.diagnostics.audit import audit
from budgets.rules.money import sum_to_micros, to_units
from budgets.simulation.feeds import Report, Reporting, reporting
from budgets.simulation.outcome import Meter, PeriodOutcome
from budgets.simulation.policies import CHECK_MINUTES, Books
from budgets.simulation.rehearsal import spent_in
from budgets.simulation.world import MINUTES_A_DAY, Feed, Scope, Span, World

BEGINNING = datetime(2026, 3, 1, tzinfo=UTC)
"""The first of a month, so that a world of days is a part of one."""

SOURCE, CURRENCY = "simulation", "USD"


class LostMoney(Exception):
    """The ledger does not hold what was sent to it, or refused some of it."""


@dataclass(slots=True, kw_only=True)
class LimitInPlay:
    """One limit: its campaigns in the database, what they want, and how they report it."""

    campaign_ids: Sequence[int]
    by_minute: Sequence[Sequence[int]]
    reporting: Reporting
    books: Books
    meter: Meter
    is_on: bool = True


class OnOperations:
    """A world in the database, which must hold nothing else: its brands, campaigns and clock."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.limits = [self.limit(number) for number in range(world.limits)]
        self.sent = 0
        self.totals: dict[tuple[int, int], int] = {}

    def limit(self, number: int) -> LimitInPlay:
        """Make the brand and campaigns of a limit."""
        world, books = self.world, Books(self.world.budget)
        budget = to_units(world.budget)
        budgets = {"daily_budget" if world.span == Span.DAY else "monthly_budget": budget}
        of_brand = world.scope == Scope.BRAND
        brand = Brand.objects.create(
            name=f"Brand {number}",
            currency=CURRENCY,
            created_at=BEGINNING,
            **(budgets if of_brand else {}),
        )
        campaigns = [
            Campaign(
                brand=brand,
                name=f"Campaign {number}.{n}",
                created_at=BEGINNING,
                **({} if of_brand else budgets),
            )
            for n in range(world.campaigns_a_limit)
        ]
        return LimitInPlay(
            campaign_ids=[each.pk for each in Campaign.objects.bulk_create(campaigns)],
            by_minute=list(zip(*world.demand(number), strict=True)),
            reporting=reporting(world, number),
            books=books,
            meter=Meter(0, books),
        )

    def run(self) -> Iterator[list[PeriodOutcome]]:
        """Let the clock run; yield after each minute the outcomes of the periods that it ended.

        Raises `LostMoney`.
        """
        for minute in range(self.world.minutes):
            self.decide(minute, self.at(minute))
            self.spend(minute)
            over = (minute + 1) % self.world.minutes_a_period == 0
            yield self.end_period(minute + 1) if over else []
        self.check_ledger()

    def decide(self, minute: int, now: datetime) -> None:
        """Do all that the product does by itself: take in spend, check, and close at midnight."""
        arrived = [(limit, limit.reporting.arriving(minute)) for limit in self.limits]
        rows = [(limit, report) for limit, reports in arrived for report in reports]
        if rows:
            self.record(rows, now=now)
        if minute % MINUTES_A_DAY == 0:
            close_periods(now=now)
        if minute % CHECK_MINUTES == 0:
            reconcile(now=now)
        paused = set(Campaign.objects.paused().values_list("pk", flat=True))
        for limit in self.limits:
            is_on = limit.campaign_ids[0] not in paused
            limit.meter.flips += is_on != limit.is_on
            limit.is_on = is_on

    def record(self, rows: Sequence[tuple[LimitInPlay, Report]], *, now: datetime) -> None:
        """Send what was reported to the ledger."""
        if self.world.feed == Feed.HOURLY:
            receipt = record_totals([self.day_total(*row) for row in rows], now=now)
        else:
            receipt = record_spend([self.entry(*row) for row in rows], now=now)
        self.check_receipt(receipt)
        self.sent += sum(report.micros for _, report in rows)

    def entry(self, limit: LimitInPlay, report: Report) -> SpendEntry:
        return SpendEntry(
            source=SOURCE,
            key=f"{report.campaign}-{report.spent_at}-{report.micros}",
            campaign_id=limit.campaign_ids[report.campaign],
            occurred_at=self.at(report.spent_at),
            amount=to_units(report.micros),
            currency=CURRENCY,
        )

    def day_total(self, limit: LimitInPlay, report: Report) -> DayTotal:
        day = int((report.spent_at - 1) // MINUTES_A_DAY)
        campaign_id = limit.campaign_ids[report.campaign]
        total = self.totals.get((campaign_id, day), 0) + report.micros
        self.totals[campaign_id, day] = total
        return DayTotal(
            source=SOURCE,
            campaign_id=campaign_id,
            day=self.at(day * MINUTES_A_DAY).date(),
            total=to_units(total),
            currency=CURRENCY,
            as_of=self.at(report.as_of),
        )

    def spend(self, minute: int) -> None:
        """Let what runs spend what it wants in the minute."""
        for limit in self.limits:
            if limit.is_on:
                amounts = spent_in(limit.by_minute[minute], 1)
                limit.reporting.spend(minute, 1, amounts)
                limit.meter.ran(minute, 1, sum(amounts))

    def end_period(self, end: int) -> list[PeriodOutcome]:
        outcomes = []
        start = end - self.world.minutes_a_period
        for limit in self.limits:
            wanted = sum(map(sum, limit.by_minute[start:end]))
            outcomes.append(limit.meter.outcome(wanted=wanted))
            limit.books.spent = 0
            limit.meter = Meter(end, limit.books)
        return outcomes

    def check_receipt(self, receipt: Receipt) -> None:
        if receipt.refused:
            _, code, message = receipt.refused[0]
            raise LostMoney(f"{len(receipt.refused):,} rows were refused: {code}, {message}")

    def check_ledger(self) -> None:
        """Compare what the ledger holds with what was sent, to the micro."""
        booked = sum_to_micros(Spend.objects.all().total())
        if booked != self.sent:
            raise LostMoney(f"{self.sent:,} micros were sent, and {booked:,} are booked.")
        if wrong := audit():
            raise LostMoney(f"The books do not agree: {wrong[0]}.")

    def at(self, minute: float) -> datetime:
        return BEGINNING + timedelta(minutes=minute)
