"""Spend is pulled once, whole, and again after a failure, from where each account was last read."""

import logging
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from budgets.connectors import registry
from budgets.connectors.base import Capability, Login, ReportedDay, ReportedEvent
from budgets.connectors.mock.billing import Billing
from budgets.models import (
    Brand,
    Campaign,
    Failure,
    LedgerEntry,
    PlatformAccount,
    ReportedTotal,
    Spend,
)
from budgets.operations.holds import hold, release
from budgets.operations.platforms import asking
from budgets.operations.platforms import pull as pulling
from budgets.operations.platforms.links import link
from budgets.rules.clock import DAY
from budgets.rules.money import to_units
from budgets.rules.reasons import PauseReason
from tests.builders import a_brand, a_campaign, an_instant
from tests.mock_world import World, key_of

pytestmark = pytest.mark.django_db

NOON = an_instant("2026-03-10 12:00")
TODAY, YESTERDAY = date(2026, 3, 10), date(2026, 3, 9)
MINUTE = timedelta(minutes=1)


class Reports:
    """A platform that reports what a test tells it to."""

    name = "meta"
    title = "Meta"
    capabilities = Capability.DAY_TOTALS

    def __init__(self, world: World) -> None:
        self.limits = world.connector.limits
        self.credential_fields = ()
        self.clock = world.clock
        self.days: dict[tuple[str, date], tuple[str, str]] = {}
        self.events: list[ReportedEvent] = []
        self.fails_after: int | None = None
        self.asked: list[tuple[date, date]] = []

    def read_days(
        self, login: Login, campaigns: Sequence[str], *, first: date, last: date
    ) -> Iterator[ReportedDay]:
        del login
        self.asked.append((first, last))
        for number, ((campaign, day), (total, currency)) in enumerate(self.days.items()):
            if number == self.fails_after:
                raise ConnectionError("the platform hung up")
            if campaign in campaigns and first <= day <= last:
                yield ReportedDay(campaign, day, Decimal(total), currency, self.clock())

    def read_events(
        self, login: Login, campaigns: Sequence[str], *, since: datetime, until: datetime
    ) -> list[ReportedEvent]:
        del login, campaigns
        return [event for event in self.events if since <= event.occurred_at < until]

    def spent(self, campaign: Campaign, day: date, total: str, *, currency: str = "USD") -> None:
        self.days[key_of(campaign), day] = (total, currency)


@pytest.fixture
def reports(world: World, monkeypatch: pytest.MonkeyPatch) -> Reports:
    """Return a platform that takes the place of the mock."""
    reports = Reports(world)
    monkeypatch.setitem(registry.CONNECTORS, "mock", lambda: reports)
    return reports


@pytest.fixture
def brand() -> Brand:
    return a_brand()


@pytest.fixture
def account(world: World, brand: Brand) -> PlatformAccount:
    return world.account(brand, reads_from=date(2026, 3, 1))


@pytest.fixture
def campaign(world: World, brand: Brand, account: PlatformAccount) -> Campaign:
    campaign = a_campaign(brand=brand)
    world.link([campaign], account)
    return campaign


def booked() -> dict[date, Decimal]:
    return dict(Spend.objects.values_list("day", "amount"))


def test_what_the_platform_shows_is_what_is_booked(world: World, campaign: Campaign) -> None:
    world.passes(hours=2)

    assert world.pull() == 1

    ((_, day, total, *_),) = world.connector.read_days(
        login_of(campaign), [key_of(campaign)], first=TODAY, last=TODAY
    )
    assert total > 0
    assert booked() == {day: total}


def login_of(campaign: Campaign) -> Login:
    account = campaign.links.get().account
    return Login(
        external_id=account.external_id,
        timezone=account.timezone,
        currency=account.currency,
        credentials=account.credentials,
    )


def test_what_is_known_already_is_no_news(world: World, campaign: Campaign) -> None:
    world.passes(hours=2)
    world.pull()

    assert world.pull() == 0
    assert LedgerEntry.objects.count() == 1


def test_a_paused_campaign_costs_nothing_more(world: World, campaign: Campaign) -> None:
    world.deliver()
    world.passes(hours=2)
    world.pull()
    hold(campaign, by=None, now=world.now)
    world.deliver()
    before = booked()
    world.passes(hours=2)

    assert world.pull() == 0
    assert booked() == before


def test_spend_at_the_platform_pauses_a_campaign_at_its_budget(
    world: World, brand: Brand, account: PlatformAccount
) -> None:
    campaign = a_campaign(brand=brand, daily="1")
    world.link([campaign], account, daily="1000")
    world.passes(hours=2)

    world.pull()

    campaign.refresh_from_db()
    assert campaign.pause_reasons == PauseReason.DAILY_BUDGET
    assert campaign.links.get().wanted == "paused"


def test_the_first_reading_begins_on_the_day_that_the_account_says(
    reports: Reports, world: World, campaign: Campaign
) -> None:
    world.pull()

    assert reports.asked[0][0] == date(2026, 3, 1)
    assert reports.asked[-1][1] == TODAY


