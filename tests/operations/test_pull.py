"""Spend is pulled once, whole, and again after a failure."""

import logging
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from pytest_django import Settings

from budgets.connectors import CampaignRef, Delivery, SpendReport
from budgets.connectors.mock import MockConnector
from budgets.connectors.registry import CONNECTORS
from budgets.models import Brand, Campaign, Heartbeat, LedgerEntry, Source, Spend
from budgets.operations.heartbeat import record_beat
from budgets.operations.platforms import pull as pulling
from budgets.operations.platforms.pull import sync_spend
from budgets.operations.platforms.push import refs_of
from budgets.rules.reasons import PauseReason
from tests.builders import a_brand, a_campaign, an_instant, spend, the_clock_at

pytestmark = pytest.mark.django_db

NOON = an_instant("2026-03-10 12:00")
MINUTE = timedelta(minutes=1)


class Platform:
    """An ad platform that answers what a test tells it to."""

    name = "meta"

    def __init__(self) -> None:
        self.reports: list[SpendReport] = []
        self.fails_after: int | None = None
        self.asked: list[tuple[datetime, datetime]] = []

    def read_spend(
        self, campaigns: Sequence[CampaignRef], *, since: datetime, until: datetime
    ) -> Iterator[SpendReport]:
        del campaigns
        self.asked.append((since, until))
        for number, report in enumerate(self.reports):
            if number == self.fails_after:
                raise ConnectionError("the platform hung up")
            yield report

    def send_status(self, campaigns: Sequence[CampaignRef]) -> Iterable[Delivery]:
        return [
            Delivery(campaign_id=campaign.campaign_id, is_confirmed=True) for campaign in campaigns
        ]

    def spends(self, campaign_id: int, amount: str, *, key: str) -> None:
        self.reports.append(
            SpendReport(key=key, campaign_id=campaign_id, occurred_at=NOON, amount=Decimal(amount))
        )


