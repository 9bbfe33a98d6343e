"""The platforms' own daily budgets: what each should be, set until it is, and a person's kept."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from budgets.connectors.base import Answer, BudgetOrder, Login
from budgets.connectors.errors import ConnectorError, PermanentError, RateLimited, TemporaryError
from budgets.models import Brand, Campaign, PlatformAccount, PlatformBudget
from budgets.operations.holds import hold
from budgets.operations.platforms.budget_amounts import budget_there
from budgets.operations.platforms.links import try_again
from budgets.reports.figures import figures_for
from budgets.reports.pace import paces_for
from tests.builders import a_brand, a_campaign, a_schedule, an_instant, spend
from tests.mock_world import World, key_of

NOON = an_instant("2026-03-10 12:00")
TODAY = date(2026, 3, 10)
CENT = Decimal("0.01")
HOURS = ["Mon-Fri 09:00-17:00", "Mon-Sun 00:00-24:00"]


@pytest.fixture
def brand() -> Brand:
    return a_brand()


@pytest.fixture
def account(world: World, brand: Brand) -> PlatformAccount:
    return world.account(brand, daily_budgets="daily")


@pytest.fixture
def campaign(world: World, brand: Brand, account: PlatformAccount) -> Campaign:
    campaign = a_campaign(brand=brand, daily="100", monthly="2200")
    world.link([campaign], account)
    return campaign


def there(world: World, account: PlatformAccount) -> dict[str, str]:
    return {
        each.id: str(Decimal(each.budget_micros).scaleb(-6).normalize())
        for each in world.platform.campaigns(account.external_id)
        if each.budget_micros is not None
    }


def set_there(world: World, account: PlatformAccount, campaign: Campaign, units: int) -> None:
    """Be a person who sets a budget on the platform."""
    world.platform.set_budgets(account.external_id, {key_of(campaign): units * 1_000_000})


def budget_of(campaign: Campaign) -> PlatformBudget:
    return PlatformBudget.objects.get(link__campaign=campaign)


class Answering:
    """Makes the platform's next answers what a test says, whatever it carried out."""

    def __init__(self, world: World, monkeypatch: pytest.MonkeyPatch, *given: Any) -> None:
        self.given: list[ConnectorError | dict[str, ConnectorError | None]] = list(given)
        self.orders: list[list[BudgetOrder]] = []
        self.set_budgets = world.connector.set_budgets
        monkeypatch.setattr(world.connector, "set_budgets", self)

    def __call__(self, login: Login, orders: Sequence[BudgetOrder]) -> Sequence[Answer]:
        self.orders.append(list(orders))
        if not self.given:
            return self.set_budgets(login, orders)
        answer = self.given.pop(0)
        if isinstance(answer, ConnectorError):
            raise answer
        return [Answer(key, error) for key, error in answer.items()]


@pytest.mark.django_db
def test_off_leaves_the_platforms_budgets_alone(world: World, brand: Brand) -> None:
    account = world.account(brand)
    world.link([a_campaign(brand=brand, daily="100")], account)
    world.noted("set_budgets")
    world.deliver()

    assert world.calls == []
    assert not PlatformBudget.objects.exists()


@pytest.mark.django_db
def test_a_campaigns_daily_budget_is_set_and_follows_edits(
    world: World, account: PlatformAccount, campaign: Campaign
) -> None:
    world.noted("set_budgets")
    for _ in range(3):
        world.deliver()
    assert there(world, account) == {key_of(campaign): "1E+2"}
    assert world.calls == ["set_budgets"]  # once: it stands there

    campaign.daily_budget = Decimal("123.45")
    campaign.save()
    world.deliver()
    assert there(world, account) == {key_of(campaign): "123.45"}
    found = budget_of(campaign)
    assert found.there == found.confirmed == Decimal("123.45")


@pytest.mark.django_db
def test_a_paused_campaign_has_its_budget_for_when_it_runs_again(
    world: World, account: PlatformAccount, campaign: Campaign
) -> None:
    spend(campaign, "100", at=world.now)
    assert campaign.status == "paused"
    world.deliver()

    assert there(world, account) == {key_of(campaign): "1E+2"}


@pytest.mark.django_db
@pytest.mark.parametrize("daily", [None, "0", "0.004"])
def test_without_a_budget_worth_a_coin_nothing_is_set(
    world: World, brand: Brand, account: PlatformAccount, daily: str | None
) -> None:
    world.link([a_campaign(brand=brand, daily=daily)], account)
    world.deliver()

    assert there(world, account) == {}


@pytest.mark.django_db
def test_the_recommended_budget_stands_for_the_day_whatever_is_spent(
    world: World, brand: Brand
) -> None:
    account = world.account(brand, daily_budgets="recommended")
    campaign = a_campaign(brand=brand, monthly="2200")
    world.link([campaign], account)
    world.deliver()
    assert there(world, account) == {key_of(campaign): "1E+2"}  # 2,200 over 22 days

    spend(campaign, "320", at=world.now)
    world.deliver()
    assert there(world, account) == {key_of(campaign): "1E+2"}

    world.passes(days=1)
    world.deliver()
    assert there(world, account) == {key_of(campaign): "89.52"}  # 1,880 over 21 days, rounded down

    world.now = an_instant("2026-04-01 00:05")  # nothing was decided since midnight
    world.deliver()
    assert there(world, account) == {key_of(campaign): "73.33"}  # 2,200 over 30 days


