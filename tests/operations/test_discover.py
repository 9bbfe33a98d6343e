"""The campaigns of an account that nobody linked: listed with their spend, proposed, adopted."""

from decimal import Decimal

import pytest

from budgets.models import Campaign, FoundCampaign, LinkedCampaign, PlatformAccount
from budgets.operations.platforms.discover import adopt, proposals
from budgets.rules.reasons import PauseReason
from budgets.rules.status import RunStatus
from tests.builders import a_brand, a_campaign, an_instant
from tests.mock_world import World

pytestmark = pytest.mark.django_db

NOON = an_instant("2026-03-10 12:00")
RUNNING, PAUSED, REMOVED = RunStatus


@pytest.fixture
def account(world: World) -> PlatformAccount:
    return world.account(a_brand())


def found() -> dict[str, Decimal]:
    return dict(FoundCampaign.objects.values_list("external_id", "spent"))


def proposed(account: PlatformAccount) -> dict[str, str]:
    return {
        each.found.external_id: each.campaign.name if each.campaign else ""
        for each in proposals(account, most=100)
    }


def test_what_is_not_linked_is_found_with_what_it_spends(
    world: World, account: PlatformAccount
) -> None:
    linked = a_campaign(brand=account.brand)
    world.link([linked], account)
    world.open(account, "runs", status=RUNNING, daily="100")
    world.open(account, "rests", status=PAUSED, daily="100")
    world.open(account, "gone", status=REMOVED, daily="100")
    world.passes(hours=2)

    world.pull()

    assert found().keys() == {"runs", "rests"}
    assert found()["runs"] > 0 == found()["rests"]
    assert list(FoundCampaign.objects.uncovered().values_list("external_id", flat=True)) == ["runs"]


def test_the_platform_is_asked_once_an_hour(world: World, account: PlatformAccount) -> None:
    world.noted("list_campaigns")
    for _ in range(125):
        world.pull()
        world.passes(minutes=1)

    assert len(world.calls) == 3


def test_an_account_with_nothing_linked_yet_is_listed_too(
    world: World, account: PlatformAccount
) -> None:
    world.open(account, "first", status=RUNNING, daily="100")
    world.pull()

    assert found().keys() == {"first"}


def test_what_is_gone_or_linked_by_now_is_found_no_more_and_what_was_left_out_stays_so(
    world: World, account: PlatformAccount
) -> None:
    world.open(account, "a", "b", "c", status=RUNNING, daily="100")
    world.pull()
    FoundCampaign.objects.filter(external_id="a").update(is_left_out=True)
    world.link([], account)
    LinkedCampaign.objects.create(
        campaign=a_campaign(brand=account.brand), account=account, external_id="b"
    )
    with world.platform.writing() as database:
        database.execute("DELETE FROM campaign WHERE id = 'c'")
    world.passes(hours=2)
    world.pull()

    row = FoundCampaign.objects.get()
    assert (row.external_id, row.is_left_out, row.spent > 0) == ("a", True, True)
    assert not FoundCampaign.objects.uncovered().exists()


def test_ours_are_proposed_by_id_or_by_the_only_name(
    world: World, account: PlatformAccount
) -> None:
    world.open(account, "42", "Été", "twice", "new", "elsewhere", status=RUNNING, daily="100")
    world.pull()
    Campaign.objects.create(brand=account.brand, name="By its ID", external_id="42")
    for name in ("ete", "Twice", "TWICE"):
        a_campaign(brand=account.brand, name=name)
    a_campaign(brand=a_brand(name="Another"), name="elsewhere")

    assert proposed(account) == {
        "42": "By its ID",
        "Été": "ete",
        "twice": "",
        "new": "",
        "elsewhere": "",
    }


def test_one_of_ours_that_is_linked_already_is_proposed_for_no_other(
    world: World, account: PlatformAccount
) -> None:
    ours = a_campaign(brand=account.brand, name="spring")
    world.link([ours], account)
    world.open(account, "spring", status=RUNNING, daily="100")
    world.pull()

    assert proposed(account) == {"spring": ""}


def test_what_is_chosen_is_linked_or_added_and_told(world: World, account: PlatformAccount) -> None:
    world.open(account, "spring", "new", status=RUNNING, daily="100")
    world.open(account, "paused there", status=PAUSED, daily="100")
    world.pull()
    ours = a_campaign(brand=account.brand, name="Spring", is_held=True)

    adopt(account, proposals(account, most=100), by=None, now=world.now)
    world.deliver()

    assert world.stands(account) == {
        "spring": "paused",  # as it is held here
        "new": "running",
        "paused there": "paused",
    }
    assert ours.links.get().external_id == "spring"
    reasons = dict(Campaign.objects.exclude(pk=ours.pk).values_list("name", "reasons"))
    assert reasons == {"new": 0, "paused there": PauseReason.HELD}
    assert Campaign.objects.get(name="new").external_id == "new"
    assert found() == {}


def test_a_new_campaign_takes_no_id_that_another_has(
    world: World, account: PlatformAccount
) -> None:
    world.open(account, "42", status=RUNNING, daily="100")
    world.pull()
    taken = Campaign.objects.create(brand=account.brand, name="Ours", external_id="42")
    world.link([taken], account)

    adopt(account, proposals(account, most=100), by=None, now=world.now)

    assert Campaign.objects.get(name="42").external_id is None
