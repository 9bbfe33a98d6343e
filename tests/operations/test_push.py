"""Push: what was decided and committed is told to the platform until it is known to have it."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from kombu import Connection

from budgets.connectors.base import Answer, Login, Order
from budgets.connectors.errors import ConnectorError, PermanentError, RateLimited, TemporaryError
from budgets.models import (
    AccountExchange,
    Brand,
    Campaign,
    Change,
    Failure,
    LinkedCampaign,
    PlatformAccount,
)
from budgets.operations.holds import hold, release
from budgets.operations.platforms import push as pushing
from budgets.operations.platforms.links import try_again
from budgets.operations.reconcile.wanted import statuses_wanted
from budgets.rules.reasons import PauseReason
from budgets.rules.status import RunStatus
from core.celery import app
from tests.builders import a_brand, a_campaign, an_instant, spend
from tests.mock_world import World, key_of

pytestmark = pytest.mark.django_db

NOON = an_instant("2026-03-10 12:00")
RUNNING, PAUSED = RunStatus.RUNNING, RunStatus.PAUSED


@pytest.fixture
def brand() -> Brand:
    return a_brand()


@pytest.fixture
def account(world: World, brand: Brand) -> PlatformAccount:
    return world.account(brand)


@pytest.fixture
def campaign(world: World, brand: Brand, account: PlatformAccount) -> Campaign:
    """Return a campaign that runs here and there, as both know."""
    campaign = a_campaign(brand=brand, daily="100")
    world.link([campaign], account)
    world.deliver()
    return campaign


def status_there(world: World, campaign: Campaign) -> str:
    (link,) = campaign.links.select_related("account")
    return world.stands(link.account)[link.external_id]


def link_of(campaign: Campaign) -> LinkedCampaign:
    return campaign.links.get()


def exchange_of(account: PlatformAccount) -> AccountExchange:
    return account.exchanges.get(direction="status")


class Answering:
    """Makes the platform's next answers to orders what a test says."""

    def __init__(self, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
        self.given: list[ConnectorError | dict[str, ConnectorError]] = []
        self.orders: list[list[Order]] = []
        self.set_status = world.connector.set_status
        monkeypatch.setattr(world.connector, "set_status", self)

    def __call__(self, login: Login, orders: Sequence[Order]) -> Sequence[Answer]:
        self.orders.append(list(orders))
        given = self.given.pop(0) if self.given else {}
        if isinstance(given, ConnectorError):
            raise given
        taken = [order for order in orders if order.campaign not in given]
        return [
            *self.set_status(login, taken),
            *(Answer(campaign, error) for campaign, error in given.items()),
        ]


@pytest.fixture
def answering(world: World, monkeypatch: pytest.MonkeyPatch) -> Answering:
    return Answering(world, monkeypatch)


def test_a_pause_is_told_and_confirmed(world: World, campaign: Campaign) -> None:
    spend(campaign, "100", at=NOON)
    world.passes(seconds=2)

    assert world.deliver() == 1

    assert status_there(world, campaign) == "paused"
    assert Change.objects.get().confirmed_at == world.now
    link = link_of(campaign)
    assert (link.wanted, link.wanted_at, link.confirmed, link.confirmed_at) == (
        *("paused", NOON),
        *("paused", world.now),
    )
    assert world.deliver() == 0


def test_the_platform_hears_of_starts_and_stops_only(
    world: World, campaign: Campaign, answering: Answering
) -> None:
    hold(campaign, by=None, now=NOON)
    world.deliver()
    spend(campaign, "100", at=NOON)  # paused it was already
    world.deliver()

    assert answering.orders == [[Order(key_of(campaign), PAUSED)]]


def test_what_is_told_is_what_is_wanted_now(
    world: World, campaign: Campaign, answering: Answering
) -> None:
    hold(campaign, by=None, now=NOON)
    release(campaign, by=None, now=NOON)

    assert world.deliver() == 0
    assert answering.orders == []  # it has been running all the time


def test_accounts_are_told_as_soon_as_it_is_committed(
    campaign: Campaign, account: PlatformAccount, django_capture_on_commit_callbacks: Any
) -> None:
    told: list[list[int]] = []

    def note(account_ids: list[int], **_: object) -> None:
        told.append(account_ids)

    statuses_wanted.connect(note)
    with django_capture_on_commit_callbacks(execute=True):
        hold(campaign, by=None, now=NOON)
        assert told == []

    assert told == [[account.pk]]


def test_stops_go_before_starts(
    world: World, brand: Brand, account: PlatformAccount, answering: Answering
) -> None:
    first, second = a_campaign(brand=brand, is_held=True), a_campaign(brand=brand)
    world.link([first, second], account)
    world.deliver()
    answering.orders.clear()
    release(first, by=None, now=NOON)
    hold(second, by=None, now=NOON + timedelta(seconds=1))

    world.deliver()

    assert answering.orders == [[Order(key_of(second), PAUSED), Order(key_of(first), RUNNING)]]


def test_a_lost_answer_is_asked_about_and_not_sent_again(
    world: World, account: PlatformAccount, campaign: Campaign
) -> None:
    world.noted("set_status", "read_status")
    hold(campaign, by=None, now=NOON)
    world.set(account, timeout_permille=1_000)
    assert world.deliver() == 0
    assert link_of(campaign).sent == "paused"
    world.set(account, timeout_permille=0)
    world.passes(minutes=1, seconds=15)

    assert world.deliver() == 1

    assert world.calls == ["set_status", "read_status"]
    assert link_of(campaign).is_confirmed


def test_a_call_that_came_to_nothing_is_sent_again(
    world: World, campaign: Campaign, answering: Answering
) -> None:
    hold(campaign, by=None, now=NOON)
    answering.given = [TemporaryError("503")]
    assert world.deliver() == 0
    world.passes(minutes=1, seconds=15)

    assert world.deliver() == 1

    assert len(answering.orders) == 2
    assert status_there(world, campaign) == "paused"


def test_a_stop_that_follows_a_start_on_its_way_is_sent_after_it(
    world: World, campaign: Campaign, answering: Answering
) -> None:
    """The start took effect, its answer was lost, and meanwhile the campaign must stop again."""
    hold(campaign, by=None, now=NOON)
    world.deliver()
    release(campaign, by=None, now=NOON)
    answering.given = [TemporaryError("timed out")]
    world.deliver()
    hold(campaign, by=None, now=NOON)
    world.passes(minutes=1, seconds=15)

    world.deliver()

    assert [orders[0].status for orders in answering.orders] == [PAUSED, RUNNING, PAUSED]
    assert link_of(campaign).is_confirmed
    assert status_there(world, campaign) == "paused"


def test_a_start_that_waits_is_not_sent_once_a_stop_was_decided(
    world: World, campaign: Campaign, answering: Answering
) -> None:
    hold(campaign, by=None, now=NOON)
    world.deliver()
    release(campaign, by=None, now=NOON)
    answering.given = [RateLimited("slow down", retry_after=timedelta(seconds=5))]
    world.deliver()
    hold(campaign, by=None, now=NOON)
    answering.orders.clear()
    world.passes(seconds=6)

    world.deliver()

    assert answering.orders == []
    assert status_there(world, campaign) == "paused"


def test_reading_leaves_calls_for_stops(
    world: World, account: PlatformAccount, campaign: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    few = replace(world.connector.limits, calls_a_minute=8)
    monkeypatch.setattr(world.connector, "limits", few)
    world.passes(minutes=1)
    for _ in range(8):
        world.pull()
    assert account.exchanges.get(direction="spend").failure == Failure.LIMITED
    hold(campaign, by=None, now=world.now)
    world.deliver()

    assert status_there(world, campaign) == "paused"


def test_a_campaign_waits_as_long_as_the_platform_says(
    world: World, campaign: Campaign, answering: Answering
) -> None:
    limited = RateLimited("Too many for this one.", retry_after=timedelta(minutes=7))
    answering.given = [{key_of(campaign): limited}]
    hold(campaign, by=None, now=NOON)
    world.deliver()

    assert link_of(campaign).next_try_at == NOON + timedelta(minutes=7)


def test_a_failing_account_is_left_alone_ever_longer(
    world: World, account: PlatformAccount, campaign: Campaign
) -> None:
    world.noted("set_status", "read_status")
    world.set(account, is_down=True)
    hold(campaign, by=None, now=NOON)
    for _ in range(600):
        world.passes(seconds=1)
        world.deliver()

    exchange = exchange_of(account)
    assert 10 <= len(world.calls) <= 20  # 2, 4, 8, 16, 32 and then 60 seconds apart
    assert (exchange.failure, exchange.failing_since) == (
        Failure.TEMPORARY,
        NOON + timedelta(seconds=1),
    )
    assert exchange.error == "The mock platform does not answer."


def test_a_platform_that_is_back_is_told_within_two_ticks(
    world: World, account: PlatformAccount, campaign: Campaign
) -> None:
    world.set(account, is_down=True)
    hold(campaign, by=None, now=NOON)
    for _ in range(60):
        world.passes(minutes=1)
        world.deliver()
    world.set(account, is_down=False)

    for _ in range(2):
        world.passes(minutes=1)
        world.deliver()

    assert link_of(campaign).is_confirmed
    assert exchange_of(account).failure == Failure.NONE


def test_after_failures_one_campaign_is_tried_before_all_are(
    world: World, brand: Brand, account: PlatformAccount, answering: Answering
) -> None:
    campaigns = [a_campaign(brand=brand) for _ in range(5)]
    world.link(campaigns, account)
    world.deliver()
    hold(brand, by=None, now=NOON)
    answering.given = [TemporaryError("503")] * 3
    for _ in range(6):
        world.passes(minutes=2)
        world.deliver()

    assert [len(orders) for orders in answering.orders] == [5, 5, 5, 1, 4]


def test_refused_credentials_are_noted_with_since_when(
    world: World, account: PlatformAccount, campaign: Campaign
) -> None:
    world.set(account, token="another")
    hold(campaign, by=None, now=NOON)
    world.deliver()

    exchange = exchange_of(account)
    assert (exchange.failure, exchange.failing_since) == (Failure.CREDENTIALS, NOON)
    assert "access token is not valid" in exchange.error
    assert link_of(campaign).sent == ""  # nothing is on its way


def test_what_is_refused_for_good_is_not_tried_again_before_somebody_asks(
    world: World, campaign: Campaign, answering: Answering
) -> None:
    hold(campaign, by=None, now=NOON)
    answering.given = [{key_of(campaign): PermanentError("Ended campaigns cannot be paused.")}]
    for _ in range(5):
        world.deliver()
        world.passes(minutes=5)
    assert len(answering.orders) == 1
    link = link_of(campaign)
    assert (link.is_given_up, link.error) == (True, "Ended campaigns cannot be paused.")

    assert try_again(LinkedCampaign.objects.all()) == 1

    assert world.deliver() == 1


def test_what_somebody_asks_for_is_tried_though_the_account_is_left_alone(
    world: World, account: PlatformAccount, campaign: Campaign, answering: Answering
) -> None:
    hold(campaign, by=None, now=NOON)
    answering.given = [PermanentError("The account is suspended.")]
    world.deliver()
    assert exchange_of(account).failure == Failure.PERMANENT
    assert world.deliver() == 0

    try_again(LinkedCampaign.objects.all())

    assert world.deliver() == 1


def test_a_new_decision_is_tried_whatever_became_of_the_last(
    world: World, campaign: Campaign, answering: Answering
) -> None:
    hold(campaign, by=None, now=NOON)
    world.deliver()
    release(campaign, by=None, now=NOON)
    answering.given = [{key_of(campaign): PermanentError("no")}]
    world.deliver()
    hold(campaign, by=None, now=NOON)
    release(campaign, by=None, now=NOON)

    assert world.deliver() == 1
    assert status_there(world, campaign) == "running"


def test_one_that_fails_delays_no_other_of_its_batch(
    world: World, brand: Brand, account: PlatformAccount, answering: Answering
) -> None:
    bad, slow, good = campaigns = [a_campaign(brand=brand) for _ in range(3)]
    world.link(campaigns, account)
    world.deliver()
    hold(brand, by=None, now=NOON)
    answering.given = [
        {key_of(bad): PermanentError("no"), key_of(slow): TemporaryError("later")},
    ]
    world.deliver()
    assert (link_of(good).is_confirmed, link_of(slow).is_confirmed) == (True, False)
    world.passes(seconds=5)
    world.deliver()

    assert (link_of(slow).is_confirmed, link_of(bad).is_given_up) == (True, True)


def test_no_more_calls_are_made_than_the_platform_takes(
    world: World, brand: Brand, account: PlatformAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    few = replace(world.connector.limits, calls_a_minute=3, batch_size=1)
    monkeypatch.setattr(world.connector, "limits", few)
    campaigns = [a_campaign(brand=brand, is_held=True) for _ in range(7)]
    world.link(campaigns, account, status=RUNNING)
    world.noted("set_status")

    counts = []
    for _ in range(4):
        world.deliver()
        counts.append(len(world.calls))
        world.passes(minutes=1)

    assert counts == [3, 6, 7, 7]


def test_a_dead_account_delays_no_other(world: World, brand: Brand) -> None:
    accounts = [world.account(brand, external_id=f"a-{number}") for number in range(3)]
    campaigns = [a_campaign(brand=brand) for _ in accounts]
    for campaign, account in zip(campaigns, accounts, strict=True):
        world.link([campaign], account)
    world.deliver()
    world.set(accounts[0], is_down=True)
    hold(brand, by=None, now=NOON)

    assert world.deliver() == 2
    assert [link_of(campaign).is_confirmed for campaign in campaigns] == [False, True, True]


def test_a_change_is_confirmed_when_all_of_its_platforms_have_it(
    world: World, brand: Brand
) -> None:
    first, second = (world.account(brand, external_id=f"a-{number}") for number in (1, 2))
    campaign = a_campaign(brand=brand)
    for account in (first, second):
        world.link([campaign], account)
    world.deliver()
    world.set(second, is_down=True)
    hold(campaign, by=None, now=NOON)
    assert world.deliver() == 0
    world.set(second, is_down=False)
    world.passes(minutes=2)

    assert world.deliver() == 1
    assert Change.objects.get().confirmed_at == world.now


def test_what_a_person_paused_on_the_platform_before_is_held_and_not_started(
    world: World, brand: Brand, account: PlatformAccount
) -> None:
    campaign = a_campaign(brand=brand)
    world.link([campaign], account, status=PAUSED)

    world.deliver()

    campaign.refresh_from_db()
    assert campaign.pause_reasons == PauseReason.HELD
    assert status_there(world, campaign) == "paused"
    assert Change.objects.get().note == "Paused on Mock platform when it was linked."
    assert link_of(campaign).is_confirmed


def test_a_campaign_that_must_not_run_is_stopped_when_it_is_linked(
    world: World, brand: Brand, account: PlatformAccount
) -> None:
    campaign = a_campaign(brand=brand, is_held=True)
    world.link([campaign], account, status=RUNNING)

    world.deliver()

    assert status_there(world, campaign) == "paused"


def test_what_was_typed_into_the_database_is_told_by_the_next_sweep(
    world: World, campaign: Campaign
) -> None:
    Campaign.objects.filter(pk=campaign.pk).update(reasons=PauseReason.HELD)

    world.deliver()

    assert status_there(world, campaign) == "paused"


def test_a_campaign_that_the_platform_does_not_know_is_given_up(
    world: World, brand: Brand, account: PlatformAccount
) -> None:
    campaign = a_campaign(brand=brand, is_held=True)
    LinkedCampaign.objects.create(campaign=campaign, account=account, external_id="nowhere")

    world.deliver()

    assert "does not know this campaign" in link_of(campaign).error
    assert link_of(campaign).is_given_up


def test_an_account_that_is_off_is_told_nothing(
    world: World, account: PlatformAccount, campaign: Campaign
) -> None:
    PlatformAccount.objects.update(is_on=False)
    hold(campaign, by=None, now=NOON)

    assert world.deliver() == 0
    assert status_there(world, campaign) == "running"


def test_an_unknown_platform_is_named_with_those_there_are(
    world: World, account: PlatformAccount, campaign: Campaign
) -> None:
    PlatformAccount.objects.update(connector="myspace")
    hold(campaign, by=None, now=NOON)
    world.deliver()

    exchange = exchange_of(account)
    assert exchange.failure == Failure.PERMANENT
    assert exchange.error == (
        "There is no connector “myspace”; use one of: google_ads, meta, mock, webhook."
    )


def test_a_fault_of_a_connector_is_its_own(
    world: World, campaign: Campaign, account: PlatformAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise KeyError("status")

    monkeypatch.setattr(world.connector, "set_status", broken)
    hold(campaign, by=None, now=NOON)

    assert world.deliver() == 0
    assert exchange_of(account).error == "KeyError: 'status'"


def test_of_more_than_a_call_takes_stops_are_sent_in_the_first(
    world: World,
    brand: Brand,
    account: PlatformAccount,
    answering: Answering,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(world.connector, "limits", replace(world.connector.limits, batch_size=1))
    first, second = a_campaign(brand=brand, is_held=True), a_campaign(brand=brand)
    world.link([first, second], account)
    world.deliver()
    answering.orders.clear()
    release(first, by=None, now=NOON)
    hold(second, by=None, now=NOON + timedelta(seconds=1))

    world.deliver()

    assert [orders[0].status for orders in answering.orders] == [PAUSED, RUNNING]


def test_what_is_decided_as_a_run_ends_is_not_left_to_the_next_sweep(
    world: World, brand: Brand, account: PlatformAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its own message found the account busy, and left."""
    first, second = a_campaign(brand=brand), a_campaign(brand=brand)
    world.link([first, second], account)
    world.deliver()
    late = [second]

    @contextmanager
    def busy_until_the_end(*_: object) -> Iterator[bool]:
        yield True
        while late:
            hold(late.pop(), by=None, now=world.now)

    monkeypatch.setattr(pushing, "alone", busy_until_the_end)
    hold(first, by=None, now=NOON)

    assert world.deliver() == 2


def test_without_a_broker_nobody_waits_for_one(
    campaign: Campaign, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    """Kombu would try for six seconds, while a person holds a campaign."""
    asked: list[dict[str, Any]] = []

    def nowhere(transport_options: dict[str, Any]) -> Connection:
        asked.append(transport_options)
        return Connection("redis://127.0.0.1:1/0", transport_options=transport_options)

    monkeypatch.setattr(app, "connection_for_write", nowhere)
    with django_capture_on_commit_callbacks(execute=True):
        hold(campaign, by=None, now=NOON)

    (options,) = asked
    assert (options["max_retries"], options["socket_connect_timeout"]) == (0, 2)
    assert link_of(campaign).wanted == "paused"