@pytest.fixture
def platform(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Platform:
    """Return the platform that spend is pulled from."""
    platform = Platform()
    monkeypatch.setitem(CONNECTORS, "meta", lambda: platform)
    settings.AD_CONNECTOR = "meta"
    return platform


@pytest.fixture
def mock(settings: Settings) -> None:
    """Pull from the mock platform."""
    settings.AD_CONNECTOR = "mock"


@pytest.fixture
def campaign() -> Campaign:
    with the_clock_at(NOON):
        return a_campaign(daily="100000", brand=a_mock_client())


def a_mock_client() -> Brand:
    """Save a brand that the mock platform knows."""
    brand = a_brand()
    Source.objects.create(brand=brand, name="mock", timezone=brand.timezone)
    return brand


def pull(now: datetime) -> int:
    """Do what the task does: pull, then write the heartbeat."""
    accepted = sync_spend(now=now)
    record_beat("sync_spend", result=accepted, now=now)
    return accepted


def keys() -> set[str]:
    return set(LedgerEntry.objects.values_list("key", flat=True))


def test_without_a_connector_nothing_is_pulled(campaign: Campaign) -> None:
    assert sync_spend(now=NOON) == 0


@pytest.mark.usefixtures("mock")
def test_pulls_at_odd_moments_miss_no_slot(campaign: Campaign) -> None:
    record_beat("sync_spend", result=0, now=NOON)
    for seconds in (61, 100, 179, 180, 240, 301):
        pull(NOON + timedelta(seconds=seconds))

    assert keys() == {f"{campaign.pk}:{(NOON + n * MINUTE).isoformat()}" for n in range(6)}


@pytest.mark.usefixtures("mock")
def test_pulling_a_span_twice_records_it_once(campaign: Campaign) -> None:
    first = sync_spend(now=NOON)
    second = sync_spend(now=NOON)

    assert (first, second) == (60, 0)


@pytest.mark.usefixtures("mock")
def test_what_the_platform_reported_is_what_was_spent(campaign: Campaign) -> None:
    pull(NOON)

    reported = MockConnector().read_spend(
        refs_of([campaign.pk]), since=NOON - timedelta(hours=1), until=NOON
    )
    assert Spend.objects.get().amount == sum(report.amount for report in reported)


@pytest.mark.usefixtures("mock")
def test_a_paused_campaign_reports_nothing(campaign: Campaign) -> None:
    with the_clock_at(NOON):
        a_campaign(is_held=True, brand=a_mock_client())

    pull(NOON)

    assert set(LedgerEntry.objects.values_list("campaign", flat=True)) == {campaign.pk}


def test_the_next_pull_begins_where_the_last_ended(platform: Platform) -> None:
    pull(NOON)
    pull(NOON + MINUTE)

    assert platform.asked[1] == (NOON, NOON + MINUTE)


def test_the_first_pull_reaches_back_an_hour(platform: Platform) -> None:
    pull(NOON)

    assert platform.asked == [(NOON - timedelta(hours=1), NOON)]


def test_after_a_night_off_a_pull_reaches_back_an_hour(platform: Platform) -> None:
    record_beat("sync_spend", result=0, now=NOON - timedelta(hours=12))

    pull(NOON)

    assert platform.asked == [(NOON - timedelta(hours=1), NOON)]


def test_a_clock_set_back_pulls_an_empty_span(platform: Platform) -> None:
    record_beat("sync_spend", result=0, now=NOON + timedelta(hours=2))

    pull(NOON)

    assert platform.asked == [(NOON, NOON)]


def test_a_pull_that_failed_is_repeated_whole(platform: Platform, campaign: Campaign) -> None:
    pull(NOON - MINUTE)
    platform.spends(campaign.pk, "3.00", key="a")
    platform.fails_after = 0
    with pytest.raises(ConnectionError):
        pull(NOON)

    platform.fails_after = None
    pull(NOON + MINUTE)

    assert platform.asked[-1] == (NOON - MINUTE, NOON + MINUTE)
    assert keys() == {"a"}


def test_a_pull_that_failed_half_way_counts_nothing_twice(
    platform: Platform, campaign: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pulling, "ENTRIES_A_BATCH", 1)
    platform.spends(campaign.pk, "3.00", key="a")
    platform.spends(campaign.pk, "4.00", key="b")
    platform.fails_after = 1
    with pytest.raises(ConnectionError):
        pull(NOON)

    platform.fails_after = None
    pull(NOON + MINUTE)

    assert Spend.objects.get().amount == Decimal("7.00")


def test_many_reports_are_recorded_in_batches(
    platform: Platform, campaign: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pulling, "ENTRIES_A_BATCH", 2)
    for number in range(5):
        platform.spends(campaign.pk, "1.00", key=str(number))

    assert pull(NOON) == 5


def test_one_unknown_campaign_does_not_lose_the_others_spend(
    platform: Platform, campaign: Campaign, caplog: pytest.LogCaptureFixture
) -> None:
    platform.spends(campaign.pk + 1, "1.00", key="stranger")
    platform.spends(campaign.pk, "2.00", key="ours")

    with caplog.at_level(logging.WARNING):
        assert pull(NOON) == 1

    assert "1 of 2 reports of meta were refused; the first, 'stranger'" in caplog.text


def test_spend_is_recorded_in_the_brands_currency(platform: Platform) -> None:
    with the_clock_at(NOON):
        yen = a_campaign(brand=a_brand(currency="JPY"))
    platform.spends(yen.pk, "300", key="a")

    assert pull(NOON) == 1


@pytest.mark.usefixtures("mock")
def test_mock_traffic_pauses_a_campaign_at_its_budget() -> None:
    with the_clock_at(NOON):
        campaign = a_campaign(daily="1000", brand=a_mock_client())
        spend(campaign, "999.99", at=NOON)
    record_beat("sync_spend", result=0, now=NOON)

    for number in range(1, 11):
        pull(NOON + number * MINUTE)

    campaign.refresh_from_db()
    assert campaign.pause_reasons == PauseReason.DAILY_BUDGET
    assert campaign.changes.count() == 1


@pytest.mark.usefixtures("mock")
def test_mock_traffic_charges_no_brand_that_has_no_account_there(campaign: Campaign) -> None:
    with the_clock_at(NOON):
        a_campaign(daily="1000", brand=a_brand(name="A client of our own"))

    pull(NOON)

    assert set(LedgerEntry.objects.values_list("campaign", flat=True)) == {campaign.pk}


@pytest.mark.usefixtures("mock")
def test_a_pull_leaves_no_heartbeat_of_its_own(campaign: Campaign) -> None:
    sync_spend(now=NOON)

    assert not Heartbeat.objects.exists()
