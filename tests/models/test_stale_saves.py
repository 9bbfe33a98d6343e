"""What was read an hour ago undoes nothing of meanwhile when it is saved."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from budgets.models import Brand, Campaign
from budgets.operations import edits
from budgets.operations.holds import hold
from tests.builders import a_brand, a_campaign, a_schedule, an_instant, spend

pytestmark = pytest.mark.django_db

NOON = an_instant("2026-03-10 12:00")


def test_a_save_of_an_old_reading_lifts_no_hold() -> None:
    campaign = a_campaign()
    read_earlier = Campaign.objects.get(pk=campaign.pk)
    hold(campaign, by=None, now=NOON)

    read_earlier.daily_budget = Decimal(50)
    read_earlier.save()

    campaign.refresh_from_db()
    assert campaign.is_held
    assert campaign.daily_budget == Decimal(50)
    assert campaign.status == "paused"


def test_two_people_who_edit_different_fields_both_keep_their_edit() -> None:
    brand = a_brand(daily="10", monthly="100")
    hers, his = Brand.objects.get(pk=brand.pk), Brand.objects.get(pk=brand.pk)
    hers.daily_budget = Decimal(20)
    hers.save()
    his.monthly_budget = Decimal(200)
    his.save()
    brand.refresh_from_db()
    assert (brand.daily_budget, brand.monthly_budget) == (Decimal(20), Decimal(200))


def test_a_save_without_a_change_is_decided_like_any_other() -> None:
    campaign = a_campaign()
    Campaign.objects.filter(pk=campaign.pk).update(daily_budget=0)
    Campaign.objects.only("name").get(pk=campaign.pk).save()
    campaign.refresh_from_db()
    assert campaign.status == "paused"


def test_a_save_without_a_change_brings_back_no_old_name() -> None:
    campaign = a_campaign(name="Spring sale")
    read_earlier = Campaign.objects.get(pk=campaign.pk)
    campaign.name = "Summer sale"
    campaign.save()
    read_earlier.save()
    campaign.refresh_from_db()
    assert campaign.name == "Summer sale"


@pytest.mark.parametrize("build", [a_brand, a_campaign, a_schedule])
def test_a_save_without_a_change_writes_no_column(build: Callable[[], Any]) -> None:
    row = build()
    with CaptureQueriesContext(connection) as queries:
        row.save()
    written = [query["sql"] for query in queries if query["sql"].startswith(("UPDATE", "INSERT"))]
    assert written == []


def test_a_save_without_a_change_is_no_edit_in_the_history() -> None:
    Brand.objects.bulk_create([Brand(name="Acme")])
    Brand.objects.get().save()
    assert Brand.history.count() == 0


def test_a_note_about_a_save_without_a_change_is_kept() -> None:
    campaign = a_campaign()
    edits.save([campaign], by=None, now=NOON, note="Looked at it: all is well.")
    newest = Campaign.history.latest("history_id")
    assert newest.history_change_reason == "Looked at it: all is well."
    assert newest.name == campaign.name


def test_a_row_built_around_a_known_id_wipes_no_total() -> None:
    campaign = a_campaign()
    spend(campaign, "30", at=NOON)

    with pytest.raises(ValidationError, match="already exists"):
        Campaign(pk=campaign.pk, brand=campaign.brand, name="Renamed").save()

    campaign.refresh_from_db()
    assert (campaign.name, campaign.day_spent) == ("Spring sale", Decimal(30))


def test_the_same_instance_saved_twice_writes_each_edit() -> None:
    campaign = a_campaign()
    campaign.daily_budget = Decimal(0)
    campaign.save()
    assert campaign.status == "paused"
    campaign.daily_budget = None
    campaign.save()
    assert campaign.status == "running"
    assert Campaign.objects.get(pk=campaign.pk).daily_budget is None
