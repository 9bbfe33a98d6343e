"""A world with the mock platform in memory: accounts, linked campaigns, a clock of its own."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from budgets.connectors.mock import MockConnector, MockPlatform
from budgets.connectors.mock.facts import MockAccount, MockCampaign
from budgets.connectors.mock.platform import IN_MEMORY
from budgets.connectors.mock.traffic import Traffic
from budgets.models import Brand, Campaign, LinkedCampaign, PlatformAccount
from budgets.operations.deliver import deliver_changes
from budgets.operations.platforms.pull import sync_spend
from budgets.rules.money import to_micros
from budgets.rules.status import RunStatus

TOKEN = "let me in"


class World:
    """The platform, the connector to it, and the instant that both believe it is."""

    def __init__(self, now: datetime, *, seed: object = 1, traffic: Traffic | None = None) -> None:
        self.now = now
        self.platform = MockPlatform(IN_MEMORY)
        self.traffic = traffic or Traffic()
        self.connector = MockConnector(
            self.platform,
            clock=self.clock,
            sleep=lambda _seconds: None,
            seed=seed,
            traffic=self.traffic,
        )
        self.calls: list[str] = []

    def clock(self) -> datetime:
        return self.now

    def passes(self, **length: float) -> datetime:
        self.now += timedelta(**length)
        return self.now

    def account(self, brand: Brand, *, external_id: str = "a-1", **facts: Any) -> PlatformAccount:
        """Open an account of the brand at the platform, and save it here."""
        there = MockAccount(
            id=external_id,
            name=brand.name,
            currency=brand.currency,
            timezone=facts.get("timezone", brand.timezone),
            token=TOKEN,
        )
        self.platform.save_account(there)
        account = PlatformAccount(
            brand=brand,
            name=facts.pop("name", external_id),
            connector="mock",
            external_id=external_id,
            currency=brand.currency,
            **{"timezone": brand.timezone, "reads_from": brand.clock.day(self.now), **facts},
        )
        account.credentials = {"token": TOKEN}
        account.save()
        return account

    def set(self, account: PlatformAccount, **faults: Any) -> None:
        """Give an account faults, or take them away."""
        there = self.platform.account(account.external_id)
        assert there is not None
        self.platform.save_account(replace(there, **faults))

    def open(self, account: PlatformAccount, *keys: str, status: RunStatus, daily: str) -> None:
        """Make campaigns at the platform."""
        campaigns = [
            MockCampaign(
                id=key,
                name=key,
                status=status,
                daily_budget_micros=to_micros(daily),
                since=self.now,
                settled_until=self.now,
            )
            for key in keys
        ]
        self.platform.add_campaigns(account.external_id, campaigns, now=self.now)

    def link(
        self,
        campaigns: Sequence[Campaign],
        account: PlatformAccount,
        *,
        status: RunStatus | None = None,
        daily: str = "100",
    ) -> list[LinkedCampaign]:
        """Link campaigns to new ones at the platform, which have their status unless one is given.

        Nothing has been told or asked yet: every row was made past our code.
        """
        for campaign in campaigns:
            stands = RunStatus.PAUSED if campaign.reasons else RunStatus.RUNNING
            self.open(account, key_of(campaign), status=status or stands, daily=daily)
        return LinkedCampaign.objects.bulk_create(
            LinkedCampaign(campaign=campaign, account=account, external_id=key_of(campaign))
            for campaign in campaigns
        )

    def deliver(self, **kwargs: Any) -> int:
        return deliver_changes(now=self.now, clock=self.clock, **kwargs)

    def pull(self, **kwargs: Any) -> int:
        return sync_spend(now=self.now, clock=self.clock, **kwargs)

    def stands(self, account: PlatformAccount) -> dict[str, str]:
        """Return the status of every campaign at the platform."""
        return {
            campaign.id: campaign.status.value
            for campaign in self.platform.campaigns(account.external_id)
        }

    def noted(self, *names: str) -> None:
        """Note the calls of these names, in `calls`."""
        for name in names:
            setattr(self.connector, name, self.noting(name, getattr(self.connector, name)))

    def noting(self, name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        def noted(*args: Any, **kwargs: Any) -> Any:
            self.calls.append(name)
            return call(*args, **kwargs)

        return noted


def key_of(campaign: Campaign) -> str:
    return f"c-{campaign.pk}"
