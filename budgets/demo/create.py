"""Create the demo's rows, as they would stand at the start of its history."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from budgets.demo.planned import WITH_HOLIDAYS, holidays_from, planned_budgets
from budgets.demo.world import BRANDS, HOURS, PEOPLE, external_id
from budgets.models import Brand, Campaign, DatedBudget, Schedule
from budgets.operations.reconcile import reconcile
from budgets.rules.clock import LocalClock
from budgets.rules.rollover import Rollover

REFERENCES = [
    external_id(brand, number)
    for brand in BRANDS
    for number, _ in enumerate(brand.campaigns, start=1)
]


def demo_campaigns() -> list[Campaign]:
    """Return the campaigns of the demo, with their brands; none before it was loaded."""
    campaigns = Campaign.objects.filter(external_id__in=REFERENCES)
    return list(campaigns.select_related("brand").order_by("id"))


def create_world(*, now: datetime, since: datetime) -> None:
    """Create people, schedules, brands and campaigns as they stood at `since`.

    In bulk, past `save()`: a save would decide at the clock's now, and the history comes first.
    """
    with transaction.atomic():
        for username, (first, last) in PEOPLE.items():
            person(username, first_name=first, last_name=last)
        schedules = {name: Schedule(name=name, hours=hours) for name, hours in HOURS.items()}
        schedules[WITH_HOLIDAYS].exceptions = holidays_from(now.year)
        for schedule in schedules.values():
            schedule.full_clean()
        Schedule.objects.bulk_create(schedules.values())
        brands = list(planned_brands(since=since))
        Brand.objects.bulk_create(brands)
        campaigns = list(planned_campaigns(brands, schedules, now=now, since=since))
        for campaign in campaigns:
            campaign.full_clean()
        Campaign.objects.bulk_create(campaigns)
        DatedBudget.objects.bulk_create(planned_budgets(brands, campaigns, now=now))
        reconcile(now=since, brand_ids=[brand.pk for brand in brands])


def person(username: str, **name: str) -> AbstractBaseUser:
    """Return the member of the demo's team; nobody can sign in as one."""
    users = get_user_model()._default_manager
    found = users.filter(username=username).first()
    return found or users.create_user(username=username, password=None, is_active=False, **name)


def planned_brands(*, since: datetime) -> Iterator[Brand]:
    for plan in BRANDS:
        brand = Brand(
            name=plan.name,
            currency=plan.currency,
            timezone=plan.timezone,
            daily_budget=plan.daily,
            monthly_budget=plan.monthly,
            rollover=Rollover.UNSPENT.value if plan.rollover_cap else Rollover.NONE.value,
            rollover_cap=plan.rollover_cap,
            created_at=since,
        )
        brand.full_clean()
        yield brand


def planned_campaigns(
    brands: list[Brand], schedules: dict[str, Schedule], *, now: datetime, since: datetime
) -> Iterator[Campaign]:
    """Yield the campaigns, unsaved, with flights around the brand's own today."""
    for plan, brand in zip(BRANDS, brands, strict=True):
        today = LocalClock.of(plan.timezone).day(now)
        for number, campaign in enumerate(plan.campaigns, start=1):
            yield Campaign(
                brand=brand,
                name=campaign.name,
                external_id=external_id(plan, number),
                schedule=schedules[campaign.hours] if campaign.hours else None,
                daily_budget=campaign.daily,
                monthly_budget=campaign.monthly,
                starts_on=days_from(today, campaign.starts),
                ends_on=days_from(today, campaign.ends),
                created_at=since,
            )


def days_from(today: date, days: int | None) -> date | None:
    return None if days is None else today + timedelta(days=days)
