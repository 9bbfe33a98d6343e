"""Months that hand their budget on: begun by whoever decides first, restated with the last one."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from budgets.models import Brand, Campaign, RolledOver, Spend, Statement
from budgets.models.fields import MoneySum
from budgets.operations import edits
from budgets.operations.close import close_periods, periods
from budgets.operations.moving_zone import move_zone
from budgets.operations.reconcile import reconcile
from budgets.operations.repair import repair
from budgets.reports.explain import explain
from budgets.rules.clock import next_month_of
from budgets.rules.reasons import PauseReason
from tests.builders import a_brand, a_campaign, an_instant, spend, the_clock_at

pytestmark = pytest.mark.django_db

PARIS = "Europe/Paris"
MINUTE = timedelta(minutes=1)
MARCH, APRIL, MAY = date(2026, 3, 1), date(2026, 4, 1), date(2026, 5, 1)
OVER = PauseReason.BRAND_MONTHLY_BUDGET


def at(text: str) -> datetime:
    """Return an instant of this year in Paris: `03-10 12:00`."""
    return an_instant(f"2026-{text}", PARIS)


def a_parisian(rollover: str = "unspent", *, cap: str | None = None) -> Campaign:
    """Save a campaign of a brand with 1,000 a month that hands on, early in March."""
    with the_clock_at(at("03-02 12:00")):
        brand = a_brand(zone=PARIS, monthly="1000")
        brand.rollover, brand.rollover_cap = rollover, Decimal(cap) if cap else None
        brand.save()
        return a_campaign(brand=brand)


def carried(of: Campaign) -> tuple[Any, Any]:
    """Return what is on the brand's row: what was handed, and to which month."""
    brand = Brand.objects.get(pk=of.brand_id)
    return brand.carried, brand.carried_month


def month_of_brand(of: Campaign, month: date) -> Any:
    return Statement.objects.get(brand=of.brand_id, campaign=None, period="month", starts_on=month)


def reasons(of: Campaign) -> PauseReason:
    of.refresh_from_db()
    return of.pause_reasons


def test_the_first_decision_of_a_month_hands_it_what_is_unspent() -> None:
    campaign = a_parisian()
    spend(campaign, "700", at=at("03-20 12:00"))
    assert carried(campaign) == (0, MARCH)
    reconcile(now=at("03-31 23:59"))
    assert carried(campaign) == (0, MARCH)
    reconcile(now=at("04-01 00:00"))
    assert carried(campaign) == (300, APRIL)
    spend(campaign, "1299.99", at=at("04-02 12:00"))
    assert not reasons(campaign)
    spend(campaign, "0.01", at=at("04-02 12:01"))
    assert reasons(campaign) == OVER
    change = campaign.changes.latest("id")
    assert (change.brand_month_spent, change.brand_monthly_budget) == (1300, 1300)


def test_a_month_that_nobody_has_begun_shows_nothing_carried_over() -> None:
    campaign = a_parisian()
    reconcile(now=at("04-01 00:00"))
    brand: Any = Brand.objects.get(pk=campaign.brand_id)
    assert (brand.carried_in(APRIL), brand.limit_in(APRIL)) == (1000, 2000)
    assert (brand.carried_in(MAY), brand.limit_in(MAY)) == (0, 1000)


def test_what_was_overspent_is_taken_from_the_next_month() -> None:
    campaign = a_parisian("both")
    spend(campaign, "1200", at=at("03-20 12:00"))
    reconcile(now=at("04-01 00:00"))
    assert carried(campaign) == (-200, APRIL)
    spend(campaign, "800", at=at("04-02 12:00"))
    assert reasons(campaign) == OVER
    explained = explain(campaign, now=at("04-02 12:01"))
    assert explained.reasons[0].detail == (
        "Brand's monthly budget reached: $800.00 of $800.00 spent, after $200.00 overspent before."
    )
    assert explained.resumes_at == at("05-01 00:00")


def test_a_cap_holds_either_way() -> None:
    unspent, overspent = a_parisian(cap="150"), a_parisian("both", cap="150")
    spend(overspent, "1400", at=at("03-20 12:00"))
    reconcile(now=at("04-01 00:00"))
    assert carried(unspent) == (150, APRIL)
    assert carried(overspent) == (-150, APRIL)


def test_a_month_is_handed_nothing_by_one_before_rollover_was_on() -> None:
    campaign = a_parisian("none")
    with the_clock_at(at("04-01 09:00")):
        brand = Brand.objects.get(pk=campaign.brand_id)
        brand.rollover = "unspent"
        brand.save()
    assert carried(campaign) == (0, APRIL)
    reconcile(now=at("05-01 00:00"))
    assert carried(campaign) == (1000, MAY)


