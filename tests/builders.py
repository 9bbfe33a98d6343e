"""Builders: the rows of a test, each with only the facts that matter to it."""

from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import count
from zoneinfo import ZoneInfo

import time_machine
from django.contrib.auth import get_user_model
from django.contrib.auth.models import User

from budgets.models import (
    Brand,
    Campaign,
    LedgerEntry,
    LinkedCampaign,
    PlatformAccount,
    Schedule,
    Spend,
    Statement,
)
from budgets.operations.ingest import record_spend
from budgets.operations.ingest.types import Receipt, SpendEntry
from budgets.rules.clock import month_of
from budgets.rules.money import MAX_UNITS

_numbers = count(1)


def an_instant(text: str, zone: str = "UTC", *, fold: int = 0) -> datetime:
    """Return the instant at which clocks in the zone show `2026-03-10 12:00`, in UTC."""
    wall = datetime.fromisoformat(text)
    return wall.replace(tzinfo=ZoneInfo(zone), fold=fold).astimezone(UTC)


def the_clock_at(instant: datetime) -> time_machine.travel:
    """Stop the clock that doors and saves read: `with the_clock_at(noon): campaign.save()`."""
    return time_machine.travel(instant, tick=False)


def a_brand(
    *,
    daily: str | None = None,
    monthly: str | None = None,
    zone: str = "UTC",
    currency: str = "USD",
    name: str = "Acme",
    is_held: bool = False,
) -> Brand:
    """Save a brand; with no facts given, one without limits."""
    return Brand.objects.create(
        name=name,
        timezone=zone,
        currency=currency,
        daily_budget=_money(daily),
        monthly_budget=_money(monthly),
        is_held=is_held,
    )


def a_campaign(
    *,
    brand: Brand | None = None,
    daily: str | None = None,
    monthly: str | None = None,
    schedule: Schedule | None = None,
    starts_on: date | None = None,
    ends_on: date | None = None,
    name: str = "Spring sale",
    is_held: bool = False,
) -> Campaign:
    """Save a campaign; with no facts given, one that always runs, of a brand of its own."""
    return Campaign.objects.create(
        brand=brand or a_brand(),
        name=name,
        daily_budget=_money(daily),
        monthly_budget=_money(monthly),
        schedule=schedule,
        starts_on=starts_on,
        ends_on=ends_on,
        is_held=is_held,
    )


def a_brand_at_the_most(*, campaigns: int, on: datetime) -> Brand:
    """Save a brand whose campaigns spent, past every check, the most that one can on a day."""
    brand, day = a_brand(daily="1000", monthly="5000"), on.date()
    totals = {"day_spent": MAX_UNITS, "month": month_of(day), "month_spent": MAX_UNITS}
    rows = Campaign.objects.bulk_create(
        Campaign(brand=brand, name=f"Number {number}", day=day, **totals)
        for number in range(campaigns)
    )
    Spend.objects.bulk_create(Spend(campaign=row, day=day, amount=MAX_UNITS) for row in rows)
    return brand


def entries_at_the_most(campaign: Campaign, *, on: datetime, number: int, sign: int = 1) -> None:
    """Save entries of the most that one may be, past every check and with no total."""
    facts = {"brand": campaign.brand, "campaign": campaign, "amount": sign * MAX_UNITS}
    times = {"day": on.date(), "occurred_at": on, "recorded_at": on}
    LedgerEntry.objects.bulk_create(
        LedgerEntry(source="raw", key=f"entry-{next(_numbers)}", **facts, **times)
        for _ in range(number)
    )


def a_link(campaign: Campaign, *, name: str = "search") -> LinkedCampaign:
    """Save an account of the campaign's brand at the mock platform, and link the campaign to it."""
    brand = campaign.brand
    account = PlatformAccount.objects.create(
        brand=brand,
        name=name,
        connector="mock",
        external_id=f"account-{next(_numbers)}",
        currency=brand.currency,
        timezone=brand.timezone,
        reads_from=date(2026, 1, 1),
    )
    return LinkedCampaign.objects.create(campaign=campaign, account=account, external_id="c-1")


def a_statement(brand: Brand, *, spent: int, on: datetime) -> Statement:
    """Save the statement of a brand's day, past every check."""
    return Statement.objects.create(
        brand=brand,
        period="day",
        starts_on=on.date(),
        currency=brand.currency,
        spent_at_close=spent,
        spent=spent,
        closed_at=on,
    )


def a_schedule(hours: str = "Mon-Sun 09:00-17:00", *, name: str = "Office hours") -> Schedule:
    """Save a schedule."""
    return Schedule.objects.create(name=name, hours=hours)


def a_person(name: str = "ada") -> User:
    """Save a user who can be named as the one who did something."""
    user: User = get_user_model().objects.create_user(username=name)
    return user


def an_entry(
    campaign: Campaign,
    amount: str | Decimal,
    *,
    at: datetime,
    key: str | None = None,
    source: str = "test",
    currency: str | None = None,
) -> SpendEntry:
    """Return an entry for the campaign, in its brand's currency, under a key of its own."""
    return SpendEntry(
        source=source,
        key=key or f"entry-{next(_numbers)}",
        campaign_id=campaign.pk,
        occurred_at=at,
        amount=Decimal(amount),
        currency=currency or campaign.brand.currency,
    )


def spend(
    campaign: Campaign,
    amount: str | Decimal,
    *,
    at: datetime,
    key: str | None = None,
    now: datetime | None = None,
) -> Receipt:
    """Record one entry, at the instant it occurred or `now`, and show the result on `campaign`."""
    receipt = record_spend([an_entry(campaign, amount, at=at, key=key)], now=now or at)
    assert not receipt.refused, receipt.refused
    campaign.refresh_from_db()
    return receipt


def _money(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