@pytest.mark.django_db
def test_a_campaign_that_is_several_there_is_left_alone(
    world: World, brand: Brand, account: PlatformAccount, campaign: Campaign
) -> None:
    """Whose share is how large is not ours to guess, and each the whole would be too much."""
    other = world.account(brand, external_id="a-2", name="another", daily_budgets="daily")
    world.link([campaign], other)
    world.deliver()

    assert there(world, account) == there(world, other) == {}


@pytest.mark.django_db
def test_a_refused_amount_is_not_tried_again_until_another_is_due_or_somebody_asks(
    world: World,
    account: PlatformAccount,
    campaign: Campaign,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    refusal: dict[str, ConnectorError | None] = {
        key_of(campaign): PermanentError("It shares its budget.")
    }
    answering = Answering(world, monkeypatch, refusal)
    for _ in range(3):
        world.deliver()
    assert len(answering.orders) == 1
    assert budget_of(campaign).error == "It shares its budget."
    assert account.exchanges.get(direction="budgets").failing_since is None

    assert try_again(account.campaigns.all()) == 1
    world.deliver()
    assert len(answering.orders) == 2
    assert budget_of(campaign).error == ""

    answering.given = [refusal]
    for amount in ("50", "60"):
        campaign.daily_budget = Decimal(amount)
        campaign.save()
        world.deliver()
    assert there(world, account) == {key_of(campaign): "6E+1"}


@pytest.mark.django_db
def test_a_lost_answer_is_sent_again_even_when_the_amount_goes_back(
    world: World,
    account: PlatformAccount,
    campaign: Campaign,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world.deliver()
    answering = Answering(world, monkeypatch, TemporaryError("No answer in time."))
    campaign.daily_budget = Decimal("70")
    campaign.save()
    world.deliver()
    set_there(world, account, campaign, 70)  # it was carried out
    campaign.daily_budget = Decimal("100")
    campaign.save()
    world.passes(minutes=2)
    world.deliver()

    assert [orders[0].amount for orders in answering.orders] == [70, 100]
    assert there(world, account) == {key_of(campaign): "1E+2"}


@pytest.mark.django_db
def test_what_was_sent_and_not_answered_is_nobody_elses(
    world: World,
    account: PlatformAccount,
    campaign: Campaign,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world.deliver()
    Answering(world, monkeypatch, TemporaryError("No answer in time."))
    campaign.daily_budget = Decimal("70")
    campaign.save()
    world.passes(hours=2)
    world.deliver()
    set_there(world, account, campaign, 70)
    world.passes(seconds=1)
    world.pull()

    found = budget_of(campaign)
    assert (found.there, found.seen) == (Decimal("70.00"), None)


@pytest.mark.django_db
def test_trouble_with_budgets_is_apart_from_stops_and_leaves_the_account_alone_for_a_while(
    world: World,
    account: PlatformAccount,
    campaign: Campaign,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world.deliver()
    limited = RateLimited("Too many.", retry_after=timedelta(minutes=10))
    answering = Answering(world, monkeypatch, limited)
    campaign.daily_budget = Decimal("70")
    campaign.save()
    spend(campaign, "70", at=world.now)
    world.deliver()
    world.passes(minutes=5)
    world.deliver()
    assert len(answering.orders) == 1
    assert world.stands(account) == {key_of(campaign): "paused"}

    world.passes(minutes=6)
    world.deliver()
    assert there(world, account) == {key_of(campaign): "7E+1"}


@pytest.mark.django_db
def test_a_stop_does_not_wait_for_budgets(
    world: World, account: PlatformAccount, campaign: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_budgets = world.connector.set_budgets

    def slow(login: Login, orders: Sequence[BudgetOrder]) -> Sequence[Answer]:
        hold(campaign, by=None, now=world.now)
        world.deliver(account_ids=[account.pk])
        assert world.stands(account) == {key_of(campaign): "paused"}
        return set_budgets(login, orders)

    monkeypatch.setattr(world.connector, "set_budgets", slow)
    world.deliver()

    assert there(world, account) == {key_of(campaign): "1E+2"}


@pytest.mark.django_db
def test_most_calls_of_a_minute_are_left_for_stops(
    world: World, brand: Brand, account: PlatformAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    limits = replace(world.connector.limits, batch_size=2, calls_a_minute=12)
    monkeypatch.setattr(world.connector, "limits", limits)
    world.link([a_campaign(brand=brand, daily="100") for _ in range(9)], account)
    world.deliver()
    world.passes(minutes=1)
    world.noted("set_budgets")
    world.deliver()
    assert len(there(world, account)) == 9

    Campaign.objects.update(daily_budget=Decimal("90"))
    world.calls.clear()
    world.passes(minutes=1)
    world.deliver()
    assert world.calls == ["set_budgets"] * 3


@pytest.mark.django_db
def test_an_account_that_takes_none_is_tried_again_on_request(
    world: World,
    account: PlatformAccount,
    campaign: Campaign,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    answering = Answering(world, monkeypatch, PermanentError("This account takes none."))
    for _ in range(2):
        world.deliver()
    assert len(answering.orders) == 1

    try_again(account.campaigns.all())
    world.deliver()
    assert there(world, account) == {key_of(campaign): "1E+2"}


@pytest.mark.django_db
def test_switched_off_no_trouble_is_left(
    world: World,
    account: PlatformAccount,
    campaign: Campaign,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    Answering(world, monkeypatch, PermanentError("This account takes none."))
    world.deliver()
    assert account.exchanges.filter(direction="budgets", failure="permanent").exists()

    PlatformAccount.objects.update(daily_budgets="off")
    world.deliver()
    assert not account.exchanges.filter(direction="budgets").exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "outside, stays", [("respect", True), ("report", True), ("enforce", False)]
)
def test_what_a_person_sets_there_is_seen_and_kept_or_set_again_as_the_account_says(
    world: World, account: PlatformAccount, campaign: Campaign, outside: str, stays: bool
) -> None:
    PlatformAccount.objects.update(outside=outside)
    world.deliver()
    world.pull()
    set_there(world, account, campaign, 500)
    world.passes(hours=2)
    world.pull()
    world.deliver()

    found = budget_of(campaign)
    assert (found.seen, found.there) == (Decimal("500.00"), Decimal("500.00" if stays else "100"))
    assert there(world, account) == {key_of(campaign): "5E+2" if stays else "1E+2"}

    if stays:
        assert try_again(account.campaigns.all()) == 1
        world.deliver()
        assert there(world, account) == {key_of(campaign): "1E+2"}


@pytest.mark.django_db
def test_a_person_who_takes_it_back_leaves_nothing_to_say(
    world: World, account: PlatformAccount, campaign: Campaign
) -> None:
    world.deliver()
    for amount in (500, 100):
        set_there(world, account, campaign, amount)
        world.passes(hours=2)
        world.pull()

    assert budget_of(campaign).seen is None
    assert budget_of(campaign).there == Decimal("100.00")


@pytest.mark.django_db
def test_what_the_platform_had_before_is_shown_and_nobodys_doing(
    world: World, brand: Brand
) -> None:
    account = world.account(brand)
    campaign = a_campaign(brand=brand, daily="100")
    world.link([campaign], account)
    set_there(world, account, campaign, 80)
    world.pull()

    found = budget_of(campaign)
    assert (found.there, found.seen, found.sent) == (Decimal("80.00"), None, None)


@pytest.mark.django_db
def test_a_list_that_was_asked_for_before_an_order_is_no_news(
    world: World, account: PlatformAccount, campaign: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.deliver()
    list_campaigns = world.connector.list_campaigns

    def slow(login: Login) -> Any:
        listed = list(list_campaigns(login))
        world.passes(seconds=5)
        campaign.daily_budget = Decimal("60")
        campaign.save()
        world.deliver()
        return listed

    world.passes(hours=2)
    monkeypatch.setattr(world.connector, "list_campaigns", slow)
    world.pull()

    found = budget_of(campaign)
    assert (found.there, found.seen) == (Decimal("60.00"), None)


@pytest.mark.django_db
@settings(max_examples=40, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_it_is_what_the_pages_recommend(data: st.DataObject) -> None:
    """One rule for what people read and what platforms are told."""
    amounts = st.integers(1, 5_000).map(lambda units: f"{units}.37")
    starts_on = data.draw(st.none() | st.dates(date(2026, 2, 26), date(2026, 3, 29)))
    last = max(starts_on or TODAY, TODAY)
    ends_on = data.draw(st.none() | st.dates(last, date(2026, 4, 9)))
    campaign = a_campaign(
        brand=a_brand(
            daily=data.draw(st.none() | amounts),
            zone=data.draw(st.sampled_from(["UTC", "Asia/Tokyo", "America/Los_Angeles"])),
        ),
        daily=data.draw(st.none() | amounts),
        monthly=data.draw(amounts),
        starts_on=starts_on,
        ends_on=ends_on,
        schedule=a_schedule(data.draw(st.sampled_from(HOURS))),
    )
    month = campaign.monthly_budget or Decimal(0)
    before, today = (data.draw(st.integers(0, 40)) for _ in range(2))
    for percent, at in ((before, NOON - timedelta(days=3)), (today, NOON)):
        if percent:
            spend(campaign, (month * percent / 100).quantize(CENT), at=at, now=NOON)
    campaign.refresh_from_db()
    shown = paces_for([campaign], figures_for([campaign], now=NOON), now=NOON)[campaign.pk]

    told = budget_there(campaign, "recommended", CENT, now=NOON)

    recommended = shown.recommended or Decimal(0)  # none where no day is left to spend on
    assert (told or Decimal(0)) == recommended - recommended % CENT
