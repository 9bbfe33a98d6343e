"""Which daily budget a platform itself should have for a campaign, as its account asks for."""

from datetime import date, datetime
from decimal import Decimal

from budgets.models import Campaign
from budgets.models.hours.opening import hours_of_campaign
from budgets.models.platforms.platform_account import DailyBudgets
from budgets.rules.clock import DAY, month_of, next_month_of
from budgets.rules.money import to_micros, to_units
from budgets.rules.pacing import recommended_daily, spending_days


def budget_there(
    campaign: Campaign, setting: str, smallest: Decimal, *, now: datetime
) -> Decimal | None:
    """Return the daily budget that a platform should have, rounded down; none where none is due.

    The recommended one rests on what was spent before today, so it stands for all of the day.
    """
    micros = None if campaign.daily_budget is None else to_micros(campaign.daily_budget)
    if setting == DailyBudgets.RECOMMENDED and campaign.monthly_budget is not None:
        micros = recommended(campaign, campaign.clock.day(now))
    if not micros:
        return None
    whole = to_micros(smallest)
    return to_units(micros - micros % whole) if micros >= whole else None


def recommended(campaign: Campaign, today: date) -> int | None:
    """Return what remains of the month a spending day, in micros, within what a day may spend."""
    month = month_of(today)
    spent = campaign.month_spent if campaign.month == month else Decimal(0)
    spent -= campaign.day_spent if campaign.day == today else Decimal(0)
    first = max(today, campaign.starts_on or today)
    last = min(next_month_of(today) - DAY, campaign.ends_on or date.max)
    hours = hours_of_campaign(campaign)
    limits = [campaign.daily_budget, campaign.brand.daily_budget]
    return recommended_daily(
        None if campaign.monthly_budget is None else to_micros(campaign.monthly_budget),
        to_micros(spent),
        spending_days(hours, first, max(last, first - DAY)),
        most_micros=min((to_micros(each) for each in limits if each is not None), default=None),
    )
