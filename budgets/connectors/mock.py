"""A make-believe ad platform: spends for running campaigns, confirms every status.

Nothing is remembered: what a campaign spends in a slot follows from the seed, the campaign and the
slot alone, so the same question always has the same answer.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from hashlib import blake2b
from typing import Self

from budgets.connectors.base import CampaignRef, Delivery, SpendReport
from budgets.rules.clock import LocalClock
from budgets.rules.money import MICROS_PER_UNIT, to_micros, to_units

DEFAULT_SEED = "ad budgets"
MINUTE = timedelta(minutes=1)
BURST = timedelta(minutes=10)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MINUTES_PER_DAY = 1_440

PERMILLE_BY_HOUR = (
    *(18, 12, 8, 6, 6, 9, 18, 30, 42, 50, 56, 62),  # quiet nights, a rising morning
    *(68, 60, 52, 48, 50, 54, 60, 68, 74, 66, 50, 33),  # peaks at noon and in the evening
)
"""Share of a day's traffic in each local hour; the 24 add up to 1,000."""

PERCENT_BY_WEEKDAY = (100, 102, 103, 102, 100, 92, 90)
"""Traffic of a Monday, a Tuesday, … against the average day."""

PERCENT_OF_BUDGET = (60, 125)
"""What the least and the most eager campaign would spend on a day without a burst."""

NOISE_PERCENT = (60, 140)
BURSTS_ONE_IN = 48
BURST_TIMES = 5

UNITS_WITHOUT_BUDGET = (80, 240)
"""What a campaign without a daily budget would spend a day, in units of its currency."""

WHOLE_CURRENCIES = {"CLP", "ISK", "JPY", "KRW", "VND"}
"""Currencies without decimals; a unit of them is worth about a hundredth of others."""


@dataclass(frozen=True, slots=True)
class Dice:
    """Numbers that look random and are the same every time, for the same seed and words."""

    first: int
    second: int

    @classmethod
    def thrown(cls, *words: object) -> Self:
        digest = blake2b(repr(words).encode(), digest_size=16).digest()
        return cls(int.from_bytes(digest[:8], "big"), int.from_bytes(digest[8:], "big"))

    def between(self, least: int, most: int) -> int:
        """Return a whole number from `least` to `most`, both included."""
        return least + self.first % (most - least + 1)


class MockConnector:
    """Believable spend without a platform; deterministic from a seed.

    Money is charged at the start of each `slot`, counted from 1970 in UTC: a slot belongs to the
    span that holds its start, so spans of any length tile. Only a brand with a spend source of
    this name has an account here: nobody is charged invented money unasked.
    """

    name = "mock"

    def __init__(self, *, seed: str = DEFAULT_SEED, slot: timedelta = MINUTE) -> None:
        self.seed = seed
        self.slot = slot

    def read_spend(
        self, campaigns: Sequence[CampaignRef], *, since: datetime, until: datetime
    ) -> Iterable[SpendReport]:
        """Yield the spend of campaigns that run and whose brand has an account, in whole coins."""
        first = -((EPOCH - since) // self.slot)
        slots = [EPOCH + n * self.slot for n in range(first, -((EPOCH - until) // self.slot))]
        for campaign in campaigns:
            if campaign.is_running and self.name in campaign.sources:
                for start in slots:
                    micros = self.charge_micros(campaign, start)
                    if micros:
                        yield SpendReport(
                            key=f"{campaign.campaign_id}:{start.isoformat()}",
                            campaign_id=campaign.campaign_id,
                            occurred_at=start,
                            amount=to_units(micros),
                        )

    def send_status(self, campaigns: Sequence[CampaignRef]) -> Iterable[Delivery]:
        """Confirm everything at once."""
        return [
            Delivery(campaign_id=campaign.campaign_id, is_confirmed=True) for campaign in campaigns
        ]

    def charge_micros(self, campaign: CampaignRef, start: datetime) -> int:
        """Return what the campaign spends in the slot, whole in the currency's smallest coin."""
        local = LocalClock.of(campaign.timezone).local(start)
        dice = Dice.thrown(self.seed, known_as(campaign), start.isoformat())
        exact = (
            daily_appetite_micros(self.seed, campaign)
            * permille_a_minute(local.hour, local.minute)
            * PERCENT_BY_WEEKDAY[local.weekday()]
            * dice.between(*NOISE_PERCENT)
            * (BURST_TIMES if self.is_burst(campaign, start) else 1)
            * (self.slot // MINUTE)
            // (1_000 * 60 * 60 * 100 * 100)
        )
        return whole_coins(exact, coin=coin_micros(campaign.currency), chance=dice.second)

    def is_burst(self, campaign: CampaignRef, start: datetime) -> bool:
        """Say whether the slot lies in one of the few windows of sudden demand."""
        window = (start - EPOCH) // max(BURST, self.slot)
        return Dice.thrown(self.seed, known_as(campaign), window).first % BURSTS_ONE_IN == 0


@cache
def permille_a_minute(hour: int, minute: int) -> int:
    """Return 3,600 times the permille of a day's traffic in a minute, rising and falling evenly."""
    this, following = PERMILLE_BY_HOUR[hour], PERMILLE_BY_HOUR[(hour + 1) % 24]
    return this * (60 - minute) + following * minute


def known_as(campaign: CampaignRef) -> object:
    """Return what names the campaign in every installation alike, where it has such a name."""
    return campaign.external_id or campaign.campaign_id


def daily_appetite_micros(seed: str, campaign: CampaignRef) -> int:
    """Return what the campaign would spend on an average day if nothing stopped it."""
    dice = Dice.thrown(seed, known_as(campaign), "appetite")
    if campaign.daily_budget is not None:
        return to_micros(campaign.daily_budget) * dice.between(*PERCENT_OF_BUDGET) // 100
    worth = 100 if campaign.currency in WHOLE_CURRENCIES else 1
    return dice.between(*UNITS_WITHOUT_BUDGET) * worth * MICROS_PER_UNIT


def coin_micros(currency: str) -> int:
    """Return the smallest amount the platform charges."""
    return MICROS_PER_UNIT if currency in WHOLE_CURRENCIES else MICROS_PER_UNIT // 100


def whole_coins(micros: int, *, coin: int, chance: int) -> int:
    """Round to whole coins, up as often as the rest is large, so that days still add up."""
    return (micros // coin + (chance % coin < micros % coin)) * coin
