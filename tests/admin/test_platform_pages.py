"""Platform accounts in the admin: connected, watched, mended; campaigns linked and told."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.utils import timezone

from budgets.connectors import registry
from budgets.connectors.base import Order
from budgets.connectors.mock import MockPlatform
from budgets.models import (
    AccountExchange,
    Brand,
    Campaign,
    FoundCampaign,
    LinkedCampaign,
    PlatformAccount,
    PlatformBudget,
)
from budgets.models.platforms.platform_account import Outside
from budgets.operations.holds import hold
from budgets.rules.clock import month_of
from budgets.rules.status import RunStatus
from tests.admin.pages import address, text_of, told
from tests.admin.people import a_manager_of
from tests.builders import a_brand, a_campaign
from tests.mock_world import TOKEN, World, key_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(jobs_at_once: None, monkeypatch: pytest.MonkeyPatch) -> World:
    """Return a world of the present, whose mock platform is the installation's."""
    world = World(timezone.now() - timedelta(minutes=10))
    world.platform = MockPlatform(settings.VAR_DIR / "mock_platform.sqlite3")
    world.connector.platform = world.platform
    monkeypatch.setitem(registry.CONNECTORS, "mock", lambda: world.connector)
    return world


@pytest.fixture
def brand() -> Brand:
    return a_brand(name="Chai & Company")


@pytest.fixture
def account(world: World, brand: Brand) -> PlatformAccount:
    return world.account(brand, name="search")


@pytest.fixture
def campaign(world: World, account: PlatformAccount) -> Campaign:
    campaign = a_campaign(brand=account.brand, name="Gift boxes")
    world.link([campaign], account)
    world.deliver()
    return campaign


def test_an_account_is_added_and_its_credentials_are_asked_for_next(
    world: World, brand: Brand, signed_in: Client
) -> None:
    form = {
        "brand": brand.pk,
        "connector": "mock",
        "external_id": "123-456",
        "name": "search",
        "currency": "USD",
        "timezone": "Asia/Kolkata",
        "reads_from": "2026-11-01",
        "overlap_days": "3",
        "outside": "respect",
        "daily_budgets": "off",
        "is_on": "on",
    }
    answer = signed_in.post(address("platformaccount_add"), form)

    account = PlatformAccount.objects.get()
    assert answer["Location"] == address("platformaccount_connection", account.pk)
    assert (account.connector, account.clock.zone.key) == ("mock", "Asia/Kolkata")
    page = signed_in.get(answer["Location"])
    assert "What is entered here is sealed" in text_of(page)


def test_a_new_account_is_read_from_the_first_of_the_month(signed_in: Client) -> None:
    page = signed_in.get(address("platformaccount_add"))

    today = timezone.now().date()
    assert page.context["adminform"].form["reads_from"].value() == month_of(today)


@pytest.mark.parametrize(
    "facts, why",
    [
        ({"currency": "EUR"}, "spends USD; an account in another currency is refused"),
        ({"external_id": "a-1"}, "has this account already"),
        ({"overlap_days": "91"}, "90 days"),
        ({"name": "search"}, "already"),
        ({"connector": "webhook", "daily_budgets": "daily"}, "Webhook takes no daily budgets"),
    ],
)
def test_an_account_that_would_book_wrongly_is_refused(
    account: PlatformAccount, signed_in: Client, facts: dict[str, str], why: str
) -> None:
    form = {
        "brand": account.brand_id,
        "connector": "mock",
        "external_id": "b-2",
        "name": "other",
        "currency": "USD",
        "timezone": "UTC",
        "reads_from": "2026-11-01",
        "overlap_days": "3",
        "outside": "respect",
        "daily_budgets": "off",
        **facts,
    }
    answer = signed_in.post(address("platformaccount_add"), form)

    assert why in text_of(answer)
    assert PlatformAccount.objects.count() == 1


