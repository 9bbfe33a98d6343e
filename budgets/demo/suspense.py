"""Suspense: bring some campaigns and one brand so near their limits that something happens soon.

What the mock platform will report in the next minutes is known, so the last entries of the demo
leave exactly that much room.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from budgets.connectors.mock.traffic import MINUTE, Traffic, coin_micros
from budgets.demo.accounts import advertiser
from budgets.demo.meter import Limits, Meter, least
from budgets.demo.replay import SOURCE
from budgets.models import Campaign
from budgets.operations.ingest import record_spend
from budgets.operations.ingest.types import SpendEntry
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

    campaign: Campaign
    micros: int


def add_suspense(meter: Meter, *, now: datetime) -> int:
    """Add spend at this instant until limits are near; return the entries recorded."""
    running = Campaign.objects.running().filter(pk__in=meter.campaigns).order_by("id")
    by_brand: dict[int, list[Campaign]] = defaultdict(list)
    for campaign in running.select_related("brand"):
        by_brand[campaign.brand_id].append(campaign)
    filled, additions = fill_a_brand(by_brand, meter, now=now)
    others = [
        campaign
        for brand_id, campaigns in by_brand.items()
        if brand_id != filled
        for campaign in campaigns
    ]
    additions += fill_campaigns(others, meter, now=now)
    return record_spend([entry(addition, now=now) for addition in additions], now=now).accepted


def fill_a_brand(
    by_brand: Mapping[int, Sequence[Campaign]], meter: Meter, *, now: datetime
) -> tuple[int | None, list[Addition]]:
    """Fill up the brand that needs least for it, each campaign by a like share of its own room."""
    ways = []
    for brand_id, campaigns in by_brand.items():
        room = rooms(campaigns[0], meter, now=now).brand_day or 0
        budget = meter.campaigns[campaigns[0].pk].limits.brand_day or 0
        missing = room - expected_micros(campaigns, minutes=BRAND_MINUTES, now=now)
        own = [own_micros(campaign, meter, now=now) for campaign in campaigns]
        most = min(budget * MOST_ADDED_PERCENT, sum(own) * MOST_OF_ROOM_PERCENT) // 100
        if 0 < missing <= most:
            ways.append((missing * 100 // sum(own), brand_id, missing, own))
    if not ways:
        return None, []
    _, brand_id, missing, own = min(ways)
    shares = [missing * part // sum(own) for part in own]
    pairs = zip(by_brand[brand_id], shares, strict=True)
    return brand_id, [Addition(campaign, share) for campaign, share in pairs if share]


def own_micros(campaign: Campaign, meter: Meter, *, now: datetime) -> int:
    """Return what a campaign with a daily budget can still take, today and this month."""
    left = rooms(campaign, meter, now=now)
    return 0 if left.day is None else max(least(left.day, left.month) or 0, 0)


def fill_campaigns(
    running: Sequence[Campaign], meter: Meter, *, now: datetime
) -> Iterator[Addition]:
    """Fill up the campaigns nearest to their daily budgets, the very nearest first."""
    waiting = list(reversed(CAMPAIGN_MINUTES))
    for campaign in sorted(running, key=lambda campaign: left_permille(campaign, meter, now=now)):
        left = rooms(campaign, meter, now=now)
        # Where another limit is nearer, that one would be reached, for others as well.
        if waiting and campaign.daily_budget and left.day is not None and left.day == left.smallest:
            missing = left.day - expected_micros([campaign], minutes=waiting[-1], now=now)
            is_first = len(waiting) == len(CAMPAIGN_MINUTES)
            most = MOST_ADDED_FIRST_PERCENT if is_first else MOST_ADDED_PERCENT
            if 0 < missing <= to_micros(campaign.daily_budget) * most // 100:
                waiting.pop()
                meter.count(campaign.pk, missing, on=meter.day(campaign.pk, now))
                yield Addition(campaign, missing)


def left_permille(campaign: Campaign, meter: Meter, *, now: datetime) -> int:
    """Return how much of its daily budget a campaign has left; everything, if it has none."""
    left = rooms(campaign, meter, now=now).day
    return (
        left * 1_000 // to_micros(campaign.daily_budget)
        if left and campaign.daily_budget
        else 1_000
    )


def rooms(campaign: Campaign, meter: Meter, *, now: datetime) -> Limits:
    return meter.rooms_micros(campaign.pk, meter.day(campaign.pk, now))


def expected_micros(campaigns: Sequence[Campaign], *, minutes: int, now: datetime) -> int:
    """Return what the mock platform will charge for the coming minutes."""
    traffic = Traffic()
    return sum(
        traffic.charge_micros(advertiser(campaign), start)
        for campaign in campaigns
        for start in traffic.slots(now, now + minutes * MINUTE)
    )


def entry(addition: Addition, *, now: datetime) -> SpendEntry:
    """Return the addition as an entry of the ledger, in whole coins and never a coin short."""
    campaign, currency = addition.campaign, addition.campaign.brand.currency
    coin = coin_micros(currency)
    return SpendEntry(
        source=SOURCE,
        key=f"{campaign.pk}{LAST}",
        campaign_id=campaign.pk,
        occurred_at=now,
        amount=to_units(-(-addition.micros // coin) * coin),
        currency=currency,
    )
