"""Each connector with a platform to speak to, as the contract needs it."""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Self

from budgets.connectors.base import Connector, Login
from budgets.connectors.mock import MockConnector, MockPlatform
from budgets.connectors.mock.facts import MockAccount, MockCampaign
from budgets.connectors.mock.platform import IN_MEMORY
from budgets.connectors.webhook import WebhookConnector
from budgets.rules.status import RunStatus
from tests.platforms.webhook import SECRET, WebhookPlatform

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)


class Platform(ABC):
    """A platform with an account whose days begin at midnight in Kolkata, in rupees.

    It has the campaigns `running`, `paused` and `removed`; the first has been charged for two
    days, and is charged on as time passes.
    """

    connector: Connector
    login: Login

    @abstractmethod
    def passes(self, time: timedelta) -> None:
        """Let time pass on the platform, and in whatever the connector takes it from."""

    @contextmanager
    def started(self) -> Iterator[Self]:
        """Be there for a while."""
        yield self

    @property
    def refused(self) -> Login:
        """A login that the platform does not let in."""
        return replace(self.login, credentials={})


class Mock(Platform):
    def __init__(self) -> None:
        self.now = NOON - timedelta(days=2)
        platform = MockPlatform(IN_MEMORY)
        platform.save_account(
            MockAccount(
                id="a-1", name="Chai", currency="INR", timezone="Asia/Kolkata", token="let me in"
            )
        )
        platform.add_campaigns(
            "a-1",
            [
                MockCampaign(
                    id=status.value,
                    name=f"Tea | {status}",
                    status=status,
                    daily_budget_micros=500_000_000,
                    since=self.now,
                    settled_until=self.now,
                )
                for status in RunStatus
            ],
            now=self.now,
        )
        self.connector = MockConnector(platform, clock=lambda: self.now)
        self.login = Login(
            external_id="a-1",
            timezone="Asia/Kolkata",
            currency="INR",
            credentials={"token": "let me in"},
        )
        self.passes(timedelta(days=2))

    def passes(self, time: timedelta) -> None:
        self.now += time


class Hook(Platform):
    """Speaks to a server on this machine, whose clock is ours to set."""

    def __init__(self) -> None:
        self.now = NOON - timedelta(days=2)
        self.there = WebhookPlatform()
        self.there.clock = lambda: self.now
        for status in RunStatus:
            self.there.open(status.value, status)
        self.passes(timedelta(days=2))
        self.connector = WebhookConnector()

    @contextmanager
    def started(self) -> Iterator[Self]:
        with self.there.served() as address:
            self.login = Login(
                external_id="a-1",
                timezone="Asia/Kolkata",
                currency="INR",
                credentials={
                    "url": f"{address}/status",
                    "secret": SECRET,
                    "totals_url": f"{address}/totals",
                },
            )
            yield self

    def passes(self, time: timedelta) -> None:
        self.now += time


PLATFORMS: dict[str, type[Platform]] = {"mock": Mock, "webhook": Hook}
