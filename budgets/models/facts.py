"""What a decision about one campaign depends on, read from its rows."""

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

from django.db.models import QuerySet

from budgets.models.brand import Brand
from budgets.models.campaign import Campaign
from budgets.models.hours.opening import hours_of_campaign
from budgets.models.periods.budget_in_force import plans_of
from budgets.models.periods.period import Period
from budgets.models.platforms.platform_account import PlatformAccount
from budgets.models.spend import Spend, SpendQuerySet
from budgets.rules.clock import month_of
from budgets.rules.decision import Facts, Figures
from budgets.rules.money import sum_to_micros, to_micros


def facts_of(campaign: Campaign, *, now: datetime) -> Facts:
    """Return the facts of the campaign at the instant, its spend read from the ledger's days."""
    brand, today = campaign.brand, campaign.brand.clock.day(now)
    month = month_of(today)
    own = Spend.objects.filter(campaign=campaign)
    of_brand = Spend.objects.filter(campaign__brand=brand)
    return Facts(
        is_held=campaign.is_held,
        brand_is_held=brand.is_held,
        starts_on=campaign.starts_on,
        ends_on=campaign.ends_on,
        hours=hours_of_campaign(campaign),
        daily=figures_on(today, campaign, Period.DAY, own.filter(day=today)),
        monthly=figures_on(today, campaign, Period.MONTH, own.in_month(month)),
        brand_daily=figures_on(today, brand, Period.DAY, of_brand.filter(day=today)),
        brand_monthly=replace(
            figures_on(today, brand, Period.MONTH, of_brand.in_month(month)),
            carried_micros=to_micros(brand.carried_in(month)),
            rollover=brand.rollover_rule,
        ),
        feed_is_silent=brand.pauses_when_silent and silent_accounts_of(campaign).exists(),
    )


def figures_on(today: date, row: Brand | Campaign, period: Period, spent: SpendQuerySet) -> Figures:
    """Return what was spent beside the budget in force today, and those of other days."""
    (budgets,) = plans_of([row], period).values()
    return Figures(
        spent_micros=sum_to_micros(spent.total()),
        budget_micros=budgets.micros_on(today),
        dated=budgets.dated,
    )


def silent_accounts_of(campaign: Campaign) -> QuerySet[PlatformAccount]:
    """Return the accounts that the campaign spends in and whose spend is not seen."""
    accounts = PlatformAccount.objects.filter(campaigns__campaign=campaign, is_on=True)
    return accounts.exclude(silent_since=None).order_by("silent_since")


def in_micros(spent: Decimal, budget: Decimal | None) -> Figures:
    """Return spend and budget as the rules take them."""
    return Figures(
        spent_micros=sum_to_micros(spent),
        budget_micros=None if budget is None else sum_to_micros(budget),
    )
