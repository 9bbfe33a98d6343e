"""Who changed what: every edit of a brand, campaign or schedule leaves a record."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import transaction
from django.test import Client
from django.utils import timezone

from budgets.models import Brand, Campaign, Change, Schedule
from budgets.operations import edits
from budgets.operations.edits.history import UNRECORDED
from budgets.operations.edits.preview import preview
from budgets.operations.holds import hold, release
from budgets.operations.reconcile import reconcile
from tests.admin.pages import A_CAMPAIGN, address, send, text_of
from tests.builders import a_brand, a_campaign, a_person, a_schedule, an_instant, spend

NOON = an_instant("2026-03-10 12:00")


def acts(row: Any) -> list[tuple[str, str]]:
    """Return each record's kind and trigger, oldest first."""
    rows = type(row).history.filter(id=row.pk).order_by("history_id")
    return list(rows.values_list("history_type", "trigger"))


@pytest.mark.django_db
def test_each_save_leaves_one_record() -> None:
    campaign = a_campaign(daily="10")
    campaign.daily_budget = "20"
    campaign.save()
    assert acts(campaign) == [("+", "edit"), ("~", "edit")]


@pytest.mark.django_db
def test_a_record_names_the_person_and_the_reason() -> None:
    ada, brand = a_person("ada"), a_brand()
    brand.name = "Acme Ltd"
    edits.save([brand], by=ada, now=timezone.now(), note="New contract")
    newest = Brand.history.first()
    assert (newest.history_user, newest.history_change_reason) == (ada, "New contract")


@pytest.mark.django_db
def test_a_hold_and_a_release_are_recorded_with_their_note() -> None:
    ada, campaign = a_person("ada"), a_campaign()
    hold(campaign, by=ada, now=NOON, note="Typo")
    hold(campaign, by=ada, now=NOON, note="Again")
    release(campaign, by=ada, now=NOON, note="Fixed")
    assert acts(campaign) == [("+", "edit"), ("~", "hold"), ("~", "release")]
    notes = Campaign.history.filter(id=campaign.pk).order_by("history_id")
    assert list(notes.values_list("history_change_reason", flat=True)) == ["", "Typo", "Fixed"]


@pytest.mark.django_db
def test_spend_and_checks_leave_no_record() -> None:
    campaign = a_campaign(daily="10")
    spend(campaign, "10", at=NOON)
    reconcile(now=NOON)
    assert Change.objects.exists()
    assert acts(campaign) == [("+", "edit")]


@pytest.mark.django_db
def test_a_row_made_in_bulk_is_recorded_before_its_first_edit() -> None:
    [brand] = Brand.objects.bulk_create([Brand(name="Bulk", daily_budget="10")])
    brand.daily_budget = "20"
    brand.save()
    first, second = Brand.history.order_by("history_id")
    assert (first.history_type, first.daily_budget) == ("+", 10)
    assert (first.history_date, first.history_change_reason) == (brand.created_at, UNRECORDED)
    assert second.daily_budget == 20


@pytest.mark.django_db
def test_a_save_of_one_column_does_not_record_a_stale_other() -> None:
    campaign = a_campaign()
    stale = Campaign.objects.get(pk=campaign.pk)
    hold(campaign, by=None, now=NOON)
    stale.name = "Summer sale"
    stale.save(update_fields=["name"])
    assert Campaign.history.filter(id=campaign.pk).order_by("-history_id").first().is_held


@pytest.mark.django_db
def test_a_save_that_fails_and_a_preview_leave_no_record() -> None:
    brand = a_brand()

    def edit() -> list[int]:
        brand.name = "Never"
        return edits.save([brand], by=None, now=NOON)

    preview(edit, rows=[brand], now=NOON)
    with transaction.atomic():
        edit()
        transaction.set_rollback(True)
    assert acts(brand) == [("+", "edit")]


@pytest.mark.django_db
def test_a_deletion_is_recorded() -> None:
    schedule = a_schedule()
    pk = schedule.pk
    schedule.delete()
    assert Schedule.history.filter(id=pk).first().history_type == "-"


def test_the_history_page_tells_before_and_after(signed_in: Client, owner: User) -> None:
    brand = a_brand(currency="EUR", zone="Europe/Paris")
    hours = a_schedule(name="Office hours")
    campaign = a_campaign(brand=brand, daily="1000", name="Spring sale")
    data = A_CAMPAIGN | {"brand": str(brand.pk), "daily_budget": "1500.5"}
    data |= {"schedule": str(hours.pk), "starts_on": "2026-03-01", "_confirmed": "1"}
    assert send(signed_in, "campaign_change", data, campaign.pk).status_code in {200, 302}
    campaign.refresh_from_db()
    campaign.daily_budget, campaign.schedule = "1500.5", hours
    edits.save([campaign], by=owner, now=timezone.now(), note="By hand")
    page = text_of(signed_in.get(address("campaign_history", campaign.pk)))
    assert "€1,000.00" in page
    assert "€1,500.50" in page
    assert "always" in page
    assert "Office hours" in page
    assert "(Europe/Paris)" in page
    assert "“By hand”" in page
    assert "owner" in page


def test_the_history_of_a_hold_is_told(signed_in: Client, owner: User) -> None:
    brand = a_brand()
    signed_in.post(address("brand_hold_one", brand.pk), {"note": "Strike", "_confirmed": "1"})
    hold(brand, by=owner, now=NOON, note="Strike")
    page = text_of(signed_in.get(address("brand_history", brand.pk)))
    assert "Held “Strike”" in page
    assert "On hold before: no → after: yes" in page


def test_a_row_without_history_says_so(signed_in: Client) -> None:
    [brand] = Brand.objects.bulk_create([Brand(name="Bulk")])
    assert "Nobody has edited it" in text_of(signed_in.get(address("brand_history", brand.pk)))


def test_the_history_page_asks_as_often_for_many_edits_as_for_few(
    signed_in: Client, django_assert_max_num_queries: Any
) -> None:
    brand = a_brand()
    for number in range(20):
        brand.daily_budget = number
        brand.save()
    with django_assert_max_num_queries(12):
        signed_in.get(address("brand_history", brand.pk))
