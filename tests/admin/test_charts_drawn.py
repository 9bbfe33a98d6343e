"""Charts as people see them: drawn, described, and as a table."""

from datetime import timedelta
from decimal import Decimal
from xml.etree import ElementTree

import pytest
from django.test import Client

from budgets.admin.render.charts import Scale, curve, daily
from budgets.reports.charts import Curve, DailySpend, DayOfSpend
from tests.admin.pages import address, text_of
from tests.builders import a_brand, a_campaign, an_instant, spend, the_clock_at

NOON = an_instant("2026-03-10 12:00")


@pytest.mark.parametrize(
    "amounts, low, high",
    [
        (["0"], "0", "1"),
        (["700"], "0", "800"),
        (["-30", "10"], "-30", "10"),
        (["-5"], "-6", "2"),
        (["0.003"], "0", "0.003"),
        (["1000000000000"], "0", "1000000000000"),
    ],
)
def test_an_axis_runs_between_round_numbers(amounts: list[str], low: str, high: str) -> None:
    scale = Scale([Decimal(amount) for amount in amounts])
    assert scale.low == Decimal(low)
    assert scale.high >= Decimal(high)
    assert scale.low <= min(map(Decimal, amounts))
    assert 1 <= len(scale.ticks("USD")) <= 8


@pytest.mark.parametrize("budget", [None, "0", "100"])
@pytest.mark.parametrize("spent", [[], ["0"], ["-5", "10"], ["10", "200"]])
def test_every_state_of_a_curve_is_drawn(budget: str | None, spent: list[str]) -> None:
    figures = Curve(
        labels=["00:00", "01:00", "02:00"],
        spent=[Decimal(amount) for amount in spent],
        plan=[Decimal(1), Decimal(2), Decimal(3)] if budget else [],
        budget=None if budget is None else Decimal(budget),
        reached=Decimal("1.5"),
    )
    drawn = ElementTree.fromstring(curve("a", "Today", figures, "JPY").strip())  # noqa: S314  # ours
    assert drawn.find(".//svg/title") is not None
    assert len(drawn.findall(".//tbody/tr")) == len(spent)


def test_a_day_over_the_budget_looks_so() -> None:
    drawn = days_drawn(("50", "100"), ("100", "100"), ("101", "100"), ("-4", "100"))
    assert drawn.count("abm-column-over") == 1
    assert drawn.count("abm-column-room") == 3


def test_each_day_is_drawn_beside_its_own_budget() -> None:
    drawn = days_drawn(("50", "40"), ("50", None), ("50", "100"))
    assert drawn.count("abm-column-over") == 1
    assert drawn.count("abm-line-budget") == 2
    assert "<td>€40.00</td>" in drawn
    assert "<td>no limit</td>" in drawn


def days_drawn(*days: tuple[str, str | None]) -> str:
    """Draw days of spend and budget, in euros."""
    shown = [
        DayOfSpend(NOON.date(), Decimal(spent), None if budget is None else Decimal(budget))
        for spent, budget in days
    ]
    return str(daily("a", "Days", DailySpend(days=shown, budget=shown[-1].budget), "EUR"))


def test_a_campaign_shows_its_week_its_day_and_its_last_weeks(signed_in: Client) -> None:
    with the_clock_at(NOON):
        campaign = a_campaign(daily="100")
        spend(campaign, "100", at=NOON)
        page = text_of(signed_in.get(address("campaign_change", campaign.pk)))
    assert "The last seven days (UTC)" in page
    assert "$100.00 spent so far, budget $100.00." in page
    assert "40 days, today $100.00, daily budget $100.00." in page


def test_a_brand_shows_its_month_and_who_spends_it(signed_in: Client) -> None:
    with the_clock_at(NOON - timedelta(days=40)):
        brand = a_brand(monthly="1000")
    with the_clock_at(NOON):
        spend(a_campaign(brand=brand, name="Winter"), "500", at=NOON)
        page = text_of(signed_in.get(address("brand_change", brand.pk)))
    assert "$500.00 spent so far, budget $1,000.00." in page
    assert "Winter $500.00 100 % Running" in page
    assert "Pacing 63 % ahead of plan" in page
