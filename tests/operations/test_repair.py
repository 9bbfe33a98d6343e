"""A repair sets every total to what the entries say, whatever was wrong, and decides anew."""

from datetime import date
from decimal import Decimal

import pytest

from budgets.models import Brand, Campaign, LedgerEntry, Spend, Statement
from budgets.operations.close import close_periods
from budgets.operations.reconcile import reconcile
from budgets.operations.repair import Repaired, repair
from budgets.reports.diagnostics.audit import audit
from budgets.rules.reasons import PauseReason
from tests.builders import (
    a_brand_at_the_most,
    a_campaign,
    a_statement,
    an_instant,
    entries_at_the_most,
    spend,
    the_clock_at,
)

pytestmark = pytest.mark.django_db

NOON = an_instant("2026-03-10 12:00")
TODAY, YESTERDAY = date(2026, 3, 10), date(2026, 3, 9)


@pytest.fixture
def campaign() -> Campaign:
    """Return a campaign that spent yesterday, which is closed, and today."""
    with the_clock_at(an_instant("2026-03-09 09:00")):
        campaign = a_campaign(daily="100")
    spend(campaign, "10", at=an_instant("2026-03-09 12:00"))
    spend(campaign, "5", at=NOON)
    close_periods(now=NOON)
    return campaign


def state() -> list[object]:
    return [
        list(Spend.objects.order_by("campaign", "day").values_list("day", "amount")),
        list(
            Campaign.objects.order_by("pk").values_list(
                "day", "day_spent", "month", "month_spent", "reasons"
            )
        ),
        list(Statement.objects.order_by("pk").values_list("period", "starts_on", "spent")),
    ]


def test_books_that_agree_are_left_alone(campaign: Campaign) -> None:
    before = state()
    assert repair(now=NOON) == Repaired()
    assert state() == before


def test_whatever_is_wrong_becomes_what_the_entries_say(campaign: Campaign) -> None:
    before = state()
    Spend.objects.filter(day=TODAY).update(amount=200)
    Spend.objects.filter(day=YESTERDAY).delete()
    Campaign.objects.update(day=YESTERDAY, day_spent=1, month=None, month_spent=2)
    Statement.objects.update(spent=99)
    repair(now=NOON)
    assert audit() == []
    assert state() == before


def test_it_says_how_much_it_put_right(campaign: Campaign) -> None:
    Spend.objects.filter(day=YESTERDAY).update(amount=11)
    repaired = repair(now=NOON)
    assert (repaired.days, repaired.changes) == (1, 0)


def test_a_total_without_entries_is_set_to_nothing() -> None:
    campaign = a_campaign()
    Spend.objects.bulk_create([Spend(campaign=campaign, day=TODAY, amount=3)])
    repair(now=NOON)
    assert campaign.spend_days.get().amount == Decimal("0.00")
    assert audit() == []


def test_entries_without_totals_get_them(campaign: Campaign) -> None:
    before = state()
    Spend.objects.all().delete()
    Campaign.objects.update(day=None, day_spent=0, month=None, month_spent=0)
    repair(now=NOON)
    assert state() == before


def test_a_missing_statement_is_written(campaign: Campaign) -> None:
    Statement.objects.exclude(campaign=None).delete()
    assert repair(now=NOON).statements == 1
    assert audit() == []


def test_a_statement_about_spend_that_never_was_is_restated() -> None:
    with the_clock_at(an_instant("2026-03-09 09:00")):
        campaign = a_campaign()
    spend(campaign, "10", at=an_instant("2026-03-09 12:00"))
    close_periods(now=NOON)
    LedgerEntry.objects.all().delete()
    Spend.objects.all().delete()
    repair(now=NOON)
    statement = campaign.statements.get()
    assert (statement.spent, statement.restated_at) == (Decimal("0.00"), NOON)
    assert audit() == []


def test_who_was_paused_on_a_wrong_total_runs_again(campaign: Campaign) -> None:
    Campaign.objects.update(day_spent=100)
    reconcile(now=NOON)
    assert repair(now=NOON).changes == 1
    campaign.refresh_from_db()
    assert campaign.status == "running"
    assert campaign.changes.latest("id").note == "Totals were rebuilt from their entries."


def test_who_ran_on_a_wrong_total_is_paused(campaign: Campaign) -> None:
    spend(campaign, "95", at=NOON)
    Campaign.objects.update(day_spent=1)
    reconcile(now=NOON)
    repair(now=NOON)
    campaign.refresh_from_db()
    assert campaign.pause_reasons == PauseReason.DAILY_BUDGET


@pytest.mark.parametrize("is_stated", [True, False])
def test_a_statement_that_no_column_can_hold_is_left_as_it_is(
    is_stated: bool, campaign: Campaign, caplog: pytest.LogCaptureFixture
) -> None:
    brand = a_brand_at_the_most(campaigns=100, on=NOON)
    Brand.objects.filter(pk=brand.pk).update(closed_day=TODAY)
    if is_stated:
        a_statement(brand, spent=11, on=NOON)
    for each in brand.campaigns.all():
        entries_at_the_most(each, on=NOON, number=1)
    Spend.objects.filter(campaign=campaign, day=TODAY).update(amount=200)
    assert repair(now=NOON).days == 1
    assert [each.spent for each in brand.statements.all()] == [11] * is_stated
    assert "cannot be repaired" in caplog.text


def test_a_brand_that_no_total_can_hold_is_named_and_stops_no_other(
    campaign: Campaign, caplog: pytest.LogCaptureFixture
) -> None:
    beyond = a_campaign()
    entries_at_the_most(beyond, on=NOON, number=100)
    Spend.objects.filter(day=TODAY).update(amount=200)
    repaired = repair(now=NOON)
    assert (repaired.days, repaired.standings) == (1, 0)
    assert campaign.spend_days.get(day=TODAY).amount == Decimal(5)
    assert not beyond.spend_days.exists()
    assert f"The books of brand {beyond.brand_id} (Acme) cannot be repaired." in caplog.text