def test_credentials_are_entered_tested_and_never_shown(
    world: World, account: PlatformAccount, campaign: Campaign, signed_in: Client
) -> None:
    world.set(account, token="new token")
    where = address("platformaccount_connection", account.pk)

    wrong = signed_in.post(where, {"token": "a typo"})
    assert "The access token is not valid" in text_of(wrong)
    assert "a typo" not in wrong.content.decode()
    right = signed_in.post(where, {"token": "new token"})

    assert right["Location"] == address("platformaccount_change", account.pk)
    assert told(right) == ["The connection works: the platform lets us in."]
    account.refresh_from_db()
    assert account.credentials == {"token": "new token"}
    assert "new token" not in account.sealed_credentials
    for page in (where, address("platformaccount_change", account.pk)):
        assert "new token" not in signed_in.get(page).content.decode()
    assert [entry.get_change_message() for entry in LogEntry.objects.all()] == [
        "New credentials.",
        "New credentials.",
    ]


def test_an_empty_box_keeps_what_is_stored(
    account: PlatformAccount, campaign: Campaign, signed_in: Client
) -> None:
    answer = signed_in.post(address("platformaccount_connection", account.pk), {"token": ""})

    assert told(answer) == ["The connection works: the platform lets us in."]
    account.refresh_from_db()
    assert account.credentials == {"token": TOKEN}


def test_new_credentials_are_tried_at_once(
    world: World, account: PlatformAccount, campaign: Campaign, signed_in: Client
) -> None:
    world.set(account, token="new")
    hold(campaign, by=None, now=world.now)
    world.deliver()
    assert account.exchanges.get().retry_at

    signed_in.post(address("platformaccount_connection", account.pk), {"token": "new"})

    assert account.exchanges.get().retry_at is None
    assert world.deliver() == 1


def test_a_test_that_succeeds_ends_the_wait(
    world: World, account: PlatformAccount, campaign: Campaign, signed_in: Client
) -> None:
    hold(campaign, by=None, now=world.now)
    world.set(account, token="gone")
    world.deliver()
    world.set(account, token=TOKEN)
    assert world.deliver() == 0

    signed_in.post(address("platformaccount_connection", account.pk), {"token": ""})

    assert world.deliver() == 1


def test_a_test_says_what_is_missing(
    world: World, account: PlatformAccount, campaign: Campaign, signed_in: Client
) -> None:
    where = address("platformaccount_connection", account.pk)
    world.set(account, currency="INR", timezone="Asia/Kolkata")
    LinkedCampaign.objects.update(external_id="nowhere")

    page = text_of(signed_in.post(where, {}))

    assert "The account is in INR, here it is in USD. Correct the currency." in page
    assert "The account reports by Asia/Kolkata, here it says UTC. Correct the zone." in page
    assert "does not know 1 linked campaign: Gift boxes (nowhere)." in page

    account.credentials = {}
    account.save()
    assert "Enter: Access token." in text_of(signed_in.post(where, {}))


def test_refused_credentials_are_on_the_overview_at_once_with_what_that_costs(
    world: World, account: PlatformAccount, campaign: Campaign, signed_in: Client
) -> None:
    world.pull()
    assert "need somebody" not in text_of(signed_in.get(address_of_overview()))
    world.set(account, token="another")
    hold(campaign, by=None, now=world.now)
    world.pull()
    world.deliver()

    page = text_of(signed_in.get(address_of_overview()))

    assert "Ad platforms that need somebody" in page
    assert "Mock platform refuses the credentials for “search” (Chai & Company) since" in page
    assert "is not seen." in page
    assert "1 campaign does not stand there as it was decided." in page


def address_of_overview() -> str:
    return "/admin/"


def test_one_call_that_fails_alarms_nobody(
    world: World, account: PlatformAccount, campaign: Campaign, signed_in: Client
) -> None:
    world.set(account, is_down=True)
    world.pull()
    assert "need somebody" not in text_of(signed_in.get(address_of_overview()))
    world.passes(minutes=1)
    world.pull()
    assert "does not answer as it should" in text_of(signed_in.get(address_of_overview()))


def test_trouble_is_told_to_those_whose_brand_it_is(
    world: World, account: PlatformAccount, campaign: Campaign
) -> None:
    world.set(account, token="another")
    world.pull()
    theirs = a_manager_of(a_brand(name="Another"))

    assert "need somebody" not in text_of(theirs.get(address_of_overview()))
    for page in ("change", "connection", "mock_platform"):
        assert theirs.get(address(f"platformaccount_{page}", account.pk)).status_code == 404


