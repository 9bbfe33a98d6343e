"""Lists are sorted by spend, share and status; what has none comes last either way."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib import admin
from django.test import Client

from budgets.admin.base import admin as base
from budgets.models import Brand, Campaign, Statement
from budgets.operations.close import close_periods
from tests.admin.pages import address, text_of
from tests.builders import a_brand, a_campaign, an_instant, spend, the_clock_at

pytestmark = pytest.mark.django_db

NOON = an_instant("2026-03-10 12:00")


def names(browser: Client, model: Any, column: str, *, query: str = "") -> tuple[list[str], ...]:
    """Return the names in a list that is sorted by a column, up and down."""
    columns = admin.site.get_model_admin(model).list_display
    with_boxes = bool(admin.site.get_model_admin(model).actions)
    number = columns.index(column) + with_boxes
    listed = []
    for sign in ("", "-"):
        with the_clock_at(NOON):
            page: Any = browser.get(
                f"{address(f'{model._meta.model_name}_changelist')}?o={sign}{number}{query}"
            )
        listed.append([str(row) for row in page.context["cl"].result_list])
    return tuple(listed)


@pytest.fixture
def three() -> None:
    """Of 10, 50 and 40 today the middle one has no budget; the last lives on another day."""
    little = a_campaign(
        brand=a_brand(name="Little", daily="20", monthly="90"),
        name="little",
        daily="20",
        monthly="1000",
    )
    much = a_campaign(brand=a_brand(name="Much"), name="much")
    sydney = a_brand(name="Over", zone="Australia/Sydney", daily="40", monthly="100")
    over = a_campaign(brand=sydney, name="over", daily="40", monthly="100")
    spend(over, "60", at=NOON - timedelta(days=1))
    for campaign, amount in ((little, "10"), (much, "50"), (over, "40")):
        spend(campaign, amount, at=NOON)


@pytest.mark.parametrize(
    "column, up, down",
    [
        ("today", ["little", "over", "much"], ["much", "over", "little"]),
        ("this_month", ["little", "much", "over"], ["over", "much", "little"]),
        ("used_today", ["little", "over", "much"], ["over", "little", "much"]),
        ("used_this_month", ["little", "over", "much"], ["over", "little", "much"]),
        ("campaign", ["little", "much", "over"], ["over", "much", "little"]),
    ],
)
def test_campaigns_are_sorted(
    signed_in: Client, three: None, column: str, up: list[str], down: list[str]
) -> None:
    assert names(signed_in, Campaign, column) == (up, down)


def test_campaigns_are_sorted_by_status(signed_in: Client, three: None) -> None:
    running_first, paused_first = names(signed_in, Campaign, "state")
    assert running_first[-1] == paused_first[0] == "over"


@pytest.mark.parametrize(
    "column, up, down",
    [
        ("today", ["Little", "Over", "Much"], ["Much", "Over", "Little"]),
        ("this_month", ["Little", "Much", "Over"], ["Over", "Much", "Little"]),
        ("used_today", ["Little", "Over", "Much"], ["Over", "Little", "Much"]),
        ("used_this_month", ["Little", "Over", "Much"], ["Over", "Little", "Much"]),
    ],
)
def test_brands_are_sorted(
    signed_in: Client, three: None, column: str, up: list[str], down: list[str]
) -> None:
    assert names(signed_in, Brand, column) == (up, down)


def test_brands_are_sorted_by_how_many_campaigns_run(signed_in: Client) -> None:
    idle, busy = a_brand(name="Idle"), a_brand(name="Busy")
    a_campaign(brand=idle, is_held=True)
    a_campaign(brand=busy)
    assert names(signed_in, Brand, "state")[1] == ["Busy", "Idle"]


def test_yesterdays_spend_is_not_sorted_as_todays(signed_in: Client) -> None:
    spend(a_campaign(name="yesterday"), "100", at=NOON - timedelta(days=1))
    spend(a_campaign(name="today"), "1", at=NOON)
    assert names(signed_in, Campaign, "today")[1] == ["today", "yesterday"]


def test_statements_without_a_budget_come_last(signed_in: Client) -> None:
    for name, daily in (("over", "5"), ("under", "50"), ("open", None)):
        with the_clock_at(NOON):
            brand = a_brand(name=name, daily=daily)
        spend(a_campaign(brand=brand), "10", at=NOON)
    close_periods(now=NOON + timedelta(days=1))
    ways = names(signed_in, Statement, "over_or_under", query="&about=brands")
    assert [[name.split()[0] for name in way] for way in ways] == [
        ["under", "over", "open"],
        ["over", "under", "open"],
    ]


def test_a_list_too_long_to_sort_says_so_and_keeps_its_order(
    signed_in: Client, three: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(base, "MOST_SORTED", 2)
    assert names(signed_in, Campaign, "today")[0] == ["over", "much", "little"]
    page = text_of(signed_in.get(address("campaign_changelist") + "?o=4"))
    assert "More than 2 rows are too many to sort by this: filter the list first." in page
    assert names(signed_in, Campaign, "today", query="&status=running")[0] == ["little", "much"]
