"""What the demo's agency has planned ahead: budgets, and holidays."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from budgets.demo.world import BRANDS
from budgets.models import Brand, Campaign, DatedBudget
from budgets.rules.clock import LocalClock, next_month_of


@dataclass(frozen=True, slots=True, kw_only=True)
class BudgetPlan:
    """A budget in units of the brand's currency, of a brand or of its campaign of that number.

    It begins so many days from today or, with `None`, on the first of the next month, and lasts so
    many days or, with `None`, for good.
    """

    brand: str
    campaign: int | None = None
    period: str = "day"
    amount: int | None
    starts: int | None = None
    days: int | None = None


BUDGETS = (
    BudgetPlan(brand="outdoor", period="month", amount=128_000),
    BudgetPlan(brand="outdoor", campaign=3, amount=2_400, starts=6, days=4),
    BudgetPlan(brand="bank", campaign=1, amount=1_800),
    BudgetPlan(brand="optik", period="month", amount=61_000),
)


WITH_HOLIDAYS = "Business hours"
"""The schedule that is closed on them."""

HOLIDAYS = {"12-25": "Christmas Day", "12-26": "Boxing Day", "01-01": "New Year's Day"}


def holidays_from(year: int) -> str:
    """Return the holidays of the year and the next, a date a line."""
    return "\n".join(
        f"{each}-{day} closed # {name}"
        for each in (year, year + 1)
        for day, name in sorted(HOLIDAYS.items())
    )


def planned_budgets(
    brands: list[Brand], campaigns: list[Campaign], *, now: datetime
) -> Iterator[DatedBudget]:
    """Yield the budgets, unsaved, each from a day of its brand's own calendar on."""
    keys = dict(zip((plan.key for plan in BRANDS), brands, strict=True))
    for plan in BUDGETS:
        brand = keys[plan.brand]
        today = LocalClock.of(brand.timezone).day(now)
        first = next_month_of(today) if plan.starts is None else today + timedelta(plan.starts)
        own = [campaign for campaign in campaigns if campaign.brand == brand]
        yield DatedBudget(
            brand=brand,
            campaign=own[plan.campaign - 1] if plan.campaign else None,
            period=plan.period,
            amount=plan.amount,
            starts_on=first,
            ends_on=first + timedelta(plan.days - 1) if plan.days else None,
        )