def test_the_campaigns_page_says_when_it_was_stopped_and_confirmed(
    world: World, campaign: Campaign, signed_in: Client
) -> None:
    hold(campaign, by=None, now=world.now)
    waiting = text_of(signed_in.get(address("campaign_change", campaign.pk)))
    decided = world.now
    world.passes(seconds=2)
    world.deliver()
    done = text_of(signed_in.get(address("campaign_change", campaign.pk)))

    assert f"{decided:%H:%M:%S}, not yet confirmed by Mock platform." in waiting
    assert f"{decided:%H:%M:%S}, confirmed by Mock platform" in done
    assert f"{world.now:%H:%M:%S}." in done


def test_the_list_of_campaigns_says_what_is_not_yet_confirmed(
    world: World, campaign: Campaign, signed_in: Client
) -> None:
    assert "confirmed" in text_of(signed_in.get(address("campaign_changelist")))
    hold(campaign, by=None, now=world.now)
    assert "not yet confirmed" in text_of(signed_in.get(address("campaign_changelist")))


def test_a_campaign_is_linked_read_and_told(
    world: World, account: PlatformAccount, signed_in: Client
) -> None:
    campaign = a_campaign(brand=account.brand, is_held=True)
    PlatformAccount.objects.update(read_until=world.now)
    form = {"campaign": campaign.pk, "account": account.pk, "external_id": "c-9"}

    signed_in.post(address("linkedcampaign_add"), form)

    link = LinkedCampaign.objects.get()
    assert (link.wanted, link.confirmed) == ("paused", "")
    account.refresh_from_db()
    assert account.read_until is None


def test_a_campaign_of_another_brand_and_one_linked_twice_are_refused(
    world: World, account: PlatformAccount, campaign: Campaign, signed_in: Client
) -> None:
    other = a_campaign(brand=a_brand(name="Another"))
    for row, why in ((other, "the campaign of “Another”"), (campaign, "linked already")):
        form = {"campaign": row.pk, "account": account.pk, "external_id": key_of(campaign)}
        assert why in text_of(signed_in.post(address("linkedcampaign_add"), form))
    assert LinkedCampaign.objects.count() == 1


def test_an_order_that_was_refused_is_sent_again_on_request(
    world: World, account: PlatformAccount, campaign: Campaign, signed_in: Client
) -> None:
    hold(campaign, by=None, now=world.now)
    LinkedCampaign.objects.update(is_given_up=True, error="Ended campaigns cannot be paused.")
    page = text_of(signed_in.get(address("linkedcampaign_changelist") + "?confirmed=refused"))
    assert "refused by Mock platform. Ended campaigns cannot be paused." in page
    assert "refused an order for 1 campaign" in text_of(signed_in.get(address_of_overview()))
    chosen = {"action": "again", "_selected_action": [LinkedCampaign.objects.get().pk]}

    answer = signed_in.post(address("linkedcampaign_changelist"), chosen)

    assert told(answer) == ["1 order is sent again."]
    assert world.deliver() == 1
    answer = signed_in.post(address("linkedcampaign_changelist"), chosen)
    assert told(answer)[-1] == "All of them are confirmed; nothing is to be sent."


def test_the_mock_platform_fails_on_demand(
    world: World, account: PlatformAccount, campaign: Campaign, signed_in: Client
) -> None:
    where = address("platformaccount_mock_platform", account.pk)
    page = text_of(signed_in.get(where))
    assert TOKEN in page
    assert key_of(campaign) in page
    faults = {
        "is_down": "on",
        "timeout_permille": "1",
        "error_permille": "2",
        "limited_permille": "3",
        "latency_ms": "4",
        "lag_minutes": "5",
        "restated_permille": "6",
    }

    assert told(signed_in.post(where, faults)) == ["The account fails now."]
    there = world.platform.account(account.external_id)
    assert there
    assert (there.is_down, there.lag_minutes) == (True, 5)
    refused = signed_in.post(where, {**faults, "lag_minutes": "-1"})
    assert "greater than or equal to 0" in text_of(refused)
    signed_in.post(where, {"new_token": "1"})
    there = world.platform.account(account.external_id)
    assert there
    assert there.token != TOKEN


