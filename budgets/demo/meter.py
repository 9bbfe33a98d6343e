"""Meter: how much room every limit still has, so that the demo's platform stops in time."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import NamedTuple

from budgets.models import Campaign, Spend
from budgets.rules.clock import LocalClock, clock_of, month_of
from budgets.rules.money import to_micros


class Counted(NamedTuple):
    """One running total: whose (a campaign or its brand), and since when."""

    brand_id: int
    campaign_id: int | None
    period: str
    start: date


class Limits(NamedTuple):
    """Micros for each of the limits a campaign can scope, in the order of `Meter.totals`."""

    day: int | None
    month: int | None
    brand_day: int | None
    brand_month: int | None

    @property
    def smallest(self) -> int | None:
        return least(*self)


class Metered(NamedTuple):
    """What the meter knows of a campaign."""

    brand_id: int
    clock: LocalClock
    limits: Limits


def least(*amounts: int | None) -> int | None:
    return min((amount for amount in amounts if amount is not None), default=None)


class Meter:
    """Totals of the demo's campaigns and brands by local day and month, beside their limits."""

    def __init__(self, campaigns: Iterable[Campaign]) -> None:
        self.campaigns = {campaign.pk: metered(campaign) for campaign in campaigns}
        self.micros: Counter[Counted] = Counter()
        for day in Spend.objects.filter(campaign_id__in=self.campaigns):
            self.count(day.campaign_id, to_micros(day.amount), on=day.day)

    def count(self, campaign_id: int, micros: int, *, on: date) -> None:
        """Add spend to the four totals it belongs to."""
        for total in self.totals(campaign_id, on):
            self.micros[total] += micros

    def totals(self, campaign_id: int, day: date) -> Iterator[Counted]:
        """Yield the totals a day's spend adds to, in the order of the limits."""
        brand_id = self.campaigns[campaign_id].brand_id
        for owner in (campaign_id, None):
            yield Counted(brand_id, owner, "day", day)
            yield Counted(brand_id, owner, "month", month_of(day))

    @property
    def brand_ids(self) -> set[int]:
        return {campaign.brand_id for campaign in self.campaigns.values()}

    def day(self, campaign_id: int, at: datetime) -> date:
        return self.campaigns[campaign_id].clock.day(at)

    def rooms_micros(self, campaign_id: int, day: date) -> Limits:
        """Return what can be spent until each limit is reached; `None` without that limit."""
        limits = self.campaigns[campaign_id].limits
        totals = self.totals(campaign_id, day)
        return Limits(
            *(
                None if limit is None else limit - self.micros[total]
                for limit, total in zip(limits, totals, strict=True)
            )
        )


def metered(campaign: Campaign) -> Metered:
    """Read the limits of a campaign, in the order of `Meter.totals`."""
    brand = campaign.brand
    budgets = (
        campaign.daily_budget,
        campaign.monthly_budget,
        brand.daily_budget,
        brand.monthly_budget,
    )
    limits = Limits(*(None if budget is None else to_micros(budget) for budget in budgets))
    return Metered(brand.pk, clock_of(brand.timezone), limits)
