"""What people do on the platform is seen: respected, reported or reversed as the account says."""

import pytest

from budgets.connectors.base import Order
from budgets.connectors.errors import PermanentError
from budgets.models import Campaign, LinkedCampaign, PlatformAccount
from budgets.models.platforms.platform_account import Outside
from budgets.operations.holds import hold, release
from budgets.operations.platforms.links import try_again
from budgets.rules.reasons import PauseReason
from budgets.rules.status import RunStatus
from tests.builders import a_brand, a_campaign, an_instant
from tests.mock_world import World, key_of

pytestmark = pytest.mark.django_db

NOON = an_instant("2026-03-10 12:00")
RUNNING, PAUSED, REMOVED = RunStatus
ALL = list(Outside)


@pytest.fixture
def account(world: World) -> PlatformAccount:
    return world.account(a_brand())


@pytest.fixture
def campaign(world: World, account: PlatformAccount) -> Campaign:
    campaign = a_campaign(brand=account.brand)
    world.link([campaign], account)
    minute(world)
    return campaign


def minute(world: World, times: int = 1) -> None:
    """Let minutes pass, with what is done in each."""
    for _ in range(times):
        world.passes(minutes=1)
        world.pull()
        world.deliver()


def somebody(world: World, campaign: Campaign, status: RunStatus) -> None:
    """Change a campaign on the platform itself."""
    orders = [Order(key_of(campaign), status)]
    world.platform.set_status("a-1", orders, now=world.now)


def there(world: World, campaign: Campaign) -> str:
    return world.platform.statuses("a-1", [key_of(campaign)])[key_of(campaign)].value


def says(outside: Outside) -> None:
    PlatformAccount.objects.update(outside=outside)


def link_of(campaign: Campaign) -> LinkedCampaign:
    return campaign.links.get()


def test_a_pause_there_becomes_a_hold_until_a_person_lifts_it(
    world: World, campaign: Campaign
) -> None:
    somebody(world, campaign, PAUSED)
    minute(world, times=3)

    campaign.refresh_from_db()
    assert campaign.pause_reasons == PauseReason.HELD
    assert campaign.changes.get().note == "Paused on Mock platform."
    assert there(world, campaign) == "paused"
    assert link_of(campaign).is_confirmed

    release(campaign, by=None, now=world.now)
    minute(world)
    assert there(world, campaign) == "running"
    minute(world, times=2)
    campaign.refresh_from_db()
    assert campaign.status == "running"


def test_a_pause_there_is_reported_and_no_later_start_of_ours_undoes_it(
    world: World, campaign: Campaign
) -> None:
    says(Outside.REPORT)
    somebody(world, campaign, PAUSED)
    minute(world, times=2)
    campaign.refresh_from_db()
    assert campaign.status == "running"
    assert (link_of(campaign).seen, there(world, campaign)) == ("paused", "paused")

    hold(campaign, by=None, now=world.now)
    minute(world)
    release(campaign, by=None, now=world.now)
    minute(world, times=3)

    assert there(world, campaign) == "paused"


def test_what_is_reported_is_over_when_they_take_it_back(world: World, campaign: Campaign) -> None:
    says(Outside.REPORT)
    somebody(world, campaign, PAUSED)
    minute(world)
    hold(campaign, by=None, now=world.now)
    minute(world)
    release(campaign, by=None, now=world.now)
    minute(world)
    somebody(world, campaign, RUNNING)
    minute(world)

    link = link_of(campaign)
    assert (link.seen, link.is_confirmed) == ("", True)


def test_what_is_reported_is_started_when_a_person_asks_for_it(
    world: World, campaign: Campaign
) -> None:
    says(Outside.REPORT)
    somebody(world, campaign, PAUSED)
    minute(world)

    assert try_again(LinkedCampaign.objects.all()) == 1
    minute(world)

    assert there(world, campaign) == "running"
    assert (link_of(campaign).seen, link_of(campaign).is_confirmed) == ("", True)


def test_a_pause_there_is_undone_where_the_account_says_so_and_said(
    world: World, campaign: Campaign
) -> None:
    says(Outside.ENFORCE)
    somebody(world, campaign, PAUSED)
    minute(world)

    assert there(world, campaign) == "running"
    assert (link_of(campaign).seen, link_of(campaign).seen_at) == ("paused", world.now)