def test_the_mock_platforms_page_shows_nothing_of_another_brand_whose_id_was_guessed(
    world: World, account: PlatformAccount, campaign: Campaign
) -> None:
    other = a_brand(name="Another")
    guess = world.account(other, external_id="b-1")
    PlatformAccount.objects.filter(pk=guess.pk).update(external_id=account.external_id)
    theirs = a_manager_of(other)

    answer = theirs.get(address("platformaccount_mock_platform", guess.pk))

    assert answer.status_code == 404
    assert TOKEN not in answer.content.decode()


def test_an_account_that_is_deleted_leaves_what_was_spent(
    world: World, account: PlatformAccount, campaign: Campaign, signed_in: Client
) -> None:
    world.passes(hours=1)
    world.pull()
    where = address("platformaccount_delete", account.pk)
    signed_in.post(where, {"post": "yes"})

    assert not AccountExchange.objects.exists()
    campaign.refresh_from_db()
    assert campaign.month_spent > 0


def test_a_campaign_is_unlinked(campaign: Campaign, signed_in: Client) -> None:
    link = LinkedCampaign.objects.get()
    signed_in.post(address("linkedcampaign_delete", link.pk), {"post": "yes"})

    assert not LinkedCampaign.objects.exists()


def test_an_account_whose_platform_we_no_longer_know_can_still_be_opened(
    account: PlatformAccount, campaign: Campaign, signed_in: Client
) -> None:
    PlatformAccount.objects.update(connector="myspace")

    assert "myspace" in text_of(signed_in.get(address("platformaccount_change", account.pk)))
    assert signed_in.get(address("platformaccount_connection", account.pk)).status_code == 404
    assert "myspace" in text_of(signed_in.get(address("campaign_change", campaign.pk)))


# Campaigns that nobody linked


@pytest.fixture
def uncovered(world: World, account: PlatformAccount) -> PlatformAccount:
    """Return an account with one campaign that has a namesake here, and one that has none."""
    a_campaign(brand=account.brand, name="Spring sale")
    for key in ("spring sale", "stranger"):
        world.open(account, key, status=RunStatus.RUNNING, daily="9000")
    world.passes(minutes=10)
    world.pull()
    return account


def test_campaigns_that_no_budget_covers_are_on_the_overview_with_their_spend(
    uncovered: PlatformAccount, signed_in: Client
) -> None:
    page = text_of(signed_in.get(address_of_overview()))

    assert "2 campaigns of “search” (Chai & Company) spend on Mock platform" in page
    assert "no budget covers them: $" in page


def test_found_campaigns_say_what_they_would_become_and_are_linked(
    uncovered: PlatformAccount, signed_in: Client
) -> None:
    where = address("platformaccount_find_campaigns", uncovered.pk)
    page = text_of(signed_in.get(where))
    assert "Spring sale (same name)" in page
    assert "a new campaign, without budgets of its own" in page
    ids = list(FoundCampaign.objects.values_list("pk", flat=True))

    answer = signed_in.post(where, {"found": ids, "take": "1"})

    assert told(answer)[0] == "Linked: 2; of these new here: 1."
    assert set(LinkedCampaign.objects.values_list("campaign__name", "external_id")) == {
        ("Spring sale", "spring sale"),
        ("stranger", "stranger"),
    }
    assert "Every campaign of the account is linked." in text_of(signed_in.get(where))


def test_what_is_left_out_is_warned_of_no_more_until_somebody_wants_it_again(
    uncovered: PlatformAccount, signed_in: Client
) -> None:
    where = address("platformaccount_find_campaigns", uncovered.pk)
    ids = list(FoundCampaign.objects.values_list("pk", flat=True))

    assert told(signed_in.post(where, {"found": ids, "leave": "1"})) == ["2 campaigns noted."]
    assert "need somebody" not in text_of(signed_in.get(address_of_overview()))
    signed_in.post(where, {"found": ids, "watch": "1"})
    assert "need somebody" in text_of(signed_in.get(address_of_overview()))


