"""Replay: live through the demo's past step by step, with the operations deciding as they would.

So its history is a true one: every total is the sum of its entries, every pause has its change.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import groupby

from django.db import transaction
from django.db.models import Max

from budgets.connectors.mock.traffic import MINUTE, Advertiser, Traffic, coin_micros
from budgets.demo.accounts import advertiser
from budgets.demo.meter import Meter
from budgets.demo.people import Doing, doings
from budgets.models import Campaign, LedgerEntry
from budgets.operations.ingest import record_spend
from budgets.operations.ingest.types import SpendEntry
from budgets.operations.reconcile import reconcile
from budgets.rules.money import to_units

SOURCE = "demo"
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)
HALF_AN_HOUR = timedelta(minutes=30)
TEN_MINUTES = timedelta(minutes=10)
RECENT = timedelta(hours=26)
"""The last day or so is decided every ten minutes, as by the scheduled check; what lies before it
every half an hour, with a report of spend an hour."""

OVERRUN = 2 * MINUTE
"""What a platform still spends between reaching a limit and being stopped."""

Progress = Callable[[int], None]
"""Told how many days of the history are still to be lived through."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A stretch of the past that is decided at its end, and how much time a report covers."""

    since: datetime
    until: datetime
    slot: timedelta


def replay(meter: Meter, *, since: datetime, now: datetime, progress: Progress) -> int:
    """Live through the history from `since` up to `now`, from where an interrupted run left off.

    Commits a day at a time: PostgreSQL slows down when one transaction rewrites rows often.
    Returns the entries recorded.
    """
    lived = LedgerEntry.objects.filter(source=SOURCE).aggregate(at=Max("occurred_at"))["at"]
    left = [step for step in steps(since=since, now=now) if lived is None or step.since > lived]
    campaigns = Campaign.objects.filter(pk__in=meter.campaigns).select_related("brand")
    advertisers = {campaign.pk: advertiser(campaign) for campaign in campaigns.order_by("pk")}
    people = doings(now=now)
    recorded = 0
    for _, day in groupby(left, key=lambda step: step.since.date()):
        with transaction.atomic():
            for step in day:
                intervene(people, step)
                recorded += live(step, advertisers, meter)
        progress((now - step.until).days)
    return recorded


def steps(*, since: datetime, now: datetime) -> Iterator[Step]:
    """Cut the history into steps that tile."""
    recent, last = floor(now - RECENT, HOUR), floor(now, TEN_MINUTES)
    yield from cut_into_steps(since, recent, every=HALF_AN_HOUR, slot=HOUR)
    yield from cut_into_steps(recent, last, every=TEN_MINUTES, slot=TEN_MINUTES)
    yield Step(since=last, until=now, slot=MINUTE)


def cut_into_steps(
    since: datetime, until: datetime, *, every: timedelta, slot: timedelta
) -> Iterator[Step]:
    """Cut a span at the whole half hours, or whatever `every` is."""
    while since < until:
        following = floor(since, every) + every
        yield Step(since=since, until=following, slot=slot)
        since = following


def floor(at: datetime, every: timedelta) -> datetime:
    """Return the last whole hour, or whatever `every` is, at or before an instant."""
    return at - (at - EPOCH) % every


def intervene(people: Iterable[Doing], step: Step) -> None:
    """Do what people did in the step, before its spend is known."""
    for doing in people:
        if step.since <= doing.at < step.until:
            doing.do()


def live(step: Step, advertisers: Mapping[int, Advertiser], meter: Meter) -> int:
    """Record what running campaigns spend in the step and decide at its end."""
    running = set(Campaign.objects.running().values_list("pk", flat=True))
    traffic = Traffic(slot=step.slot)
    entries = [
        SpendEntry(
            source=SOURCE,
            key=f"{pk}:{start.isoformat()}",
            campaign_id=pk,
            occurred_at=start,
            amount=stopped_in_time(pk, start, micros, step, meter, coin=coin_micros(each.currency)),
            currency=each.currency,
        )
        for pk, each in advertisers.items()
        if pk in running
        for start in traffic.slots(step.since, step.until)
        if (micros := traffic.charge_micros(each, start))
    ]
    receipt = record_spend(entries, now=step.until)
    touched = {meter.campaigns[entry.campaign_id].brand_id for entry in entries}
    reconcile(now=step.until, brand_ids=meter.brand_ids - touched)
    return receipt.accepted


def stopped_in_time(
    campaign_id: int, start: datetime, micros: int, step: Step, meter: Meter, *, coin: int
) -> Decimal:
    """Cut a charge where a platform that is stopped soon after a limit would have ended it."""
    day = meter.day(campaign_id, start)
    room = meter.rooms_micros(campaign_id, day).smallest
    if room is not None and micros > room:
        overrun = micros * OVERRUN // step.slot // coin * coin
        micros = min(micros, max(room, coin) + overrun)
    meter.count(campaign_id, micros, on=day)
    return to_units(micros)