def test_the_next_begins_three_days_before_the_last(
    reports: Reports, world: World, campaign: Campaign
) -> None:
    world.pull()
    reports.asked.clear()
    world.passes(minutes=1)

    world.pull()

    assert reports.asked == [(date(2026, 3, 7), TODAY)]


def test_after_a_month_off_not_a_day_is_left_out(
    reports: Reports, world: World, campaign: Campaign
) -> None:
    world.pull()
    reports.asked.clear()
    world.passes(days=31)

    world.pull()

    assert reports.asked[0][0] == date(2026, 3, 7)
    assert reports.asked[-1][1] == date(2026, 4, 10)
    assert [first for first, _ in reports.asked[1:]] == [
        last + DAY for _, last in reports.asked[:-1]
    ]


def test_a_reading_cut_off_goes_on_where_it_was(
    reports: Reports, world: World, campaign: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pulling, "LONGEST_RUN", timedelta(-1))  # after one piece
    for _ in range(3):
        world.pull()

    assert [first for first, _ in reports.asked] == [
        date(2026, 3, 1),
        date(2026, 3, 5),  # three days before the 8th
        date(2026, 3, 7),
    ]


def test_a_clock_set_back_loses_nothing(reports: Reports, world: World, campaign: Campaign) -> None:
    world.pull()
    reports.asked.clear()
    world.passes(hours=-13)

    world.pull()

    assert reports.asked == [(date(2026, 3, 6), YESTERDAY)]


def test_a_failed_reading_is_repeated_whole(
    reports: Reports, world: World, campaign: Campaign
) -> None:
    reports.spent(campaign, YESTERDAY, "3.00")
    reports.spent(campaign, TODAY, "4.00")
    reports.fails_after = 1
    world.pull()
    assert booked() == {}
    reports.fails_after = None
    world.passes(minutes=2)

    assert world.pull() == 2
    assert booked() == {YESTERDAY: Decimal(3), TODAY: Decimal(4)}


def test_an_account_that_fails_is_noted_and_delays_no_other(
    world: World, brand: Brand, account: PlatformAccount, campaign: Campaign
) -> None:
    other = a_campaign(brand=brand)
    world.link([other], world.account(brand, external_id="a-2"))
    world.set(account, token="another")
    world.passes(hours=1)

    assert world.pull() == 1

    exchange = account.exchanges.get(direction="spend")
    assert (exchange.failure, exchange.failing_since) == (Failure.CREDENTIALS, world.now)
    assert set(Spend.objects.values_list("campaign", flat=True)) == {other.pk}


def test_a_corrected_day_replaces_what_was_said(
    reports: Reports, world: World, campaign: Campaign
) -> None:
    reports.spent(campaign, YESTERDAY, "30")
    world.pull()
    reports.spent(campaign, YESTERDAY, "28.50")
    world.passes(minutes=1)

    assert world.pull() == 1
    assert booked() == {YESTERDAY: Decimal("28.5")}


def test_a_day_corrected_to_nothing_is_nothing(
    reports: Reports, world: World, campaign: Campaign
) -> None:
    reports.spent(campaign, YESTERDAY, "30")
    world.pull()
    reports.spent(campaign, YESTERDAY, "0")
    world.passes(minutes=1)
    world.pull()

    assert booked() == {YESTERDAY: Decimal(0)}


def test_a_day_that_is_left_out_stays_as_it_was(
    reports: Reports, world: World, campaign: Campaign
) -> None:
    reports.spent(campaign, YESTERDAY, "30")
    world.pull()
    reports.days.clear()
    world.passes(minutes=1)
    world.pull()

    assert booked() == {YESTERDAY: Decimal(30)}


def test_what_never_cost_anything_leaves_no_row(
    reports: Reports, world: World, campaign: Campaign
) -> None:
    reports.spent(campaign, TODAY, "0")

    assert world.pull() == 0
    assert not ReportedTotal.objects.exists()


def test_campaigns_there_that_are_parts_of_one_here_are_added_up(
    reports: Reports, world: World, account: PlatformAccount, campaign: Campaign
) -> None:
    account.campaigns.create(campaign=campaign, external_id="other half")
    reports.spent(campaign, TODAY, "30")
    reports.days["other half", TODAY] = ("12", "USD")
    world.pull()
    reports.days["other half", TODAY] = ("13", "USD")
    world.passes(minutes=1)
    world.pull()

    assert booked() == {TODAY: Decimal(43)}


