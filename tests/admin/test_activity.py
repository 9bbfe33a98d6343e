"""The activity page: people's edits and automatic changes in one list."""

import csv
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from budgets.access.roles import VIEWER
from budgets.admin import activity as page_module
from budgets.admin.render.activity import OF_ACCESS
from budgets.models import AccessEvent, Brand, BrandAccess, Campaign
from budgets.operations import edits
from budgets.operations.holds import hold, release
from budgets.reports.history.activity import ActivityFilter, Event, activity
from budgets.reports.history.page_cursor import PageCursor
from tests.admin.pages import text_of
from tests.builders import (
    a_brand,
    a_campaign,
    a_person,
    a_schedule,
    an_instant,
    spend,
    the_clock_at,
)

NOON = an_instant("2026-03-10 12:00")
HOUR = timedelta(hours=1)


def see(client: Client, **asked: Any) -> str:
    return text_of(client.get(reverse("activity"), asked))


def rows_of(client: Client, **asked: Any) -> list[list[str]]:
    """Return the rows of the exported file about brands, without its header."""
    response: Any = client.get(reverse("activity_csv"), asked)
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    of_access = {str(kind) for kind in OF_ACCESS}
    return [row for row in list(csv.reader(text.splitlines()))[1:] if row[4] not in of_access]


@pytest.fixture
def story(db: None) -> Campaign:
    """A campaign is made, spends its budget, is raised, held and released."""
    ada, bob = a_person("ada"), a_person("bob")
    made = NOON - HOUR
    brand = Brand(name="Acme", timezone="Europe/Paris", currency="EUR", created_at=made)
    edits.save([brand], by=ada, now=made)
    campaign = Campaign(brand=brand, name="Spring sale", daily_budget=10, created_at=made)
    edits.save([campaign], by=ada, now=made)
    spend(campaign, "10", at=NOON)
    campaign.daily_budget = "20"
    edits.save([campaign], by=bob, now=NOON + HOUR, note="Client agreed")
    hold(campaign, by=ada, now=NOON + 2 * HOUR, note="Typo")
    release(campaign, by=ada, now=NOON + 3 * HOUR, note="Fixed")
    return campaign


def acts(client: Client, **asked: Any) -> list[str]:
    return [row[3].split(":")[0] for row in rows_of(client, **asked)]


def test_edits_and_changes_stand_in_one_list_newest_first(
    signed_in: Client, story: Campaign
) -> None:
    assert acts(signed_in) == [
        "Resumed", "Released", "Paused", "Held", "Resumed", "Edited", "Paused", "Added", "Added",
    ]  # fmt: skip


def test_the_page_tells_who_when_what_and_why(signed_in: Client, story: Campaign) -> None:
    page = see(signed_in)
    assert "Tue 10 Mar 2026, 14:00 (Europe/Paris) bob Edited “Client agreed”" in page
    assert "Daily budget before: €10.00 → after: €20.00" in page
    assert "Today: €10.00 of €10.00" in page
    assert "automatic" in page


@pytest.mark.parametrize(
    "kind, expected",
    [
        ("edit", ["Edited", "Added", "Added"]),
        ("hold", ["Released", "Held"]),
        ("pause", ["Paused", "Paused"]),
        ("resume", ["Resumed", "Resumed"]),
    ],
)
def test_a_kind_is_filtered(
    signed_in: Client, story: Campaign, kind: str, expected: list[str]
) -> None:
    assert acts(signed_in, kind=kind) == expected


def test_a_person_is_filtered_by_name(signed_in: Client, story: Campaign) -> None:
    assert acts(signed_in, person="Bob") == ["Resumed", "Edited"]


def test_a_brand_and_a_campaign_are_filtered(signed_in: Client, story: Campaign) -> None:
    other = a_campaign(brand=a_brand(name="Other"), name="Elsewhere")
    names = {row[5] for row in rows_of(signed_in, brand=story.brand_id)}
    assert names == {"Acme", "Spring sale"}
    assert {row[5] for row in rows_of(signed_in, campaign=other.pk)} == {"Elsewhere"}


def test_a_schedules_edits_belong_to_the_campaigns_that_run_by_it(signed_in: Client) -> None:
    used, unused = a_schedule(name="Used"), a_schedule(name="Unused")
    campaign = a_campaign(schedule=used)
    names = {row[5] for row in rows_of(signed_in, brand=campaign.brand_id)}
    assert used.name in names
    assert unused.name not in names


def test_days_are_those_of_the_brand(signed_in: Client, db: None) -> None:
    tokyo = a_brand(name="Tokyo", zone="Asia/Tokyo")
    with the_clock_at(an_instant("2026-03-10 00:30", "Asia/Tokyo")):
        a_campaign(brand=tokyo, name="Night")
    on = {"brand": tokyo.pk, "since": "2026-03-10", "until": "2026-03-10"}
    assert [row[5] for row in rows_of(signed_in, **on)] == ["Night"]
    assert rows_of(signed_in, since="2026-03-10", until="2026-03-10") == []


