"""The feed of changes misses nothing and repeats nothing."""

import time
from typing import Any

import pytest
from django.db import connection, connections

from budgets.models import Change
from budgets.operations.holds import hold, release
from budgets.reports.history.change_feed import START, settled
from tests.api.program import a_program, problem_of
from tests.builders import a_brand, a_campaign, an_instant, spend, the_clock_at

# A change shows once its transaction has ended, so these tests commit for real.
pytestmark = pytest.mark.django_db(transaction=True)

LOOKS = 600
SECONDS_BETWEEN_LOOKS = 0.1
NOON = an_instant("2026-03-10 12:00")


def the_feed_of(program: Any, **query: Any) -> Any:
    """Read the feed once no other transaction of the server holds back what these tests wrote."""
    for _ in range(LOOKS):
        if settled(START).count() == Change.objects.count():
            break
        time.sleep(SECONDS_BETWEEN_LOOKS)
    return program.get("/changes", **query).json()


def hold_and_release(campaign: Any, times: Any) -> None:
    for _ in range(times):
        hold(campaign, by=None, now=NOON)
        release(campaign, by=None, now=NOON)


def test_a_change_is_shown_with_the_figures_it_was_decided_on() -> None:
    with the_clock_at(NOON):
        campaign = a_campaign(brand=a_brand(daily="100"), daily="10")
        spend(campaign, "10", at=NOON)
        (item,) = the_feed_of(a_program())["items"]
    assert item == {
        "id": Change.objects.get().pk,
        "campaign_id": campaign.pk,
        "brand_id": campaign.brand_id,
        "external_id": None,
        "at": "2026-03-10T12:00:00Z",
        "before": [],
        "after": ["DAILY_BUDGET"],
        "action": "stop",
        "trigger": "spend",
        "by": None,
        "note": "",
        "day_spent": "10.00",
        "daily_budget": "10.00",
        "month_spent": "10.00",
        "monthly_budget": None,
        "brand_day_spent": "10.00",
        "brand_daily_budget": "100.00",
        "brand_month_spent": "10.00",
        "brand_monthly_budget": None,
    }


def test_the_feed_is_read_on_from_where_one_stopped() -> None:
    campaign, program = a_campaign(), a_program()
    hold_and_release(campaign, 2)
    first = the_feed_of(program, limit=3)
    assert [item["action"] for item in first["items"]] == ["stop", "start", "stop"]
    assert first["has_more"] is True
    second = the_feed_of(program, after=first["next"])
    assert [item["action"] for item in second["items"]] == ["start"]
    assert second["has_more"] is False
    third = the_feed_of(program, after=second["next"])
    assert (third["items"], third["next"]) == ([], second["next"])
    hold_and_release(campaign, 1)
    assert len(the_feed_of(program, after=third["next"])["items"]) == 2


def test_the_feed_is_filtered() -> None:
    first, second = a_campaign(), a_campaign()
    hold_and_release(first, 1)
    hold_and_release(second, 1)
    program = a_program()

    def seen(**query: Any) -> Any:
        items = the_feed_of(program, **query)["items"]
        return {item["campaign_id"] for item in items}

    assert seen(brand_id=first.brand_id) == {first.pk}
    assert seen(campaign_id=second.pk) == {second.pk}
    assert seen(campaign_id=second.pk, brand_id=first.brand_id) == set()


def test_a_limited_key_reads_the_changes_of_its_brands() -> None:
    mine, other = a_campaign(), a_campaign()
    hold_and_release(mine, 1)
    hold_and_release(other, 1)
    program = a_program(mine.brand)
    items = the_feed_of(program)["items"]
    assert {item["campaign_id"] for item in items} == {mine.pk}
    assert the_feed_of(program, campaign_id=other.pk)["items"] == []


@pytest.mark.parametrize("after", ["x", "MQ", "LTEuMQ"])
def test_a_place_of_ones_own_is_refused(after: Any) -> None:
    problem_of(a_program().get("/changes", after=after), 422)


def test_a_change_committed_late_is_not_passed_by() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer at a time: ids are in the order of the commits")
    slow, quick = a_campaign(), a_campaign()
    program = a_program()
    start = the_feed_of(program)["next"]
    other = connections.create_connection("default")
    try:
        # The slow change takes its id first and commits last.
        with other.cursor() as cursor:
            cursor.execute("BEGIN")
            insert_change(cursor, slow)
        hold(quick, by=None, now=NOON)
        meanwhile = program.get("/changes", after=start).json()
        with other.cursor() as cursor:
            cursor.execute("COMMIT")
    finally:
        other.close()
    afterwards = the_feed_of(program, after=meanwhile["next"])
    seen = [item["campaign_id"] for item in meanwhile["items"] + afterwards["items"]]
    assert seen == [slow.pk, quick.pk]


def insert_change(cursor: Any, campaign: Any) -> None:
    cursor.execute(
        'INSERT INTO budgets_change (campaign_id, brand_id, at, "before", "after", "trigger") '
        "VALUES (%s, %s, %s, 0, 1, 'hold')",
        [campaign.pk, campaign.brand_id, NOON],
    )