def test_what_is_refused_is_said_and_read_again_until_it_is_taken(
    reports: Reports, world: World, campaign: Campaign, caplog: pytest.LogCaptureFixture
) -> None:
    reports.spent(campaign, YESTERDAY, "3.00", currency="EUR")
    reports.spent(campaign, TODAY, "2.00")
    with caplog.at_level(logging.WARNING):
        assert world.pull() == 1
    exchange = campaign.links.get().account.exchanges.get(direction="spend")
    assert exchange.refused == 1
    assert "spends USD" in exchange.refusal
    assert "1 of 2 rows of a-1 were refused" in caplog.text

    for _ in range(10):
        world.passes(days=1)
        world.pull()
    reports.spent(campaign, YESTERDAY, "3.00")
    world.passes(days=1)
    world.pull()

    assert booked() == {YESTERDAY: Decimal(3), TODAY: Decimal(2)}
    exchange.refresh_from_db()
    assert (exchange.refused, exchange.refusal) == (0, "")


def test_a_campaign_linked_later_is_read_from_the_beginning(
    reports: Reports, world: World, brand: Brand, account: PlatformAccount, campaign: Campaign
) -> None:
    world.pull()
    late = a_campaign(brand=brand)
    reports.spent(late, date(2026, 3, 2), "5")
    link(
        account.campaigns.model(campaign=late, account=account, external_id=key_of(late)), now=NOON
    )

    world.pull()

    assert booked() == {date(2026, 3, 2): Decimal(5)}


def test_many_campaigns_are_asked_for_in_several_calls(
    reports: Reports, world: World, brand: Brand, account: PlatformAccount, campaign: Campaign,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(asking, "CAMPAIGNS_A_CALL", 2)
    monkeypatch.setattr(pulling, "ROWS_AT_ONCE", 1)
    campaigns = [campaign, *(a_campaign(brand=brand) for _ in range(4))]
    world.link(campaigns[1:], account)
    for each in campaigns:
        reports.spent(each, TODAY, "1")

    assert world.pull() == 5


def test_days_are_booked_on_the_accounts_own_dates(reports: Reports, world: World) -> None:
    brand = a_brand(zone="America/Los_Angeles")
    account = world.account(brand, timezone="Asia/Tokyo")
    campaign = a_campaign(brand=brand)
    world.link([campaign], account)
    world.passes(hours=4)  # the 11th has begun in Tokyo
    reports.spent(campaign, date(2026, 3, 11), "1")

    assert world.pull() == 1
    assert booked() == {date(2026, 3, 11): Decimal(1)}


def test_a_platform_of_events_is_read_by_events(
    reports: Reports, world: World, campaign: Campaign
) -> None:
    reports.capabilities = Capability.EVENTS
    for key, at in (("a", NOON - 2 * DAY), ("b", NOON - MINUTE)):
        reports.events.append(ReportedEvent(key, key_of(campaign), at, Decimal(1), "USD"))
    assert world.pull() == 2
    late = NOON - DAY  # arrives a day after it happened
    reports.events.append(ReportedEvent("c", key_of(campaign), late, Decimal(1), "USD"))
    world.passes(minutes=1)

    assert world.pull() == 1
    assert sum(booked().values()) == 3


def test_an_account_that_is_off_is_not_read(
    world: World, account: PlatformAccount, campaign: Campaign
) -> None:
    PlatformAccount.objects.update(is_on=False)
    world.passes(hours=1)

    assert world.pull() == 0
    assert not account.exchanges.exists()


@pytest.mark.slow
def test_late_and_restated_reports_and_a_day_away_lose_not_a_micro(
    world: World, brand: Brand
) -> None:
    """The platform is away for 26 hours, over a midnight and the end of the month.

    Nine days in steps of 47 minutes: six seconds, 16 on PostgreSQL.
    """
    world.now = an_instant("2026-03-28 09:00")
    account = world.account(brand, timezone="America/New_York")
    campaigns = [a_campaign(brand=brand) for _ in range(3)]
    world.link(campaigns, account, daily="900")
    world.set(account, lag_minutes=60, restated_permille=30)
    world.deliver()
    away = (an_instant("2026-03-31 03:00"), an_instant("2026-04-01 05:00"))
    ends = an_instant("2026-04-06 12:00")
    turns = 0
    while world.passes(minutes=47) < ends:
        world.set(account, is_down=away[0] <= world.now < away[1])
        turns += 1
        if turns % 9 == 0:
            campaign = campaigns[turns // 9 % 3]
            campaign.refresh_from_db()
            (release if campaign.is_held else hold)(campaign, by=None, now=world.now)
        world.deliver()
        world.pull()

    there = world.platform.account(account.external_id)
    assert there
    billing = Billing(world.platform, there, world.traffic)
    charged = {
        (int(campaign.id.removeprefix("c-")), day): to_units(billing.charged_micros(campaign, day))
        for campaign in world.platform.campaigns(account.external_id)
        for day in (date(2026, 3, 28) + n * DAY for n in range(6))  # later ones are not final
    }
    spent = Spend.objects.filter(day__lt=date(2026, 4, 3))
    assert {(row.campaign_id, row.day): row.amount for row in spent if row.amount} == {
        day: amount for day, amount in charged.items() if amount
    }
    assert len(charged) == 18
