"""A feed that falls silent is warned about, and pauses what the brand says."""

from datetime import timedelta

import pytest

from budgets.models import Brand, Campaign, PlatformAccount
from budgets.operations.reconcile import reconcile
from budgets.reports.explain import explain
from budgets.rules.reasons import PauseReason
from tests.builders import a_brand, a_campaign, an_instant
from tests.mock_world import World

pytestmark = pytest.mark.django_db

NOON = an_instant("2026-03-10 12:00")


@pytest.fixture
def brand() -> Brand:
    brand = a_brand()
    Brand.objects.filter(pk=brand.pk).update(silent_after_minutes=30, pauses_when_silent=True)
    brand.refresh_from_db()
    return brand


@pytest.fixture
def account(world: World, brand: Brand) -> PlatformAccount:
    return world.account(brand)


@pytest.fixture
def campaign(world: World, account: PlatformAccount) -> Campaign:
    campaign = a_campaign(brand=account.brand)
    world.link([campaign], account)
    world.pull()
    return campaign


def falls_silent(world: World, account: PlatformAccount, *, minutes: int) -> None:
    world.set(account, is_down=True)
    for _ in range(minutes):
        world.passes(minutes=1)
        world.pull()


def reasons(campaign: Campaign) -> PauseReason:
    campaign.refresh_from_db()
    return campaign.pause_reasons


def test_a_silent_feed_pauses_its_campaigns_and_lets_them_go_when_it_is_back(
    world: World, account: PlatformAccount, campaign: Campaign
) -> None:
    elsewhere = a_campaign(brand=account.brand)  # linked nowhere
    falls_silent(world, account, minutes=30)
    assert not reasons(campaign)
    falls_silent(world, account, minutes=1)
    assert reasons(campaign) == PauseReason.FEED_SILENT
    assert not reasons(elsewhere)
    assert campaign.links.get().wanted == "paused"

    world.set(account, is_down=False)
    world.passes(minutes=2)
    world.pull()

    assert not reasons(campaign)
    assert campaign.links.get().wanted == "running"


def test_a_brand_that_does_not_pause_is_only_warned(
    world: World, account: PlatformAccount, campaign: Campaign
) -> None:
    Brand.objects.update(pauses_when_silent=False)
    falls_silent(world, account, minutes=40)
    reconcile(now=world.now)

    account.refresh_from_db()
    assert account.silent_since == NOON
    assert not reasons(campaign)


def test_a_brand_without_a_limit_is_never_silent(
    world: World, account: PlatformAccount, campaign: Campaign
) -> None:
    Brand.objects.update(silent_after_minutes=None)
    falls_silent(world, account, minutes=40)

    account.refresh_from_db()
    assert account.silent_since is None
    assert not reasons(campaign)


def test_a_feed_that_was_never_heard_counts_from_its_first_failure(
    world: World, account: PlatformAccount
) -> None:
    campaign = a_campaign(brand=account.brand)
    world.link([campaign], account)
    world.passes(hours=5)
    falls_silent(world, account, minutes=30)
    assert not reasons(campaign)
    falls_silent(world, account, minutes=2)
    assert reasons(campaign) == PauseReason.FEED_SILENT


def test_an_account_that_is_switched_off_pauses_nothing(
    world: World, account: PlatformAccount, campaign: Campaign
) -> None:
    falls_silent(world, account, minutes=40)
    PlatformAccount.objects.update(is_on=False)
    world.passes(minutes=1)
    world.pull()

    assert not reasons(campaign)


def test_one_silent_account_of_two_is_enough(
    world: World, account: PlatformAccount, campaign: Campaign
) -> None:
    other = world.account(account.brand, external_id="a-2")
    world.link([campaign], other)
    falls_silent(world, other, minutes=40)

    assert reasons(campaign) == PauseReason.FEED_SILENT


def test_the_campaign_says_since_when_its_spend_was_not_seen(
    world: World, account: PlatformAccount, campaign: Campaign
) -> None:
    falls_silent(world, account, minutes=40)
    campaign.refresh_from_db()

    explained = explain(campaign, now=world.now)

    assert explained.sentence.endswith(
        "Spend from “a-1” was last read Tue 10 Mar 2026, 12:00 (UTC), more than 30 minutes ago. "
        "It may run again once its spend is read."
    )
    assert explained.resumes_at is None
    assert explained.reasons[0].since == NOON + timedelta(minutes=31)
