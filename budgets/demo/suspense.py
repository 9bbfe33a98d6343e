"""Suspense: bring some campaigns and one brand so near their limits that something happens soon.

What the mock platform will report in the next minutes is known, so the last entries of the demo
leave exactly that much room.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from budgets.connectors import CampaignRef
from budgets.connectors.mock import MINUTE, MockConnector, coin_micros
from budgets.demo.meter import Limits, Meter, least
from budgets.demo.replay import SOURCE
from budgets.models import Campaign
from budgets.operations.ingest import record_spend
from budgets.operations.ingest.types import SpendEntry
from budgets.operations.platforms.push import refs_of
from budgets.rules.money import to_micros, to_units

CAMPAIGN_MINUTES = (1, 2, 3, 4, 6, 9)
"""After how many minutes of mock traffic each of the campaigns reaches its limit."""

BRAND_MINUTES = 2
MOST_ADDED_PERCENT = 40
"""More of a budget is not added at once: it would not look like a day's spend."""
MOST_ADDED_FIRST_PERCENT = 80
"""But one campaign always pauses soon, even when the demo is loaded at a quiet hour."""

MOST_OF_ROOM_PERCENT = 75
"""Nor more of what is left of the campaigns' own budgets, to fill up their brand."""

LAST = ":last"
"""How the keys of the demo's last entries end: they are recorded once its history is complete."""


class Addition(NamedTuple):
    """Spend to add to a campaign."""

    ref: CampaignRef
    micros: int


def add_suspense(meter: Meter, *, now: datetime) -> int:
    """Add spend at this instant until limits are near; return the entries recorded."""
    ids = Campaign.objects.running().filter(pk__in=meter.campaigns).values_list("pk", flat=True)
    by_brand: dict[int, list[CampaignRef]] = defaultdict(list)
    for ref in refs_of(ids):
        by_brand[meter.campaigns[ref.campaign_id].brand_id].append(replace(ref, is_running=True))
    filled, additions = fill_a_brand(by_brand, meter, now=now)
    others = [ref for brand_id, refs in by_brand.items() if brand_id != filled for ref in refs]
    additions += fill_campaigns(others, meter, now=now)
    return record_spend([entry(addition, now=now) for addition in additions], now=now).accepted


def fill_a_brand(
    by_brand: Mapping[int, Sequence[CampaignRef]], meter: Meter, *, now: datetime
) -> tuple[int | None, list[Addition]]:
    """Fill up the brand that needs least for it, each campaign by a like share of its own room."""
    ways = []
    for brand_id, refs in by_brand.items():
        room = rooms(refs[0], meter, now=now).brand_day or 0
        budget = meter.campaigns[refs[0].campaign_id].limits.brand_day or 0
        missing = room - expected_micros(refs, minutes=BRAND_MINUTES, now=now)
        own = [own_micros(ref, meter, now=now) for ref in refs]
        most = min(budget * MOST_ADDED_PERCENT, sum(own) * MOST_OF_ROOM_PERCENT) // 100
        if 0 < missing <= most:
            ways.append((missing * 100 // sum(own), brand_id, missing, own))
    if not ways:
        return None, []
    _, brand_id, missing, own = min(ways)
    shares = [missing * part // sum(own) for part in own]
    pairs = zip(by_brand[brand_id], shares, strict=True)
    return brand_id, [Addition(ref, share) for ref, share in pairs if share]


def own_micros(ref: CampaignRef, meter: Meter, *, now: datetime) -> int:
    """Return what a campaign with a daily budget can still take, today and this month."""
    left = rooms(ref, meter, now=now)
    return 0 if left.day is None else max(least(left.day, left.month) or 0, 0)


def fill_campaigns(
    running: Sequence[CampaignRef], meter: Meter, *, now: datetime
) -> Iterator[Addition]:
    """Fill up the campaigns nearest to their daily budgets, the very nearest first."""
    waiting = list(reversed(CAMPAIGN_MINUTES))
    for ref in sorted(running, key=lambda ref: left_permille(ref, meter, now=now)):
        left = rooms(ref, meter, now=now)
        # Where another limit is nearer, that one would be reached, for others as well.
        if waiting and ref.daily_budget and left.day is not None and left.day == left.smallest:
            missing = left.day - expected_micros([ref], minutes=waiting[-1], now=now)
            is_first = len(waiting) == len(CAMPAIGN_MINUTES)
            most = MOST_ADDED_FIRST_PERCENT if is_first else MOST_ADDED_PERCENT
            if 0 < missing <= to_micros(ref.daily_budget) * most // 100:
                waiting.pop()
                meter.count(ref.campaign_id, missing, on=meter.day(ref.campaign_id, now))
                yield Addition(ref, missing)


def left_permille(ref: CampaignRef, meter: Meter, *, now: datetime) -> int:
    """Return how much of its daily budget a campaign has left; everything, if it has none."""
    left = rooms(ref, meter, now=now).day
    return left * 1_000 // to_micros(ref.daily_budget) if left and ref.daily_budget else 1_000


def rooms(ref: CampaignRef, meter: Meter, *, now: datetime) -> Limits:
    return meter.rooms_micros(ref.campaign_id, meter.day(ref.campaign_id, now))


def expected_micros(refs: Sequence[CampaignRef], *, minutes: int, now: datetime) -> int:
    """Return what the mock platform will report for the coming minutes."""
    coming = MockConnector().read_spend(refs, since=now, until=now + minutes * MINUTE)
    return sum(to_micros(report.amount) for report in coming)


def entry(addition: Addition, *, now: datetime) -> SpendEntry:
    """Return the addition as an entry of the ledger, in whole coins and never a coin short."""
    ref, coin = addition.ref, coin_micros(addition.ref.currency)
    return SpendEntry(
        source=SOURCE,
        key=f"{ref.campaign_id}{LAST}",
        campaign_id=ref.campaign_id,
        occurred_at=now,
        amount=to_units(-(-addition.micros // coin) * coin),
        currency=ref.currency,
    )
