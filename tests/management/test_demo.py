"""The demo is an agency with a true past, loaded once."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import transaction
from django.db.models import F, Sum
from pytest_django import DjangoDbBlocker

from budgets.connectors.mock.connector import installed_platform
from budgets.demo import Demo, load_demo
from budgets.models import Brand, Campaign, Change, LedgerEntry, PlatformAccount, Spend, Trigger
from budgets.operations.close import close_periods
from budgets.operations.reconcile import reconcile
from budgets.rules.clock import month_of
from tests.builders import an_instant, the_clock_at

NOW = an_instant("2026-03-10 15:07:23")
MINUTE = timedelta(minutes=1)

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def demo(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Demo]:
    """Return one demo of three days that many tests look at; what they change is undone."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield load_demo(now=NOW, history=timedelta(days=3), progress=lambda _: None)
        transaction.set_rollback(True)


def the_command(*flags: str, now: datetime = NOW) -> str:
    out = StringIO()
    with the_clock_at(now):
        call_command("demo", *flags, stdout=out)
    return out.getvalue()


def rows() -> tuple[int, ...]:
    """Count what a run could add."""
    tables = (Brand, Campaign, Change, LedgerEntry, Spend)
    return tuple(table._default_manager.count() for table in tables)


def test_a_second_run_changes_nothing_and_says_so(demo: Demo) -> None:
    before = rows()

    said = the_command(now=NOW + MINUTE)

    assert rows() == before
    assert "nothing changed" in said


def test_a_run_the_next_day_changes_nothing(demo: Demo) -> None:
    before = rows()

    the_command(now=NOW + timedelta(days=1))

    assert rows() == before


def test_every_total_is_the_sum_of_its_entries(demo: Demo) -> None:
    by_day = LedgerEntry.objects.values_list("campaign", "day").annotate(Sum("amount")).order_by()

    days = {(campaign, day): total for campaign, day, total in by_day}

    assert days == {(row.campaign_id, row.day): row.amount for row in Spend.objects.all()}
    for campaign in Campaign.objects.filter(day__isnull=False):
        month = Spend.objects.filter(campaign=campaign).in_month(
            month_of(campaign.day or NOW.date())
        )
        assert campaign.day_spent == days[campaign.pk, campaign.day]
        assert campaign.month_spent == month.total()


def test_changes_follow_each_other_in_time(demo: Demo) -> None:
    instants = list(Change.objects.order_by("id").values_list("at", flat=True))

    assert instants == sorted(instants)
    assert instants[-1] <= NOW


def test_every_status_is_right_when_it_is_loaded(demo: Demo) -> None:
    assert reconcile(now=NOW) == 0
    assert close_periods(now=NOW) == 0


def test_days_end_about_at_the_daily_budget_and_not_above(demo: Demo) -> None:
    days = Spend.objects.filter(campaign__daily_budget__isnull=False)
    reached = days.filter(amount__gte=F("campaign__daily_budget"))

    assert reached.count() > 30
    for day in days.select_related("campaign"):
        assert day.amount <= (day.campaign.daily_budget or 0) * Decimal("1.02")


def test_there_are_five_zones_and_three_currencies(demo: Demo) -> None:
    assert Brand.objects.values("timezone").distinct().order_by().count() >= 5
    assert Brand.objects.values("currency").distinct().order_by().count() >= 3


def test_money_is_in_the_coins_of_its_currency(demo: Demo) -> None:
    for day in Spend.objects.select_related("campaign__brand"):
        coin = Decimal(1).scaleb(-day.campaign.brand.currency_decimals)
        assert day.amount % coin == 0


def test_some_campaigns_are_held_by_a_person_with_a_note(demo: Demo) -> None:
    held = Campaign.objects.filter(is_held=True)

    assert held.exists()
    for change in Change.objects.filter(trigger=Trigger.HOLD):
        assert change.by
        assert change.note


def test_the_mock_platform_goes_on_where_the_history_ends(demo: Demo) -> None:
    platform = installed_platform()
    for account in PlatformAccount.objects.all():
        assert {campaign.since for campaign in platform.campaigns(account.external_id)} == {NOW}


def test_a_dry_run_of_a_loaded_demo_would_change_nothing(demo: Demo) -> None:
    assert the_command("--dry-run") == "The demo is loaded; nothing would change.\n"


def test_programs_get_one_object(demo: Demo) -> None:
    answer = json.loads(the_command("--json"))

    assert (answer["entries_added"], answer["brands"], answer["campaigns"]) == (0, 8, 61)