def test_a_month_that_began_keeps_its_rule() -> None:
    campaign = a_parisian()
    reconcile(now=at("04-01 00:00"))
    with the_clock_at(at("04-02 12:00")):
        brand = Brand.objects.get(pk=campaign.brand_id)
        brand.rollover = "none"
        brand.save()
    spend(campaign, "100", at=at("03-30 12:00"), now=at("04-03 12:00"))
    close_periods(now=at("04-04 00:05"))
    assert carried(campaign) == (900, APRIL)
    reconcile(now=at("05-01 00:00"))
    assert carried(campaign) == (0, MAY)
    assert [row.month for row in RolledOver.objects.all()] == [APRIL]
    with the_clock_at(at("06-10 12:00")):
        brand = Brand.objects.get(pk=campaign.brand_id)
        brand.rollover = "unspent"
        brand.save()
    assert carried(campaign) == (0, date(2026, 6, 1))


def test_a_statement_shows_what_was_carried_over() -> None:
    campaign = a_parisian()
    spend(campaign, "700", at=at("03-20 12:00"))
    close_periods(now=at("04-01 00:05"))
    spend(campaign, "1200", at=at("04-20 12:00"))
    close_periods(now=at("05-01 00:05"))
    march, april = month_of_brand(campaign, MARCH), month_of_brand(campaign, APRIL)
    assert (march.carried, march.difference) == (None, -300)
    assert (april.budget, april.carried, april.spent, april.difference) == (1000, 300, 1200, -100)
    assert not april.is_restated
    assert carried(campaign) == (100, MAY)
    of_campaigns = Statement.objects.exclude(campaign=None)
    assert not of_campaigns.exclude(carried=None).exists()
    assert not Statement.objects.filter(period="day").exclude(carried=None).exists()


