"""Making, editing and reading campaigns in the admin."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from budgets.models import Campaign, Change, Schedule
from budgets.operations.holds import hold, release
from tests.admin.pages import A_CAMPAIGN, address, errors_of, send, text_of
from tests.builders import a_brand, a_campaign, a_schedule, spend


@pytest.mark.parametrize(
    "typed, field, words",
    [
        ({"daily_budget": "-1"}, "daily_budget", "cannot be negative"),
        ({"starts_on": "2026-03-10", "ends_on": "2026-03-09"}, "ends_on", "before it starts"),
        ({"brand": ""}, "brand", "required"),
        ({"starts_on": "soon"}, "starts_on", "valid date"),
    ],
)
def test_bad_input_is_named_at_its_field(
    signed_in: Client, typed: dict[str, str], field: str, words: str
) -> None:
    data = A_CAMPAIGN | {"brand": str(a_brand().pk)} | typed
    assert words in " ".join(errors_of(send(signed_in, "campaign_add", data))[field])
    assert not Campaign.objects.exists()


def test_a_reference_used_twice_in_a_brand_is_refused(signed_in: Client) -> None:
    brand = a_brand()
    data = A_CAMPAIGN | {"brand": str(brand.pk), "external_id": "A-1"}
    send(signed_in, "campaign_add", data)
    response = send(signed_in, "campaign_add", data)
    assert response.status_code == 200
    assert Campaign.objects.count() == 1


def test_a_campaign_with_a_budget_of_nothing_is_paused_from_the_start(
    signed_in: Client, owner: User
) -> None:
    data = A_CAMPAIGN | {"brand": str(a_brand().pk), "daily_budget": "0"}
    send(signed_in, "campaign_add", data)
    assert Change.objects.get().by == owner
    assert Campaign.objects.get().status == "paused"


def test_the_page_says_why_it_is_paused_and_what_happened(signed_in: Client) -> None:
    campaign = a_campaign(daily="100")
    spend(campaign, "120", at=timezone.now())
    page = text_of(signed_in.get(address("campaign_change", campaign.pk)))
    assert "Daily budget reached: $120.00 of $100.00 spent." in page
    assert "Runs again" in page
    assert "spend came in Today: $120.00 of $100.00" in page


def test_the_list_shows_spend_of_budget_and_reasons(signed_in: Client) -> None:
    spend(a_campaign(daily="100", monthly="1000"), "120", at=timezone.now())
    page = text_of(signed_in.get(address("campaign_changelist")))
    assert "$120.00 of $100.00 120 %" in page
    assert "$120.00 of $1,000.00 12 %" in page
    assert "Daily budget reached" in page


@pytest.mark.parametrize(
    "query, found",
    [
        ("status=running", {"Free"}),
        ("status=paused", {"Full", "Held"}),
        ("reason=DAILY_BUDGET", {"Full"}),
        ("reason=HELD", {"Held"}),
        ("held=yes", {"Held"}),
        ("flight=open", {"Free", "Full", "Held"}),
        ("flight=ended", set()),
        ("flight=current", {"Free", "Full", "Held"}),
        ("q=Ful", {"Full"}),
        ("reason=NONSENSE", {"Free", "Full", "Held"}),
    ],
)
def test_the_list_is_filtered(signed_in: Client, query: str, found: set[str]) -> None:
    brand = a_brand()
    a_campaign(brand=brand, name="Free")
    a_campaign(brand=brand, name="Held", is_held=True)
    spend(a_campaign(brand=brand, name="Full", daily="10"), "10", at=timezone.now())
    page = signed_in.get(f"{address('campaign_changelist')}?{query}")
    assert {row.name for row in page.context["cl"].result_list} == found


def test_the_list_is_filtered_by_brand_and_schedule(signed_in: Client) -> None:
    schedule = a_schedule()
    campaign = a_campaign(schedule=schedule, name="Mine")
    a_campaign(name="Other")
    for query in (f"brand__id__exact={campaign.brand_id}", f"schedule__id__exact={schedule.pk}"):
        page = signed_in.get(f"{address('campaign_changelist')}?{query}")
        assert [row.name for row in page.context["cl"].result_list] == ["Mine"]


def test_bad_hours_are_named_at_the_field_with_the_place(signed_in: Client) -> None:
    response = send(signed_in, "schedule_add", {"name": "Odd", "hours": "Mon-Fri 09:10-17:00"})
    assert "At character 9" in errors_of(response)["hours"][0]
    assert not Schedule.objects.exists()


def test_a_schedule_in_use_says_by_whom(signed_in: Client) -> None:
    schedule = a_schedule()
    a_campaign(schedule=schedule, name="Winter")
    page: Any = signed_in.post(address("schedule_delete", schedule.pk), {"post": "yes"})
    assert "1 campaign runs by this schedule: “Winter”" in text_of(page)
    assert Schedule.objects.exists()


def test_picking_a_campaign_names_its_brand_and_currency(signed_in: Client) -> None:
    a_campaign(brand=a_brand(name="Acme", currency="EUR"), name="Winter")
    found = signed_in.get(address("campaign_pick"), {"term": "wint"}).json()
    assert [row["text"] for row in found["results"]] == ["Winter · Acme (EUR)"]
    assert found["pagination"] == {"more": False}


def test_the_page_leads_to_all_changes_of_the_campaign(signed_in: Client) -> None:
    campaign = a_campaign()
    for _ in range(7):
        hold(campaign, by=None, now=timezone.now())
        release(campaign, by=None, now=timezone.now())
    a_campaign(is_held=True)
    page = signed_in.get(address("campaign_change", campaign.pk)).content.decode()
    link = f"{address('change_changelist')}?campaign__id__exact={campaign.pk}"
    assert f'href="{link}"' in page
    assert len(signed_in.get(link).context["cl"].result_list) == 14
