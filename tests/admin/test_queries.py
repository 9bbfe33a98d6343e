"""Lists ask the database as often for fifty rows as for one."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from budgets.models import Brand
from budgets.operations.holds import hold, release
from tests.admin.pages import address
from tests.builders import a_brand, a_campaign, a_schedule, an_instant, spend, the_clock_at

NOON = an_instant("2026-03-10 12:00")
DAY = timedelta(days=1)


def grow(rows: int) -> None:
    """Add brands in several zones, each with a schedule, a campaign, spend and a change."""
    zones = ["UTC", "Asia/Tokyo", "America/Los_Angeles", "Pacific/Kiritimati"]
    for number in range(rows):
        brand = a_brand(name=f"Brand {number}", zone=zones[number % 4], daily="10")
        campaign = a_campaign(brand=brand, schedule=a_schedule("Mon-Sun 00:00-24:00"))
        spend(campaign, "10", at=NOON)


def queries_of(signed_in: Client, page: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert signed_in.get(page).status_code == 200
    return len(queries)


@pytest.mark.parametrize("model", ["brand", "campaign", "schedule", "spend", "change"])
def test_a_list_needs_no_more_queries_for_more_rows(signed_in: Client, model: str) -> None:
    grow(4)
    few = queries_of(signed_in, address(f"{model}_changelist"))
    grow(12)
    assert queries_of(signed_in, address(f"{model}_changelist")) == few


def test_a_list_shows_at_most_fifty_rows(signed_in: Client) -> None:
    Brand.objects.bulk_create(Brand(name=f"Brand {number}") for number in range(60))
    page = signed_in.get(address("brand_changelist"))
    assert len(page.context["cl"].result_list) == 50


def test_a_list_counts_no_further_than_its_bound(
    signed_in: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("budgets.admin.base.paginator.BoundedPaginator.bound", 60)
    Brand.objects.bulk_create(Brand(name=f"Brand {number}") for number in range(80))
    page = signed_in.get(address("brand_changelist"))
    assert page.context["cl"].result_count == 61
    assert b"More than 60 brands" in page.content


@pytest.mark.parametrize("name", ["brand_change", "campaign_change"])
def test_a_page_needs_no_more_queries_for_more_history(signed_in: Client, name: str) -> None:
    brand = a_brand(daily="10", monthly="1000")
    campaign = a_campaign(brand=brand, schedule=a_schedule("Mon-Sun 00:00-24:00"))
    row = brand if name == "brand_change" else campaign

    def live_through(days: int) -> None:
        for number in range(days):
            at = NOON - number * DAY
            spend(campaign, "10", at=at)
            spend(a_campaign(brand=brand), "1", at=at)
            hold(campaign, by=None, now=at)
            release(campaign, by=None, now=at)

    with the_clock_at(NOON):
        live_through(1)
        few = queries_of(signed_in, address(name, row.pk))
        live_through(8)
        assert queries_of(signed_in, address(name, row.pk)) <= few