@pytest.mark.parametrize("a_transaction", [500, 1])  # the second is closed in parts
def test_what_comes_late_restates_the_months_after(
    a_transaction: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(periods, "STATEMENTS_A_TRANSACTION", a_transaction)
    campaign = a_parisian()
    spend(campaign, "700", at=at("03-20 12:00"))
    close_periods(now=at("04-01 00:05"))
    spend(campaign, "1200", at=at("04-20 12:00"))
    close_periods(now=at("05-01 00:05"))
    spend(campaign, "1080", at=at("05-02 12:00"))
    assert not reasons(campaign)
    late = spend(campaign, "50", at=at("03-31 12:00"), now=at("05-02 13:00"))
    assert month_of_brand(campaign, MARCH).spent == 750
    april = month_of_brand(campaign, APRIL)
    assert (april.carried, april.difference, april.is_restated) == (250, -50, True)
    assert carried(campaign) == (50, MAY)
    assert reasons(campaign) == OVER
    assert [change.campaign_id for change in late.changes] == [campaign.pk]
    spend(campaign, "-50", at=at("03-31 12:01"), now=at("05-02 14:00"))
    assert carried(campaign) == (100, MAY)
    assert not reasons(campaign)


@pytest.mark.parametrize("a_transaction", [500, 1])  # the second is closed in parts
def test_what_comes_in_before_the_close_is_handed_on_with_it(
    a_transaction: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(periods, "STATEMENTS_A_TRANSACTION", a_transaction)
    campaign = a_parisian()
    spend(campaign, "1000", at=at("04-01 00:01"), now=at("04-01 00:01"))
    assert carried(campaign) == (1000, APRIL)
    spend(campaign, "1000", at=at("03-31 23:59"), now=at("04-01 00:02"))
    assert not reasons(campaign)
    close_periods(now=at("04-01 00:05"))
    assert carried(campaign) == (0, APRIL)
    assert reasons(campaign) == OVER


def test_months_that_nobody_decided_are_caught_up() -> None:
    campaign = a_parisian()
    spend(campaign, "700", at=at("03-20 12:00"))
    close_periods(now=at("06-10 12:00"))
    assert carried(campaign) == (2300, date(2026, 6, 1))
    assert [month_of_brand(campaign, month).carried for month in (MARCH, APRIL, MAY)] == [
        *(None, 300, 1300)
    ]
    assert not month_of_brand(campaign, MAY).is_restated


def test_a_statement_that_is_being_written_is_not_restated() -> None:
    campaign = a_parisian()
    reconcile(now=at("05-01 00:01"))
    spend(campaign, "700", at=at("03-20 12:00"), now=at("05-01 00:02"))
    close_periods(now=at("05-01 00:05"))
    april = month_of_brand(campaign, APRIL)
    assert (april.carried, april.is_restated) == (300, False)
    assert carried(campaign) == (1300, MAY)


def test_a_repair_hands_on_what_the_repaired_statement_says() -> None:
    campaign = a_parisian()
    spend(campaign, "700", at=at("03-20 12:00"))
    close_periods(now=at("04-01 00:05"))
    Statement.objects.filter(brand=campaign.brand_id).update(spent=100)
    spend(campaign, "50", at=at("03-21 12:00"), now=at("04-01 11:00"))
    assert carried(campaign) == (850, APRIL)
    repair(now=at("04-01 12:00"))
    assert month_of_brand(campaign, MARCH).spent == 750
    assert carried(campaign) == (250, APRIL)


def test_a_clock_that_was_ahead_is_put_right() -> None:
    campaign = a_parisian()
    spend(campaign, "700", at=at("03-20 12:00"))
    reconcile(now=at("05-01 12:00"))
    assert carried(campaign) == (1300, MAY)
    reconcile(now=at("03-21 12:00"))
    assert carried(campaign) == (0, MARCH)
    assert not RolledOver.objects.exists()
    spend(campaign, "100", at=at("03-22 12:00"))
    reconcile(now=at("04-01 12:00"))
    assert carried(campaign) == (200, APRIL)


def test_a_brand_that_moves_hands_on_what_its_new_days_say() -> None:
    campaign = a_parisian()
    spend(campaign, "700", at=at("03-20 12:00"))
    spend(campaign, "100", at=at("04-01 00:30"))  # still March in New York
    close_periods(now=at("04-02 12:00"))
    assert carried(campaign) == (300, APRIL)
    move_zone(campaign.brand_id, "America/New_York", by=None, now=at("04-02 13:00"), note="")
    assert carried(campaign) == (200, APRIL)


def test_a_budget_of_0_spends_nothing_and_hands_on_what_it_was_handed() -> None:
    campaign = a_parisian()
    reconcile(now=at("04-01 00:00"))
    with the_clock_at(at("04-01 09:00")):
        brand = Brand.objects.get(pk=campaign.brand_id)
        brand.monthly_budget = Decimal(0)
        brand.save()
    assert reasons(campaign) == OVER
    assert explain(campaign, now=at("04-01 09:01")).resumes_at is None
    reconcile(now=at("05-01 00:00"))
    assert carried(campaign) == (1000, MAY)


def test_a_brand_typed_into_the_database_hands_on_like_any_other() -> None:
    with the_clock_at(at("03-02 12:00")):
        (brand,) = Brand.objects.bulk_create(
            [Brand(name="Typed", timezone=PARIS, monthly_budget=10, rollover="unspent")]
        )
        campaign = a_campaign(brand=Brand.objects.get(pk=brand.pk))
    reconcile(now=at("04-01 00:00"))
    assert carried(campaign) == (10, APRIL)


def test_a_brand_that_never_hands_on_costs_nothing() -> None:
    campaign = a_parisian("none")
    assert carried(campaign) == (0, None)
    reconcile(now=at("04-01 00:00"))
    assert carried(campaign) == (0, None)
    with CaptureQueriesContext(connection) as sent:
        reconcile(now=at("05-01 00:00"))
    assert not [query for query in sent.captured_queries if "rolledover" in query["sql"]]


@settings(max_examples=30, suppress_health_check=list(HealthCheck))
@given(random=st.randoms(use_true_random=False))
def test_whatever_comes_in_and_when_the_months_add_up(random: Random) -> None:
    """Late or in time, decided or closed or neither: the figures are those of a plain sum."""
    with transaction.atomic():
        live(random)
        transaction.set_rollback(True)


def live(random: Random) -> None:
    """Let a brand live through some months, and compare."""
    campaign = a_parisian(random.choice(["unspent", "both"]), cap=random.choice([None, "300"]))
    now = at("03-03 12:00")
    for _ in range(random.randint(1, 12)):
        now += timedelta(days=random.randint(0, 25), minutes=random.randint(0, 1439))
        act = random.choice(["decide", "close", "edit", "spend"])
        if act == "decide":
            reconcile(now=now)
        elif act == "close":
            close_periods(now=now)
        elif act == "edit":
            give_budget(campaign, random.choice([0, 500, 1000]), now=now)
        else:
            late = timedelta(days=random.randint(0, 60))
            when = max(now - late, at("03-02 12:01"))
            spend(campaign, str(random.randint(-200, 900)), at=when, now=now)
    close_periods(now=now)
    brand = Brand.objects.get(pk=campaign.brand_id)
    handed = summed_up(brand, now=now)
    assert brand.carried == handed[brand.clock.month(now)]
    months = Statement.objects.filter(brand=brand, campaign=None, period="month")
    assert {row.starts_on: row.carried or 0 for row in months} == {
        row.starts_on: handed[row.starts_on] for row in months
    }
    assert reconcile(now=now + MINUTE) == 0


def give_budget(campaign: Campaign, amount: int, *, now: datetime) -> None:
    brand = Brand.objects.get(pk=campaign.brand_id)
    brand.monthly_budget = Decimal(amount)
    edits.save([brand], by=None, now=now)


def summed_up(brand: Brand, *, now: datetime) -> dict[date, Decimal]:
    """Work out, month by month from the first, what each was handed."""
    month, handed = MARCH, {MARCH: Decimal(0)}
    while month < brand.clock.month(now):
        following = next_month_of(month)
        rows = Spend.objects.filter(campaign__brand=brand, day__gte=month, day__lt=following)
        spent = rows.aggregate(total=MoneySum("amount"))["total"] or Decimal(0)
        budget = brand.budget_on(following - timedelta(days=1), "month")
        assert budget is not None
        left = budget + handed[month] - spent
        most = brand.rollover_cap if brand.rollover_cap is not None else abs(left)
        least = -most if brand.rollover == "both" else Decimal(0)
        month = following
        handed[month] = min(max(left, least), most)
    return handed
