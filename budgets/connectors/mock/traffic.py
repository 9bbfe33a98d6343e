"""The traffic of the mock platform: what a campaign would spend in a minute in which it runs.

Nothing is remembered, so the same question always has the same answer.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from hashlib import blake2b
from typing import Self

from budgets.rules.clock import LocalClock
from budgets.rules.money import MICROS_PER_UNIT

DEFAULT_SEED = "ad budgets"
MINUTE = timedelta(minutes=1)
BURST = timedelta(minutes=10)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Advertiser:
    """A campaign as far as its traffic depends on it."""

    key: str
    """What it is called wherever it runs: the same key spends alike in every installation."""
    currency: str
    timezone: str
    daily_budget_micros: int | None


@dataclass(frozen=True, slots=True)
class Traffic:
    """Believable spend: what a running campaign spends in a slot follows from seed and slot alone.

    Money is charged at the start of each slot, counted from 1970 in UTC.
    """

    seed: str = DEFAULT_SEED
    slot: timedelta = MINUTE

    def slots(self, since: datetime, until: datetime) -> Iterator[datetime]:
        """Yield the starts of the slots in `[since, until)`: spans of any length tile."""
        first, end = (-((EPOCH - at) // self.slot) for at in (since, until))
        return (EPOCH + number * self.slot for number in range(first, end))

    def charge_micros(self, campaign: Advertiser, start: datetime) -> int:
        """Return what the campaign spends in the slot, whole in the currency's smallest coin."""
        local = LocalClock.of(campaign.timezone).local(start)
        dice = Dice.thrown(self.seed, campaign.key, start.isoformat())
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

    def is_burst(self, campaign: Advertiser, start: datetime) -> bool:
        """Say whether the slot lies in one of the few windows of sudden demand."""
        window = (start - EPOCH) // max(BURST, self.slot)
        return Dice.thrown(self.seed, campaign.key, window).first % BURSTS_ONE_IN == 0


@cache
def permille_a_minute(hour: int, minute: int) -> int:
    """Return 3,600 times the permille of a day's traffic in a minute, rising and falling evenly."""
    this, following = PERMILLE_BY_HOUR[hour], PERMILLE_BY_HOUR[(hour + 1) % 24]
    return this * (60 - minute) + following * minute


def daily_appetite_micros(seed: str, campaign: Advertiser) -> int:
    """Return what the campaign would spend on an average day if nothing stopped it."""
    dice = Dice.thrown(seed, campaign.key, "appetite")
    if campaign.daily_budget_micros is not None:
        return campaign.daily_budget_micros * dice.between(*PERCENT_OF_BUDGET) // 100
    worth = 100 if campaign.currency in WHOLE_CURRENCIES else 1
    return dice.between(*UNITS_WITHOUT_BUDGET) * worth * MICROS_PER_UNIT


def coin_micros(currency: str) -> int:
    """Return the smallest amount the platform charges."""
    return MICROS_PER_UNIT if currency in WHOLE_CURRENCIES else MICROS_PER_UNIT // 100


def whole_coins(micros: int, *, coin: int, chance: int) -> int:
    """Round to whole coins, up as often as the rest is large, so that days still add up."""
    return (micros // coin + (chance % coin < micros % coin)) * coin
