"""The ways people write it first: one campaign, one row at a time. Kept to measure against."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from budgets.models import Campaign, Change, LedgerEntry, Spend, Trigger
from budgets.models.facts import facts_of
from budgets.operations.ingest.types import SpendEntry
from budgets.rules.clock import month_of
from budgets.rules.decision import decide


def naive_check(*, now: datetime) -> int:
    """Decide one campaign after the other through the ORM; return how many were looked at."""
    looked_at = 0
    for campaign in Campaign.objects.select_related("brand", "schedule"):
        clock = campaign.brand.clock
        facts = facts_of(campaign, now=now)
        reasons = decide(facts, today=clock.day(now), slot=clock.slot(now))
        if reasons != campaign.reasons:
            Change.objects.create(
                campaign=campaign,
                brand=campaign.brand,
                at=now,
                before=campaign.reasons,
                after=reasons,
                trigger=Trigger.TICK,
            )
        campaign.reasons = reasons
        # Past our own save(), which validates and decides: a plain save of the row.
        campaign.save_base(raw=True, force_update=True)
        looked_at += 1
    return looked_at


def naive_record(entries: Sequence[SpendEntry], *, now: datetime) -> None:
    """Book one entry after the other: lock the campaign, get_or_create, add, save."""
    for entry in entries:
        with transaction.atomic():
            campaign = (
                Campaign.objects.select_for_update(of=("self",))
                .select_related("brand")
                .get(pk=entry.campaign_id)
            )
            day = campaign.brand.clock.day(entry.occurred_at)
            new = {"campaign": campaign, "occurred_at": entry.occurred_at, "day": day}
            _, is_new = LedgerEntry.objects.get_or_create(
                source=entry.source,
                key=entry.key,
                brand=campaign.brand,
                defaults=new | {"amount": entry.amount, "recorded_at": now},
            )
            if is_new:
                add(campaign, day, entry.amount)


def add(campaign: Campaign, day: date, amount: Decimal) -> None:
    """Add the amount to the campaign's day and month, and save both rows."""
    spend, _ = Spend.objects.get_or_create(campaign=campaign, day=day, defaults={"amount": 0})
    spend.amount += amount
    spend.save()
    is_today, is_this_month = campaign.day == day, campaign.month == month_of(day)
    campaign.day_spent = campaign.day_spent + amount if is_today else amount
    campaign.month_spent = campaign.month_spent + amount if is_this_month else amount
    campaign.day, campaign.month = day, month_of(day)
    campaign.save_base(raw=True, force_update=True)
