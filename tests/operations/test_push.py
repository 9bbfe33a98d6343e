"""Delivery: what was decided and committed is told to the platform until it confirms."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

import pytest
from pytest_django import Settings

from budgets.connectors import CampaignRef, Delivery, SpendReport, registry
from budgets.models import Change
from budgets.operations.deliver import deliver_changes
from budgets.operations.holds import hold, release
from budgets.operations.reconcile import reconcile
from tests.builders import a_campaign, an_instant, spend

pytestmark = pytest.mark.django_db

NOON = an_instant("2026-03-10 12:00")
LATER = NOON + timedelta(minutes=1)


class NotedPlatform:
    """A platform that keeps a note of what it was told, and can be out of order."""

    name = "noted"

    def __init__(self) -> None:
        self.told: list[tuple[int, bool]] = []
        self.is_down = False
        self.loses_answers = False

    def read_spend(
        self, campaigns: Sequence[CampaignRef], *, since: datetime, until: datetime
    ) -> Iterable[SpendReport]:
        del campaigns, since, until
        return []

    def send_status(self, campaigns: Sequence[CampaignRef]) -> Iterable[Delivery]:
        if self.is_down:
            raise ConnectionError
        for campaign in campaigns:
            self.told.append((campaign.campaign_id, campaign.is_running))
            yield Delivery(campaign_id=campaign.campaign_id, is_confirmed=not self.loses_answers)


@pytest.fixture
def platform(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> NotedPlatform:
    noted = NotedPlatform()
    monkeypatch.setitem(registry.CONNECTORS, "noted", lambda: noted)
    settings.AD_CONNECTOR = "noted"
    return noted


def test_a_pause_is_told_and_confirmed(platform: NotedPlatform) -> None:
    campaign = a_campaign(daily="100")
    spend(campaign, "100", at=NOON)
    assert deliver_changes(now=LATER) == 1
    assert platform.told == [(campaign.pk, False)]
    change = Change.objects.get()
    assert (change.awaits_delivery, change.confirmed_at) == (False, LATER)
    assert deliver_changes(now=LATER) == 0


def test_the_platform_hears_of_starts_and_stops_only(platform: NotedPlatform) -> None:
    campaign = a_campaign(daily="100", monthly="100")
    spend(campaign, "100", at=NOON)
    hold(campaign, by=None, now=NOON)  # paused it was already
    assert Change.objects.awaiting_delivery().count() == 1


def test_what_is_told_is_where_the_campaign_stands_now(platform: NotedPlatform) -> None:
    campaign = a_campaign()
    hold(campaign, by=None, now=NOON)
    release(campaign, by=None, now=NOON)
    assert deliver_changes(now=LATER) == 2
    assert platform.told == [(campaign.pk, True)]


def test_what_is_not_confirmed_is_told_again(platform: NotedPlatform) -> None:
    campaign = a_campaign()
    hold(campaign, by=None, now=NOON)
    platform.loses_answers = True
    assert deliver_changes(now=LATER) == 0
    platform.loses_answers = False
    assert deliver_changes(now=LATER) == 1
    assert platform.told == [(campaign.pk, False)] * 2


def test_a_platform_that_is_down_loses_nothing(platform: NotedPlatform) -> None:
    campaign = a_campaign()
    hold(campaign, by=None, now=NOON)
    platform.is_down = True
    with pytest.raises(ConnectionError):
        deliver_changes(now=LATER)
    platform.is_down = False
    assert deliver_changes(now=LATER) == 1


def test_a_run_takes_no_more_than_its_limit(platform: NotedPlatform) -> None:
    for _ in range(5):
        hold(a_campaign(), by=None, now=NOON)
    assert [deliver_changes(now=LATER, limit=2) for _ in range(4)] == [2, 2, 1, 0]
    assert len(platform.told) == 5


def test_without_a_platform_nothing_waits(settings: Settings) -> None:
    settings.AD_CONNECTOR = ""
    a_campaign(daily="0")
    reconcile(now=NOON)
    assert Change.objects.count() == 1
    assert not Change.objects.awaiting_delivery().exists()
    assert deliver_changes(now=LATER) == 0


def test_an_unknown_platform_is_named_with_those_there_are(settings: Settings) -> None:
    settings.AD_CONNECTOR = "myspace"
    with pytest.raises(LookupError, match=r"myspace.*mock"):
        deliver_changes(now=LATER)
