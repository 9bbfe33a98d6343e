"""What lists of campaigns and brands are sorted by, worked out by the database in one pass.

Only an order: shares are approximate, and a total that lies ahead of the clock counts as none.
"""

from collections import defaultdict
from datetime import date, datetime
from typing import Any

from django.db.models import Case, Count, F, FloatField, OuterRef, Q, QuerySet, Subquery, Sum, When
from django.db.models.functions import Cast, Greatest, NullIf

from budgets.models import Brand, Campaign
from budgets.rules.clock import clock_of, month_of

CAMPAIGN_KEYS = ("spent_today", "used_today", "spent_this_month", "used_this_month")
BRAND_KEYS = (*CAMPAIGN_KEYS, "running")


def campaigns_to_sort(campaigns: QuerySet[Campaign], *, now: datetime) -> QuerySet[Campaign]:
    """Give campaigns the keys of `CAMPAIGN_KEYS`."""
    spent = campaigns.alias(**spent_now(now))
    return spent.alias(**used())


def brands_to_sort(brands: QuerySet[Brand], *, now: datetime) -> QuerySet[Brand]:
    """Give brands the keys of `BRAND_KEYS`, over their campaigns."""
    own = Campaign.objects.filter(brand=OuterRef("pk")).order_by().values("brand")
    keys: dict[str, Any] = {name: Sum(amount) for name, amount in spent_now(now).items()}
    keys["running"] = Count("id", filter=Q(reasons=0))
    sums = {
        name: Subquery(own.annotate(**{f"_{name}": key}).values(f"_{name}"))
        for name, key in keys.items()
    }
    return brands.alias(**sums).alias(**used(this_month=brand_limit(now)))


def spent_now(now: datetime) -> dict[str, Any]:
    """Return what a campaign spent in its brand's local day and month."""
    zones: dict[date, list[str]] = defaultdict(list)
    for zone in Brand.objects.order_by().values_list("timezone", flat=True).distinct():
        zones[clock_of(zone).day(now)].append(zone)
    # At any instant the world shows three dates at most.
    here = {day: Q(brand__timezone__in=names) for day, names in zones.items()}
    today = [
        When(of_zone & Q(day=day), then=as_number("day_spent")) for day, of_zone in here.items()
    ]
    month = [
        When(of_zone & Q(month=month_of(day)), then=as_number("month_spent"))
        for day, of_zone in here.items()
    ]
    return {
        "spent_today": Case(*today, default=0.0, output_field=FloatField()),
        "spent_this_month": Case(*month, default=0.0, output_field=FloatField()),
    }


def brand_limit(now: datetime) -> Any:
    """Return what a brand may spend in its local month, with what was carried over."""
    months: dict[date, list[str]] = defaultdict(list)
    for zone in Brand.objects.order_by().values_list("timezone", flat=True).distinct():
        months[clock_of(zone).month(now)].append(zone)
    begun = Q(pk__in=[])
    for month, names in months.items():
        begun |= Q(timezone__in=names, carried_month=month)
    limit = as_number("monthly_budget") + as_number("carried")
    return Case(
        When(monthly_budget=0, then=0.0),
        When(begun, then=Greatest(limit, 0.0)),
        default=as_number("monthly_budget"),
        output_field=FloatField(),
    )


def used(*, this_month: Any = None) -> dict[str, Any]:
    """Return the shares of the budgets; none without a budget, or with one of 0."""
    monthly = this_month or as_number("monthly_budget")
    return {
        "used_today": F("spent_today") / NullIf(as_number("daily_budget"), 0.0),
        "used_this_month": F("spent_this_month") / NullIf(monthly, 0.0),
    }


def as_number(money: str) -> Cast:
    """Return micros as a number that can be divided: an order is no amount."""
    return Cast(money, FloatField())
