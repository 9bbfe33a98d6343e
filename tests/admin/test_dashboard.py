"""The first page: every brand on a line, worst first."""

import re
from dataclasses import replace
from datetime import timedelta
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from budgets.models import Campaign, Heartbeat, UndecidedBrand
from budgets.operations.ingest import record_spend
from budgets.reports import dashboard
from tests.admin.pages import text_of
from tests.admin.people import a_manager_of
from tests.builders import (
    a_brand,
    a_campaign,
    a_schedule,
    an_entry,
    an_instant,
    spend,
    the_clock_at,
)

NOON = an_instant("2026-03-10 12:00")
INDEX, FRAGMENT = "admin:index", "admin:overview"


def look(browser: Client, page: str = INDEX, query: str = "") -> str:
    with the_clock_at(NOON):
        return text_of(browser.get(reverse(page) + query))


def spend_from(source: str, campaign: Campaign) -> None:
    entry = replace(an_entry(campaign, "10", at=NOON, key=source), source=source)
    record_spend([entry], now=NOON)


def test_the_brand_nearest_to_its_limit_comes_first(signed_in: Client) -> None:
    for name, amount in (("Calm", "10"), ("Over", "120"), ("Near", "95")):
        with the_clock_at(NOON):
            spend(a_campaign(brand=a_brand(name=name, daily="100")), amount, at=NOON)
    page = look(signed_in)
    assert page.index("Over") < page.index("Near") < page.index("Calm")


def test_a_line_shows_spend_pace_and_what_is_paused(signed_in: Client) -> None:
    brand = a_brand(daily="100", monthly="3100", name="Acme")
    for day in range(1, 11):
        at = an_instant(f"2026-03-{day:02} 12:00")
        with the_clock_at(at):
            spend(a_campaign(brand=brand, name=f"Ad {day}"), "100", at=at)
    page = look(signed_in)
    assert "$100.00 of $100.00 100 %" in page
    assert "10 · Brand's daily budget reached" in page
    assert "Pacing on plan" in page
    assert "Projected $3,100.00" in page
    assert "Recommended $100.00 a day" in page


def test_currencies_are_added_up_each_on_its_own(signed_in: Client) -> None:
    for currency, amount in (("EUR", "10"), ("EUR", "15"), ("JPY", "300")):
        spend(a_campaign(brand=a_brand(currency=currency)), amount, at=NOON)
    page = look(signed_in)
    assert "EUR · 2 brands €25.00 today" in page
    assert "JPY · 1 brand ¥300 today" in page


def test_a_late_task_is_shown(signed_in: Client) -> None:
    Heartbeat.objects.create(name="check_spend", at=NOON - timedelta(hours=3))
    page = look(signed_in)
    assert "Check budgets ⚠ 3 h ago" in page
    assert "Automatic checks ⚠ late" in page
    assert "“Check budgets” last finished 180 minutes ago. Start worker and beat" in page


def test_the_fragment_holds_the_board_without_the_frame(signed_in: Client) -> None:
    a_campaign(brand=a_brand(name="Acme"))
    page = look(signed_in, FRAGMENT)
    assert "Acme" in page
    assert "<html" not in signed_in.get(reverse(FRAGMENT)).content.decode()


def test_a_stranger_gets_no_fragment(client: Client) -> None:
    assert client.get(reverse(FRAGMENT)).status_code == 302


def test_more_brands_go_to_the_next_page(signed_in: Client) -> None:
    for number in range(26):
        a_brand(name=f"Brand {number:02}")
    assert "Page 1 of 2" in look(signed_in)
    assert "Brand 25" in look(signed_in, INDEX, "?p=2")
    assert "Page 2 of 2" in look(signed_in, INDEX, "?p=99")
    assert "Page 1 of 2" in look(signed_in, INDEX, "?p=x")


def test_the_page_asks_the_database_seventeen_times_whatever_it_shows(signed_in: Client) -> None:
    for task in ("check_spend", "check_dayparts"):
        Heartbeat.objects.create(name=task, at=NOON)
    for number in range(12):
        campaign = a_campaign(brand=a_brand(daily="10"), schedule=a_schedule(name=f"{number}"))
        spend(campaign, "10", at=NOON)
    with CaptureQueriesContext(connection) as queries:
        look(signed_in)
    assert len(queries) <= 17


def test_the_numbers_of_a_brand_add_up_to_its_campaigns(signed_in: Client) -> None:
    brand = a_brand(daily="10")
    spend(a_campaign(brand=brand, daily="10", name="Both"), "10", at=NOON)
    a_campaign(brand=brand, name="Held", is_held=True)
    page = signed_in.get(reverse(INDEX)).content.decode()
    numbers = re.findall(r'class="abm-chip[^"]*" href="[^"]*">(\d+)', page)
    assert numbers == ["0", "1", "1"]


def test_none_running_is_not_green(signed_in: Client) -> None:
    a_campaign(is_held=True)
    page = signed_in.get(reverse(INDEX)).content.decode()
    assert re.search(r'class="abm-chip" href="[^"]*">0 running', page)
    Campaign.objects.update(reasons=0)
    page = signed_in.get(reverse(INDEX)).content.decode()
    assert re.search(r'class="abm-chip abm-chip-running" href="[^"]*">1 running', page)


def test_each_number_of_campaigns_leads_to_those_campaigns(signed_in: Client) -> None:
    brand = a_brand()
    a_campaign(brand=brand, name="Runs")
    a_campaign(brand=brand, name="Held", is_held=True)
    a_campaign(name="Of another brand")
    page = signed_in.get(reverse(INDEX)).content.decode()
    links = re.findall(rf'href="([^"]+brand__id__exact={brand.pk}&amp;[^"]+)"', page)
    found = [signed_in.get(unescape(link)).context["cl"].result_list for link in links]
    assert [[row.name for row in rows] for rows in found] == [["Runs"], ["Held"]]


@pytest.mark.django_db
def test_somebody_limited_to_brands_learns_nothing_of_the_sources_and_tasks_of_others() -> None:
    with the_clock_at(NOON):
        mine, other = a_brand(name="Mine"), a_brand(name="Other")
        spend_from("my-server", a_campaign(brand=mine))
        spend_from("secret-server", a_campaign(brand=other))
        a_campaign(brand=other, is_held=True)
    UndecidedBrand.objects.create(brand=other, since=NOON, error="overflow")
    manager = a_manager_of(mine)
    for page in (look(manager), look(manager, FRAGMENT)):
        assert "Spend from my-server" in page
        assert "secret-server" not in page
        assert "cannot be decided" not in page
        assert "Check budgets" not in page
        assert "Automatic checks" in page
        assert "Not yet confirmed by platforms 0" in page


def test_sources_that_were_silent_for_long_are_not_looked_for(
    signed_in: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dashboard, "ENTRIES_LOOKED_AT", 1)
    with the_clock_at(NOON):
        campaign = a_campaign()
        spend_from("old", campaign)
        spend_from("new", campaign)
    page = look(signed_in)
    assert "Spend from new" in page
    assert "Spend from old" not in page