def test_a_range_that_ends_before_it_starts_is_refused(signed_in: Client) -> None:
    assert "before the first one" in see(signed_in, since="2026-03-10", until="2026-03-09")


def test_a_place_of_ones_own_leads_to_the_newest(signed_in: Client) -> None:
    for older in ("x", "change.1.2.3", "change.9e9.1", "brand.1." + "9" * 30):
        assert signed_in.get(reverse("activity"), {"older": older}).status_code == 302


def all_events(limit: int) -> list[Event]:
    """Read everything a few at a time."""
    filters = ActivityFilter(scope=BrandAccess(all_brands=True))
    events, cursor = [], PageCursor()
    while True:
        page = activity(filters, cursor=cursor, limit=limit)
        events += page.events
        if page.older is None:
            return events
        cursor = PageCursor.read(str(page.older))


@pytest.mark.parametrize("limit", [1, 2, 3, 7])
def test_pages_miss_nothing_and_repeat_nothing(story: Campaign, limit: int) -> None:
    with the_clock_at(NOON):  # many events of one instant
        for number in range(5):
            a_campaign(brand=story.brand, name=f"Same instant {number}", is_held=True)
    whole = [(event.source, event.id) for event in all_events(1000)]
    assert [(event.source, event.id) for event in all_events(limit)] == whole
    assert len(set(whole)) == len(whole)


def test_a_page_shows_fifty_and_leads_to_older(signed_in: Client, db: None) -> None:
    AccessEvent.objects.all().delete()
    brand = a_brand()
    for number in range(60):
        brand.daily_budget = number
        brand.save()
    first = signed_in.get(reverse("activity"))
    assert len(first.context["lines"]) == 50
    second = signed_in.get(reverse("activity"), {"older": str(first.context["older"])})
    assert len(second.context["lines"]) == 11
    assert second.context["older"] is None


def test_the_list_asks_as_often_for_many_rows_as_for_few(
    signed_in: Client, story: Campaign
) -> None:
    a_campaign(schedule=a_schedule(), brand=story.brand)
    few = count_queries(signed_in)
    for number in range(10):
        other = a_campaign(daily="1", schedule=a_schedule(), name=f"Campaign {number}")
        spend(other, "1", at=NOON)
        hold(other, by=None, now=NOON)
    assert count_queries(signed_in) == few
    assert few <= 20


def count_queries(client: Client) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(reverse("activity")).status_code == 200
    return len(queries)


def test_somebody_limited_sees_their_brands_only(story: Campaign) -> None:
    a_campaign(brand=a_brand(name="Secret"), name="Hidden")
    user = User.objects.create_user("limited", is_staff=True)
    user.groups.add(Group.objects.get(name=VIEWER))
    BrandAccess.objects.create(user=user).brands.add(story.brand)
    client = Client()
    client.force_login(user)
    assert {row[6] or row[5] for row in rows_of(client)} == {"Acme"}


def test_who_may_not_read_changes_sees_no_activity(db: None) -> None:
    client = Client()
    client.force_login(User.objects.create_user("nobody", is_staff=True))
    assert client.get(reverse("activity")).status_code == 403
    assert client.get(reverse("activity_csv")).status_code == 403


def test_an_export_is_bounded(
    signed_in: Client, story: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    AccessEvent.objects.all().delete()
    monkeypatch.setattr(page_module, "MOST_EXPORTED", 5)
    monkeypatch.setattr(page_module, "ROWS_A_READ", 2)
    assert len(rows_of(signed_in)) == 5


def test_no_cell_of_an_export_is_a_formula(signed_in: Client, db: None) -> None:
    a_campaign(brand=Brand.objects.create(name='=HYPERLINK("http://x")'), name="@SUM(A1)")
    cells = {cell for row in rows_of(signed_in) for cell in row}
    assert {'\'=HYPERLINK("http://x")', "'@SUM(A1)"} <= cells


def test_what_is_another_brands_by_now_has_no_link(signed_in: Client) -> None:
    campaign, beta = a_campaign(), a_brand(name="Beta")
    campaign.name = "Summer sale"
    edits.save([campaign], by=None, now=NOON)
    old_brand, page = {"brand": campaign.brand_id}, campaign_page(campaign)
    assert page in signed_in.get(reverse("activity"), old_brand).content.decode()
    campaign.brand = beta
    edits.save([campaign], by=None, now=NOON + HOUR)
    seen = signed_in.get(reverse("activity"), old_brand)
    assert "Summer sale" in text_of(seen)
    assert page not in seen.content.decode()


def campaign_page(campaign: Campaign) -> str:
    return reverse("admin:budgets_campaign_change", args=[campaign.pk])
