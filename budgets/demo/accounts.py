"""The demo's accounts at the mock platform: its campaigns run there, and are charged there."""

import secrets
from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import groupby

from budgets.connectors.mock import MockConnector, MockPlatform
from budgets.connectors.mock.connector import installed_platform
from budgets.connectors.mock.facts import MockAccount, MockCampaign
from budgets.connectors.mock.traffic import Advertiser
from budgets.models import Brand, Campaign, LinkedCampaign, PlatformAccount, Source
from budgets.models.platforms.platform_account import DailyBudgets
from budgets.rules.money import to_micros
from budgets.rules.status import RunStatus


def advertiser(campaign: Campaign) -> Advertiser:
    """Return what the mock platform's traffic needs to know of one of our campaigns."""
    return Advertiser(
        key=key_of(campaign),
        currency=campaign.brand.currency,
        timezone=campaign.brand.timezone,
        daily_budget_micros=daily_budget_micros(campaign),
    )


def key_of(campaign: Campaign) -> str:
    return campaign.external_id or str(campaign.pk)


def daily_budget_micros(campaign: Campaign) -> int | None:
    return None if campaign.daily_budget is None else to_micros(campaign.daily_budget)


def open_accounts(campaigns: Sequence[Campaign], *, now: datetime) -> None:
    """Open what is missing of the accounts of these campaigns, in the order of their brands.

    From this instant on the platform runs the campaigns, and charges those that run.
    """
    platform = installed_platform()
    for brand, theirs in groupby(campaigns, key=lambda campaign: campaign.brand):
        account = PlatformAccount.objects.filter(brand=brand, connector=MockConnector.name).first()
        if account is None:
            account = new_account(brand, now=now)
            platform.forget(account.external_id)  # of a database that is gone
        open_there(platform, account, list(theirs), now=now)
    platform.close()


def new_account(brand: Brand, *, now: datetime) -> PlatformAccount:
    """Save an account of the brand at the mock platform."""
    account = PlatformAccount(
        brand=brand,
        name=MockConnector.name,
        timezone=brand.timezone,
        connector=MockConnector.name,
        external_id=f"demo-{brand.pk}",
        currency=brand.currency,
        reads_from=brand.clock.day(now),
        daily_budgets=DailyBudgets.RECOMMENDED,
    )
    account.credentials = {"token": secrets.token_urlsafe(12)}
    # A demo of before had the source alone.
    source = Source.objects.filter(brand=brand, name=account.name).first()
    if source:
        account.pk = account.source_ptr_id = source.pk
    account.save()
    return account


def open_there(
    platform: MockPlatform,
    account: PlatformAccount,
    campaigns: Iterable[Campaign],
    *,
    now: datetime,
) -> None:
    """Let the platform know the account and the campaigns, and link them; twice does no harm."""
    there = platform.account(account.external_id)
    if there is None:
        there = MockAccount(
            id=account.external_id,
            name=account.brand.name,
            currency=account.currency,
            timezone=account.timezone,
            token=account.credentials["token"],
        )
        platform.save_account(there)
    linked = set(account.campaigns.values_list("campaign_id", flat=True))
    platform.add_campaigns(
        there.id, [campaign_there(campaign, now=now) for campaign in campaigns], now=now
    )
    LinkedCampaign.objects.bulk_create(
        LinkedCampaign(campaign=campaign, account=account, external_id=key_of(campaign))
        for campaign in campaigns
        if campaign.pk not in linked
    )


def campaign_there(campaign: Campaign, *, now: datetime) -> MockCampaign:
    return MockCampaign(
        id=key_of(campaign),
        name=campaign.name,
        status=RunStatus.PAUSED if campaign.reasons else RunStatus.RUNNING,
        daily_budget_micros=daily_budget_micros(campaign),
        since=now,
        settled_until=now,
    )
