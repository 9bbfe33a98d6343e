"""A brand that cannot be decided stops no other, and is named until it can be."""

import logging
from datetime import date
from decimal import Decimal

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse

from budgets.models import Brand, Campaign, UndecidedBrand
from budgets.operations.holds import hold
from budgets.operations.ingest import record_spend
from budgets.operations.reconcile import reconcile
from budgets.operations.reconcile.decision_input import Shard
from budgets.operations.reconcile.transitions import reconcile_shard
from budgets.operations.reconcile.undecided import CannotDecide
from budgets.reports.diagnostics.health import health
from budgets.reports.diagnostics.installation import Level, deciding
from budgets.reports.diagnostics.undecided import undecided_brands
from budgets.rules.reasons import PauseReason
from tests.builders import a_brand, a_campaign, a_schedule, an_entry, an_instant, the_clock_at

pytestmark = pytest.mark.django_db

NOON = an_instant("2030-03-10 12:00")
TODAY = date(2030, 3, 10)
LARGEST = Decimal(10) ** 11


def a_brand_beyond_64_bits() -> Brand:
    """Make a brand whose sum fits no column, written past every check."""
    brand = a_brand(name="Galactic", daily="1")
    Campaign.objects.bulk_create(
        Campaign(brand=brand, name=str(n), day=TODAY, day_spent=LARGEST, daily_budget=1)
        for n in range(100)
    )
    return brand


def brands_held(count: int) -> list[int]:
    """Make brands each of which has a campaign to pause."""
    campaigns = [a_campaign() for _ in range(count)]
    Campaign.objects.filter(pk__in=[each.pk for each in campaigns]).update(is_held=True)
    return [each.pk for each in campaigns]


@pytest.mark.parametrize("of", [1, 2])
def test_the_others_of_its_chunk_are_decided(of: int) -> None:
    first = brands_held(3)
    bad = a_brand_beyond_64_bits()
    ids = first + brands_held(4)
    shards = [Shard(number=number, of=of) for number in range(of)]
    assert sum(reconcile_shard(now=NOON, shard=shard) for shard in shards) == 7
    assert set(Campaign.objects.paused().values_list("pk", flat=True)) == set(ids)
    assert [each.brand_id for each in undecided_brands()] == [bad.pk]


def test_it_is_named_in_the_log_with_why(caplog: pytest.LogCaptureFixture) -> None:
    bad = a_brand_beyond_64_bits()
    with caplog.at_level(logging.ERROR):
        reconcile(now=NOON)
    (line,) = [record.getMessage() for record in caplog.records]
    assert f"Galactic” ({bad.pk})" in line
    assert "range" in line or "overflow" in line


def test_it_is_named_since_the_first_check_that_failed() -> None:
    a_brand_beyond_64_bits()
    reconcile(now=NOON)
    reconcile(now=an_instant("2030-03-10 12:10"))
    (named,) = undecided_brands()
    assert (named.name, named.since) == ("Galactic", NOON)
    assert "range" in named.error or "overflow" in named.error


def test_it_is_named_no_more_once_it_can_be_decided() -> None:
    bad = a_brand_beyond_64_bits()
    reconcile(now=NOON)
    Campaign.objects.filter(brand=bad).update(day_spent=0)
    reconcile(now=NOON)
    assert undecided_brands() == []


def test_spend_of_others_in_the_same_call_is_decided() -> None:
    bad = a_brand_beyond_64_bits()
    campaign = a_campaign(daily="10")
    of_bad = Campaign.objects.filter(brand=bad).order_by("id")[0]
    entries = [an_entry(campaign, "10", at=NOON), an_entry(of_bad, "-1", at=NOON)]
    receipt = record_spend(entries, now=NOON)
    assert receipt.accepted == 2
    assert [change.campaign_id for change in receipt.changes] == [campaign.pk]


def test_an_edit_of_a_schedule_decides_the_others_that_use_it() -> None:
    bad = a_brand_beyond_64_bits()
    with the_clock_at(NOON):
        schedule = a_schedule("Mon-Sun 00:00-24:00")
        campaign = a_campaign(schedule=schedule)
        Campaign.objects.filter(brand=bad).update(schedule=schedule)
        schedule.hours = "Mon 09:00-10:00"
        schedule.save()
    campaign.refresh_from_db()
    assert campaign.pause_reasons == PauseReason.OUTSIDE_SCHEDULE


@pytest.mark.parametrize("target", [Brand, Campaign])
def test_a_hold_that_would_not_stop_it_is_refused(target: type[Brand | Campaign]) -> None:
    bad = a_brand_beyond_64_bits()
    held = bad if target is Brand else Campaign.objects.filter(brand=bad)[0]
    with pytest.raises(CannotDecide, match="Galactic"):
        hold(held, by=None, now=NOON)
    held.refresh_from_db()
    assert not held.is_held


def test_a_brand_that_is_deleted_is_named_no_more() -> None:
    bad = a_brand_beyond_64_bits()
    reconcile(now=NOON)
    Campaign.objects.filter(brand=bad).delete()
    bad.delete()
    assert UndecidedBrand.objects.count() == 0


def test_it_is_named_by_its_number_in_health_and_by_its_name_in_doctor() -> None:
    bad = a_brand_beyond_64_bits()
    reconcile(now=NOON)
    (problem,) = [text for text in health(now=NOON).problems if "cannot be decided" in text]
    assert str(bad.pk) in problem
    assert bad.name not in problem
    assert deciding().verdict == Level.WRONG
    assert bad.name in deciding().words


@pytest.mark.parametrize("method", ["get", "post"])
def test_the_admin_says_why_a_hold_would_not_stop_it(method: str, client: Client) -> None:
    with the_clock_at(NOON):
        bad = a_brand_beyond_64_bits()
        client.force_login(get_user_model().objects.create_superuser("ada"))
        address = reverse("admin:budgets_brand_hold_one", args=[bad.pk])
        page = getattr(client, method)(address, {"note": ""}, follow=True)
    assert "cannot be decided, so nothing was changed" in page.content.decode()