def test_the_platform_is_asked_on_request(
    world: World, account: PlatformAccount, signed_in: Client
) -> None:
    where = address("platformaccount_find_campaigns", account.pk)
    assert "has not been asked yet" in text_of(signed_in.get(where))
    world.open(account, "stranger", status=RunStatus.RUNNING, daily="9000")
    signed_in.post(where, {"look": "1"})
    assert "stranger" in text_of(signed_in.get(where))

    world.set(account, is_down=True)
    answer = signed_in.post(where, {"look": "1"})
    assert told(answer)[-1].startswith("The platform could not be asked")


def test_what_somebody_did_on_the_platform_is_shown(
    world: World, account: PlatformAccount, campaign: Campaign, signed_in: Client
) -> None:
    PlatformAccount.objects.update(outside=Outside.REPORT)
    order = Order(key_of(campaign), RunStatus.PAUSED)
    world.platform.set_status(account.external_id, [order], now=world.now)
    world.passes(minutes=1)
    world.pull()

    page = text_of(signed_in.get(address("campaign_change", campaign.pk)))
    assert "Somebody paused it on Mock platform, seen" in page
    assert "it stays paused there." in page
    overview = text_of(signed_in.get(address_of_overview()))
    assert "Somebody changed 1 campaign of “search” (Chai & Company) on Mock platform." in overview


def test_the_platforms_own_daily_budget_is_shown_beside_ours(
    world: World, account: PlatformAccount, campaign: Campaign, signed_in: Client
) -> None:
    PlatformAccount.objects.update(daily_budgets="daily")
    pages = (
        address("campaign_change", campaign.pk),
        address("platformaccount_change", account.pk),
        address("linkedcampaign_changelist"),
    )
    for page in pages:
        assert "No daily budget was set on Mock platform" in text_of(signed_in.get(page))
    campaign.daily_budget = Decimal("120")
    campaign.save()
    world.deliver()
    for page in pages:
        shown = text_of(signed_in.get(page))
        assert "Daily budget on Mock platform: $120.00; here: $120.00." in shown
    there = address("platformaccount_mock_platform", account.pk)
    assert "$120.00" in text_of(signed_in.get(there))

    PlatformBudget.objects.update(refused=Decimal("120"), there=None, error="It is shared.")
    shown = text_of(signed_in.get(pages[0]))
    assert "not known; here: $120.00. Mock platform refused $120.00: It is shared." in shown


@pytest.mark.parametrize(
    "outside, words", [("respect", "that stays."), ("enforce", "ours was set again.")]
)
def test_a_daily_budget_that_somebody_set_there_is_said_and_set_again_on_request(
    world: World,
    account: PlatformAccount,
    campaign: Campaign,
    signed_in: Client,
    outside: str,
    words: str,
) -> None:
    PlatformAccount.objects.update(daily_budgets="daily", outside=outside)
    campaign.daily_budget = Decimal("120")
    campaign.save()
    world.deliver()
    world.platform.set_budgets(account.external_id, {key_of(campaign): 500_000_000})
    world.passes(minutes=1)
    PlatformAccount.objects.update(listed_at=None)
    world.pull()
    world.deliver()

    shown = text_of(signed_in.get(address("campaign_change", campaign.pk)))
    assert "Somebody set $500.00 there, seen" in shown
    assert words in shown
    chosen = {"action": "again", "_selected_action": [LinkedCampaign.objects.get().pk]}
    answer = signed_in.post(address("linkedcampaign_changelist"), chosen)
    assert told(answer) == ["1 order is sent again."]
    world.deliver()
    shown = text_of(signed_in.get(address("campaign_change", campaign.pk)))
    assert "Daily budget on Mock platform: $120.00; here: $120.00." in shown
    assert "Somebody" not in shown


def test_budgets_are_among_what_is_exchanged_only_where_they_are_set(
    world: World, account: PlatformAccount, campaign: Campaign, signed_in: Client
) -> None:
    where = address("platformaccount_change", account.pk)
    assert signed_in.get(where).context["exchanges"][-1]["name"] == "campaigns there"
    PlatformAccount.objects.update(daily_budgets="recommended")
    assert signed_in.get(where).context["exchanges"][-1]["name"] == "daily budgets there"
