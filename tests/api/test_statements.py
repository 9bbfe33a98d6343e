"""Statements through the API."""

from datetime import timedelta

import pytest

from budgets.models import Campaign
from budgets.operations.close import close_periods
from tests.api.program import Program, a_program
from tests.builders import a_brand, a_campaign, an_instant, spend, the_clock_at

pytestmark = pytest.mark.django_db

NOON = an_instant("2026-03-10 12:00")
LATER = NOON + timedelta(days=1)


@pytest.fixture
def campaign() -> Campaign:
    with the_clock_at(NOON):
        campaign = a_campaign(brand=a_brand(daily="100"), daily="60")
    spend(campaign, "70", at=NOON)
    close_periods(now=LATER)
    return campaign


@pytest.fixture
def program() -> Program:
    return a_program()


def test_a_closed_day_is_read_with_its_figures(program: Program, campaign: Campaign) -> None:
    (statement,) = program.get("/statements", campaign_id=campaign.pk).json()["items"]
    assert statement["starts_on"] == "2026-03-10"
    figures = {name: statement[name] for name in ("budget", "spent", "spent_at_close")}
    assert figures == {"budget": "60.00", "spent": "70.00", "spent_at_close": "70.00"}
    assert statement["difference"] == "10.00"
    assert statement["restated_at"] is None


def test_late_spend_shows_both_figures(program: Program, campaign: Campaign) -> None:
    spend(campaign, "5", at=NOON, now=LATER)
    (statement,) = program.get("/statements", campaign_id=campaign.pk).json()["items"]
    assert (statement["spent_at_close"], statement["spent"]) == ("70.00", "75.00")
    assert statement["restated_at"] is not None


def test_one_statement_says_how_long_the_campaign_ran(program: Program, campaign: Campaign) -> None:
    (listed,) = program.get("/statements", campaign_id=campaign.pk).json()["items"]
    minutes = program.get(f"/statements/{listed['id']}").json()["minutes"]
    assert minutes == {"running": 0, "paused": 720, "paused_by": {"DAILY_BUDGET": 720}}


def test_statements_are_found_by_period_and_day(program: Program, campaign: Campaign) -> None:
    def count(**filters: str) -> int:
        return len(program.get("/statements", **filters).json()["items"])

    assert count(period="day") == 2
    assert count(period="month") == 0
    assert count(from_day="2026-03-11") == 0
    assert count(to_day="2026-03-10") == 2
