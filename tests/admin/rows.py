"""A row of every model that has pages, as a walk over all of them needs."""

from datetime import date, timedelta

from django.contrib import admin
from django.contrib.auth.models import Group, User
from django_celery_beat.models import (
    ClockedSchedule,
    CrontabSchedule,
    PeriodicTask,
    SolarSchedule,
)

from budgets.models import ApiKey, CampaignMatch, Change, DatedBudget, Job, Source, Statement
from budgets.operations.close import close_periods
from tests.builders import a_brand, a_campaign, a_link, a_schedule, an_instant, spend

NOON = an_instant("2026-03-10 12:00")


def a_row_of_each(asked_by: User) -> None:
    """Save rows for every page of the admin; what recurs is there with every database."""
    brand = a_brand(name="Casa Verde", daily="50", monthly="900", currency="SAR")
    schedule = a_schedule("Mon-Sun 00:00-24:00")
    campaign = a_campaign(brand=brand, name="Spring sale", daily="10", schedule=schedule)
    for row in (brand, campaign):
        type(row).objects.filter(pk=row.pk).update(created_at=NOON - timedelta(days=9))
    spend(campaign, "10", at=NOON)
    close_periods(now=NOON + timedelta(days=1), clock=lambda: NOON + timedelta(days=1))
    CampaignMatch.objects.create(
        brand=brand, source="google", identifier="g-1", is_name=False, campaign=campaign, at=NOON
    )
    Source.objects.create(brand=brand, name="meta", timezone="Asia/Kolkata")
    a_link(campaign)
    DatedBudget.objects.create(campaign=campaign, amount=20, starts_on=date(2026, 3, 1))
    ApiKey.objects.create(name="Reporting", created_by=asked_by)
    Job.objects.create(kind="spend_import", title="march.csv", asked_by=asked_by, asked_at=NOON)
    Group.objects.create(name="Interns")
    when = {
        "crontab": CrontabSchedule.objects.create(minute="5", hour="16"),
        "solar": SolarSchedule.objects.create(event="sunset", latitude=48, longitude=2),
        "clocked": ClockedSchedule.objects.create(clocked_time=NOON),
    }
    for kind, row in when.items():
        once = kind == "clocked"
        PeriodicTask.objects.create(name=f"by {kind}", task="tidy", one_off=once, **{kind: row})
    assert Change.objects.exists()
    assert Statement.objects.exists()
    assert all(model._default_manager.exists() for model in admin.site._registry)
