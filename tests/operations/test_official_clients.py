"""Spend that comes through an official client stops the campaign through it, to the last byte."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest

from budgets.connectors import registry
from budgets.models import Campaign, LinkedCampaign, PlatformAccount, Spend
from budgets.operations.deliver import deliver_changes
from budgets.operations.platforms.connect import connection_problems
from budgets.operations.platforms.links import link
from budgets.operations.platforms.pull import sync_spend
from budgets.rules.clock import DAY
from tests.builders import a_brand
from tests.connectors.platforms import GoogleAds, Meta, StandIn

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "platform, module",
    [(GoogleAds, "google_ads.customer"), (Meta, "meta.ad_account")],
)
def test_what_is_spent_there_stops_there(
    monkeypatch: pytest.MonkeyPatch, platform: Callable[[], StandIn], module: str
) -> None:
    with platform().started() as there:
        clock = SimpleNamespace(now=lambda _zone: there.now)
        monkeypatch.setattr(f"budgets.connectors.{module}.datetime", clock)
        monkeypatch.setitem(registry.CONNECTORS, there.connector.name, lambda: there.connector)
        brand = a_brand(currency="INR", zone="Asia/Kolkata")
        account = PlatformAccount(
            brand=brand,
            name="there",
            connector=there.connector.name,
            external_id=there.login.external_id,
            currency="INR",
            timezone="Asia/Kolkata",
            reads_from=brand.clock.day(there.now) - DAY,
            daily_budgets="daily",
        )
        account.credentials = there.login.credentials
        account.save()
        campaign = Campaign.objects.create(brand=brand, name="Tea", daily_budget=Decimal("20000"))
        link(LinkedCampaign(campaign=campaign, account=account, external_id="1"), now=there.now)

        def tick() -> None:
            there.passes(timedelta(minutes=1))
            sync_spend(now=there.now, clock=lambda: there.now)
            deliver_changes(now=there.now, clock=lambda: there.now)

        tick()
        assert connection_problems(account) == []
        spent = {spend.day: spend.amount for spend in Spend.objects.filter(campaign=campaign)}
        billed = list(there.behind.billed(min(spent), max(spent), "1"))
        assert {each.day: each.micros for each in billed if each.micros} == {
            day: int(amount * 1_000_000) for day, amount in spent.items()
        }
        assert there.behind.campaigns()[0].budget_micros == 20_000_000_000

        campaign.daily_budget = spent[brand.clock.day(there.now)]  # reached as of now
        campaign.save()
        tick()
        assert there.behind.campaigns()[0].status == "paused"
        assert campaign.links.get().is_confirmed
        (exchange,) = account.exchanges.filter(direction="status")
        assert not exchange.failures
