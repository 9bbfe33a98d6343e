"""What the mock platform charges for, and how much of it shows in its reports by when."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from budgets.connectors.mock.facts import MockAccount, MockCampaign
from budgets.connectors.mock.platform import MockPlatform
from budgets.connectors.mock.traffic import MINUTE, Dice, Traffic, coin_micros
from budgets.rules.clock import DAY, LocalClock

RESTATED_AFTER = (timedelta(hours=20), timedelta(hours=38), timedelta(hours=56))
"""How long after the end of a day its total is corrected; the last time within three days."""

SETTLE = """
INSERT INTO settled VALUES (?, ?, ?, ?)
ON CONFLICT (account, campaign, day) DO UPDATE SET micros = micros + excluded.micros
"""


class Charge(NamedTuple):
    """Micros charged for the minute that begins then."""

    at: datetime
    micros: int


class Billing:
    """What an account of the platform charges, by a traffic."""

    def __init__(self, platform: MockPlatform, account: MockAccount, traffic: Traffic) -> None:
        self.platform = platform
        self.account = account
        self.traffic = traffic
        self.clock = LocalClock.of(account.timezone)

    def charges(self, campaign: MockCampaign, since: datetime, until: datetime) -> Iterator[Charge]:
        """Yield what is charged in `[since, until)`: for the minutes in which it ran."""
        advertiser = campaign.advertiser(self.account)
        for start in self.traffic.slots(max(since, campaign.since), until):
            if campaign.is_running_at(start):
                micros = self.traffic.charge_micros(advertiser, start)
                if micros:
                    yield Charge(start, micros)

    def shown_at(self, campaign: MockCampaign, start: datetime) -> datetime:
        """Return when reports show what was charged for a minute."""
        late = Dice.thrown("lag", campaign.id, start.isoformat())
        return start + late.between(0, self.account.lag_minutes) * MINUTE

    def totals(
        self, campaigns: Sequence[MockCampaign], *, now: datetime
    ) -> Iterator[tuple[MockCampaign, Counter[date]]]:
        """Yield what reports show of each campaign by day, in micros."""
        settled = self.settle(campaigns, now=now)
        for campaign in campaigns:
            days = settled[campaign.id]
            shown = Counter(days)
            for charge in self.charges(campaign, self.settles_until(now), now):
                if self.shown_at(campaign, charge.at) <= now:
                    shown[self.clock.day(charge.at)] += charge.micros
            for day, micros in days.items():
                shown[day] += sum(self.corrections(campaign, day, micros, now=now))
            yield campaign, shown

    def corrections(
        self, campaign: MockCampaign, day: date, micros: int, *, now: datetime
    ) -> list[int]:
        """Return by how much a whole day's total was corrected by then, each time, in coins."""
        _, end = self.clock.day_bounds(day)
        coin, most = coin_micros(self.account.currency), self.account.restated_permille
        return [
            micros
            * Dice.thrown("restated", campaign.id, day, number).between(-most, most)
            // (1_000 * coin)
            * coin
            for number, after in enumerate(RESTATED_AFTER)
            if end + after <= now
        ]

    def settles_until(self, now: datetime) -> datetime:
        """Return until when every charge shows for certain."""
        return now - self.account.lag_minutes * MINUTE

    def settle(
        self, campaigns: Sequence[MockCampaign], *, now: datetime
    ) -> dict[str, Counter[date]]:
        """Add up, once, what shows for certain; return it by campaign and day."""
        until = self.settles_until(now)
        with self.platform.writing() as database:
            # Read again: somebody else may have settled meanwhile.
            for campaign in self.platform.campaigns(self.account.id, [c.id for c in campaigns]):
                days: Counter[date] = Counter()
                for charge in self.charges(campaign, campaign.settled_until, until):
                    days[self.clock.day(charge.at)] += charge.micros
                database.executemany(
                    SETTLE,
                    [
                        (self.account.id, campaign.id, day.isoformat(), micros)
                        for day, micros in days.items()
                    ],
                )
                database.execute(
                    "UPDATE campaign SET settled_until = ? WHERE account = ? AND id = ?",
                    (
                        max(until, campaign.settled_until).isoformat(),
                        *(self.account.id, campaign.id),
                    ),
                )
            return self.settled([campaign.id for campaign in campaigns])

    def settled(self, campaigns: Sequence[str]) -> dict[str, Counter[date]]:
        found: dict[str, Counter[date]] = {campaign: Counter() for campaign in campaigns}
        rows = self.platform.rows(
            "SELECT campaign, day, micros FROM settled WHERE account = ?", self.account.id
        )
        for campaign, day, micros in rows:
            if str(campaign) in found and isinstance(micros, int):
                found[str(campaign)][date.fromisoformat(str(day))] = micros
        return found

    def charged_micros(self, campaign: MockCampaign, day: date) -> int:
        """Return what the day costs in the end, worked out anew from the flips alone."""
        since, until = self.clock.day_bounds(day)
        whole = sum(charge.micros for charge in self.charges(campaign, since, until))
        return whole + sum(self.corrections(campaign, day, whole, now=until + 7 * DAY))
