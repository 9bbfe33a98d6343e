"""Figures behind the charts: spend by hour, by day, and adding up over a month."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any, NamedTuple

from django.db.models.functions import TruncMinute

from budgets.models import Brand, Campaign, LedgerEntry, Period, Spend
from budgets.models.fields import MoneySum
from budgets.models.hours.opening import hours_of_campaign
from budgets.models.periods.budget_in_force import plans_of
from budgets.reports.figures import NOTHING
from budgets.reports.pace import hours_by_brand
from budgets.reports.plan import added_up, plan, planned_since
from budgets.rules.clock import DAY, month_of, next_month_of

ONE_HOUR = timedelta(hours=1)
SECOND = timedelta(seconds=1)
DAYS_SHOWN = 40
CAMPAIGNS_RANKED = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """Spend adding up step by step, as far as time has come, beside budget and plan.

    `plan` is what a budget spread over the scheduled time would have spent at the end of each
    step, `None` before it begins; empty without a budget. `reached` is how many steps, and parts of
    one, have passed.
    """

    labels: list[str]
    spent: list[Decimal]
    plan: list[Decimal | None]
    budget: Decimal | None
    reached: Decimal


class DayOfSpend(NamedTuple):
    """What a local day spent, and the budget that it is judged by."""

    day: date
    spent: Decimal
    budget: Decimal | None

    @property
    def is_over(self) -> bool:
        return self.budget is not None and self.spent > self.budget


@dataclass(frozen=True, slots=True, kw_only=True)
class DailySpend:
    """Spend of each recent day, oldest first, and the daily budget of today."""

    days: list[DayOfSpend]
    budget: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignShare:
    """A campaign's part of what its brand spent this month; `None` while that is nothing."""

    campaign: Campaign
    spent: Decimal
    share: Decimal | None


def today_by_hour(campaign: Campaign, *, now: datetime) -> Curve:
    """Return the campaign's local day, hour by hour."""
    clock = campaign.brand.clock
    start, end = clock.day_bounds(clock.day(now))
    edges = edges_of(start, end)
    spent: dict[int, Decimal] = defaultdict(Decimal)
    rows = (
        LedgerEntry.objects.filter(campaign=campaign, day=clock.day(now))
        .order_by()
        .annotate(minute=TruncMinute("occurred_at"))
        .values_list("minute")
        .annotate(total=MoneySum("amount"))
    )
    for minute, total in rows:
        spent[(minute - start) // ONE_HOUR] += total
    hours = hours_of_campaign(campaign)
    passed = sum(edge <= now for edge in edges[:-1])
    return Curve(
        labels=[f"{clock.local(edge):%H:%M}" for edge in edges[:-1]],
        spent=added_up([spent[hour] for hour in range(passed)]),
        plan=plan(campaign.daily_budget, hours, edges, clock),
        budget=campaign.daily_budget,
        reached=steps_passed(edges, now=now),
    )


def edges_of(start: datetime, end: datetime) -> list[datetime]:
    """Return the edges of the hours of a local day of any length."""
    edges = [start]
    while edges[-1] < end:
        edges.append(min(edges[-1] + ONE_HOUR, end))
    return edges


def last_days(campaign: Campaign, *, now: datetime, days: int = DAYS_SHOWN) -> DailySpend:
    """Return the campaign's recent local days, today last."""
    today = campaign.brand.clock.day(now)
    first = today - (days - 1) * DAY
    rows = campaign.spend_days.filter(day__gte=first, day__lte=today)
    spent: dict[date, Any] = dict(rows.order_by().values_list("day", "amount"))
    every = [first + n * DAY for n in range(days)]
    budgets = daily_budgets(campaign, every)
    return DailySpend(
        days=[DayOfSpend(day, spent.get(day, NOTHING), budgets[day]) for day in every],
        budget=budgets[today],
    )


def daily_budgets(campaign: Campaign, days: list[date]) -> dict[date, Decimal | None]:
    """Return what each day is judged by: what its statement says, where it has one."""
    (budgets,) = plans_of([campaign], Period.DAY).values()
    in_force = {day: budgets.on(day) for day in days}
    closed = campaign.statements.filter(period=Period.DAY, starts_on__in=days).order_by()
    return in_force | dict(closed.values_list("starts_on", "budget"))


def burn_up(brand: Brand, *, now: datetime) -> Curve:
    """Return the brand's local month, day by day."""
    clock = brand.clock
    today = clock.day(now)
    first, following = month_of(today), next_month_of(today)
    days = [first + n * DAY for n in range((following - first).days)]
    rows = Spend.objects.filter(campaign__brand=brand).in_month(first).order_by()
    spent = dict(rows.values_list("day").annotate(total=MoneySum("amount")))
    edges = [clock.start_of(day) for day in [*days, following]]
    since = planned_since([brand], now=now).get(brand.pk, first)
    return Curve(
        labels=[str(day.day) for day in days],
        spent=added_up([spent.get(day, NOTHING) for day in days if day <= today]),
        plan=plan(
            brand.limit_in(first),
            hours_by_brand([brand])[brand.pk],
            edges,
            clock,
            first=(since - first).days,
            before=sum((spent.get(day, NOTHING) for day in days if day < since), NOTHING),
        ),
        budget=brand.limit_in(first),
        reached=steps_passed(edges, now=now),
    )


def ranked(brand: Brand, *, now: datetime) -> list[CampaignShare]:
    """Return the campaigns that spent most of the brand's local month, the first one first."""
    month = month_of(brand.clock.day(now))
    spenders = brand.campaigns.filter(month=month)
    total: Decimal = spenders.aggregate(total=MoneySum("month_spent"))["total"] or NOTHING
    return [
        CampaignShare(
            campaign=campaign,
            spent=campaign.month_spent,
            share=campaign.month_spent / total if total > 0 else None,
        )
        for campaign in spenders.order_by("-month_spent", "id")[:CAMPAIGNS_RANKED]
    ]


def steps_passed(edges: list[datetime], *, now: datetime) -> Decimal:
    """Return how many steps between the edges have passed, with the part of the present one."""
    for number, (start, end) in enumerate(pairwise(edges)):
        if now < end and start < end:
            return number + Decimal((now - start) // SECOND) / ((end - start) // SECOND)
    return Decimal(len(edges) - 1)