@pytest.mark.parametrize("outside", [Outside.RESPECT, Outside.ENFORCE])
def test_a_start_there_against_a_reason_to_pause_is_stopped_again(
    world: World, campaign: Campaign, outside: Outside
) -> None:
    says(outside)
    hold(campaign, by=None, now=world.now)
    minute(world)
    somebody(world, campaign, RUNNING)
    minute(world)

    assert there(world, campaign) == "paused"
    assert link_of(campaign).seen == "running"


def test_a_start_there_is_only_said_where_changes_are_reported(
    world: World, campaign: Campaign
) -> None:
    says(Outside.REPORT)
    hold(campaign, by=None, now=world.now)
    minute(world)
    somebody(world, campaign, RUNNING)
    minute(world, times=2)

    assert there(world, campaign) == "running"
    assert link_of(campaign).seen == "running"


@pytest.mark.parametrize("outside", ALL)
def test_what_we_did_ourselves_is_nobody_elses(
    world: World, account: PlatformAccount, campaign: Campaign, outside: Outside
) -> None:
    """Also while an answer is lost: the order took effect, and nobody confirmed it."""
    says(outside)
    hold(campaign, by=None, now=world.now)
    world.set(account, timeout_permille=1_000)
    minute(world)
    world.set(account, timeout_permille=0)
    minute(world, times=3)

    assert (link_of(campaign).seen, link_of(campaign).is_confirmed) == ("", True)
    assert campaign.changes.count() == 1


def test_an_order_confirmed_while_the_answer_was_under_way_is_no_change_of_somebody(
    world: World, campaign: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The platform is asked, and before it is compared a stop of ours is confirmed."""
    read_status = world.connector.read_status

    def slow(*args: object) -> object:
        answer = read_status(*args)  # type: ignore[arg-type]  # passed on
        monkeypatch.setattr(world.connector, "read_status", read_status)
        world.passes(seconds=5)
        hold(campaign, by=None, now=world.now)
        world.deliver()
        return answer

    monkeypatch.setattr(world.connector, "read_status", slow)
    world.passes(minutes=1)
    world.pull()

    link = link_of(campaign)
    assert (link.seen, link.confirmed, there(world, campaign)) == ("", "paused", "paused")


@pytest.mark.parametrize("outside, is_started", [(each, each == Outside.ENFORCE) for each in ALL])
def test_a_campaign_paused_there_before_it_was_linked(
    world: World, account: PlatformAccount, outside: Outside, is_started: bool
) -> None:
    says(outside)
    campaign = a_campaign(brand=account.brand)
    world.link([campaign], account, status=PAUSED)
    minute(world, times=3)

    campaign.refresh_from_db()
    assert there(world, campaign) == ("running" if is_started else "paused")
    assert campaign.is_held == (outside == Outside.RESPECT)


def test_a_campaign_that_was_removed_is_said_to_be(
    world: World, account: PlatformAccount, campaign: Campaign
) -> None:
    with world.platform.writing() as database:
        database.execute("UPDATE campaign SET status = 'removed'")
    minute(world)

    assert link_of(campaign).is_given_up
    assert link_of(campaign).error == "The campaign was removed on the platform."


def test_one_that_must_not_run_and_was_removed_needs_nobody(
    world: World, campaign: Campaign
) -> None:
    hold(campaign, by=None, now=world.now)
    minute(world)
    with world.platform.writing() as database:
        database.execute("UPDATE campaign SET status = 'removed'")
    minute(world)

    assert not link_of(campaign).is_given_up


def test_reading_spend_goes_on_where_statuses_cannot_be_read(
    world: World, account: PlatformAccount, campaign: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object) -> None:
        raise PermanentError("This login may not read campaigns.")

    monkeypatch.setattr(world.connector, "read_status", refused)
    for _ in range(3):
        world.passes(minutes=1)
        assert world.pull() == 1

    failures = dict(account.exchanges.values_list("direction", "failures"))
    assert (failures["spend"], failures["campaigns"]) == (0, 1)  # which is left alone for a while
