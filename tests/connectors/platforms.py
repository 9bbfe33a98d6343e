"""Each connector with a platform to speak to, as the contract needs it."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Self

import pytest
from django.test import override_settings

from budgets.connectors.base import Connector, Login
from budgets.connectors.google_ads import GoogleAdsConnector
from budgets.connectors.meta import MetaConnector
from budgets.connectors.mock import MockConnector
from budgets.connectors.webhook import WebhookConnector
from tests.platforms.behind import Behind
from tests.platforms.meta import MetaPlatform
from tests.platforms.webhook import SECRET, WebhookPlatform

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)


class Platform(ABC):
    """A platform with an account whose days begin at midnight in Kolkata, in rupees.

    It has the `CAMPAIGNS`; the one that runs has been charged for two days, and is charged on as
    time passes.
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


class StandIn(Platform):
    """A platform of these tests, whose clock is ours to set."""

    def __init__(self, behind: Behind) -> None:
        self.behind = behind
        self.now = NOON - timedelta(days=2)
        behind.clock = lambda: self.now
        behind.open_all()
        self.passes(timedelta(days=2))

    def passes(self, time: timedelta) -> None:
        self.now += time


class Mock(StandIn):
    def __init__(self) -> None:
        behind = Behind("a-1", token="let me in")
        super().__init__(behind)
        self.connector = MockConnector(behind.platform, clock=lambda: self.now)
        self.login = login("a-1", token="let me in")


class Hook(StandIn):
    """Speaks to a server on this machine."""

    def __init__(self) -> None:
        self.there = WebhookPlatform()
        super().__init__(self.there)
        self.connector = WebhookConnector()

    @contextmanager
    def started(self) -> Iterator[Self]:
        with self.there.served() as address:
            self.login = login(
                "a-1", url=f"{address}/status", secret=SECRET, totals_url=f"{address}/totals"
            )
            yield self


class GoogleAds(StandIn):
    """Speaks gRPC to a server on this machine."""

    def __init__(self) -> None:
        fake = pytest.importorskip("tests.platforms.google_ads", exc_type=ModuleNotFoundError)
        self.there = fake.GoogleAdsPlatform()
        super().__init__(self.there)
        self.connector = GoogleAdsConnector()

    @contextmanager
    def started(self) -> Iterator[Self]:
        with self.there.served() as addresses, override_settings(**addresses):
            self.login = login("123-456-7890", **self.there.credentials)
            yield self


class Meta(StandIn):
    """Speaks HTTP to a server on this machine."""

    def __init__(self) -> None:
        pytest.importorskip("facebook_business")
        self.there = MetaPlatform()
        super().__init__(self.there)
        self.connector = MetaConnector()

    @contextmanager
    def started(self) -> Iterator[Self]:
        with self.there.served() as address, override_settings(META_GRAPH_URL=address):
            self.login = login("act_42", **self.there.credentials)
            yield self


def login(external_id: str, **credentials: str) -> Login:
    return Login(
        external_id=external_id,
        timezone="Asia/Kolkata",
        currency="INR",
        credentials=credentials,
    )


PLATFORMS: dict[str, Callable[[], StandIn]] = {
    "google_ads": GoogleAds,
    "meta": Meta,
    "mock": Mock,
    "webhook": Hook,
}
