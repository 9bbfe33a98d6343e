"""A day's total saved by hand counts: its difference is an entry, and what must stop stops."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db.models import F, Sum

from budgets.models import Campaign, LedgerEntry, Spend
from budgets.operations.close import close_periods
from budgets.rules.reasons import PauseReason
from tests.builders import a_brand, a_campaign, an_instant, spend, the_clock_at

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]

NOON = an_instant("2026-03-10 12:00")
TODAY, YESTERDAY, FEBRUARY = date(2026, 3, 10), date(2026, 3, 9), date(2026, 2, 27)


@pytest.fixture
def noon() -> Iterator[None]:
    with the_clock_at(NOON):
        yield


def entries(campaign: Campaign) -> Decimal:
    total: Decimal = campaign.entries.aggregate(total=Sum("amount"))["total"]
    return total


def test_a_row_saved_by_hand_is_an_entry_and_stops_what_must_stop() -> None:
    campaign = a_campaign(daily="100")
    Spend.objects.create(campaign=campaign, day=TODAY, amount="100")
    entry = LedgerEntry.objects.get()
    assert (entry.source, entry.amount, entry.occurred_at) == ("direct", Decimal("100.00"), NOON)
    campaign.refresh_from_db()
    assert campaign.pause_reasons == PauseReason.DAILY_BUDGET
    assert (campaign.day_spent, campaign.month_spent) == (Decimal("100.00"), Decimal("100.00"))


def test_an_edited_row_adds_the_difference_and_starts_what_may_start() -> None:
    campaign = a_campaign(daily="100")
    spend(campaign, "100", at=NOON)
    row = campaign.spend_days.get()
    row.amount = Decimal("80")
    row.save()
    campaign.refresh_from_db()
    assert (campaign.status, entries(campaign)) == ("running", Decimal("80.00"))
    assert LedgerEntry.objects.get(source="direct").amount == Decimal("-20.00")
    assert campaign.spend_days.get().amount == campaign.day_spent == Decimal("80.00")


def test_a_row_saved_unchanged_adds_nothing() -> None:
    campaign = a_campaign()
    spend(campaign, "5", at=NOON)
    campaign.spend_days.get().save()
    assert LedgerEntry.objects.count() == 1


def test_an_amount_the_database_works_out_counts_too() -> None:
    campaign = a_campaign()
    spend(campaign, "5", at=NOON)
    row = campaign.spend_days.get()
    row.amount = F("amount") * 2  # type: ignore[assignment]  # the plugin knows values only
    row.save()
    assert (entries(campaign), campaign.spend_days.get().amount) == (Decimal(10), Decimal(10))


@pytest.mark.parametrize(
    "day, day_spent, month_spent", [(YESTERDAY, "10.00", "15.00"), (FEBRUARY, "10.00", "10.00")]
)
def test_an_older_day_leaves_today_alone(day: date, day_spent: str, month_spent: str) -> None:
    campaign = a_campaign()
    spend(campaign, "10", at=NOON)
    Spend.objects.create(campaign=campaign, day=day, amount="5")
    campaign.refresh_from_db()
    assert (campaign.day, campaign.day_spent, campaign.month_spent) == (
        TODAY,
        Decimal(day_spent),
        Decimal(month_spent),
    )
    assert LedgerEntry.objects.get(source="direct").day == day


def test_a_closed_day_is_restated() -> None:
    campaign = a_campaign()
    spend(campaign, "10", at=an_instant("2026-03-09 12:00"))
    close_periods(now=NOON)
    row = campaign.spend_days.get(day=YESTERDAY)
    row.amount = Decimal("12")
    row.save()
    statement = campaign.statements.get(period="day", starts_on=YESTERDAY)
    assert (statement.spent_at_close, statement.spent) == (Decimal("10.00"), Decimal("12.00"))


def test_the_entry_lies_on_the_local_day_it_is_for() -> None:
    campaign = a_campaign(brand=a_brand(zone="Pacific/Kiritimati"))
    Spend.objects.create(campaign=campaign, day=YESTERDAY, amount="5")
    entry = LedgerEntry.objects.get()
    assert campaign.brand.clock.day(entry.occurred_at) == YESTERDAY


def test_a_row_that_bypassed_saving_is_taken_over_when_it_is_saved() -> None:
    campaign = a_campaign()
    Spend.objects.bulk_create([Spend(campaign=campaign, day=TODAY, amount="5")])
    row = campaign.spend_days.get()
    row.save()
    campaign.refresh_from_db()
    assert (entries(campaign), campaign.day_spent) == (Decimal("5.00"), Decimal("5.00"))


def test_a_row_does_not_move_to_another_day() -> None:
    row = Spend.objects.create(campaign=a_campaign(), day=TODAY, amount="5")
    row.day = YESTERDAY
    with pytest.raises(ValidationError, match="stays with its campaign and day"):
        row.save()


@pytest.mark.parametrize("day, amount", [(date(206, 3, 10), "5"), (TODAY, "100000000000")])
def test_what_cannot_be_spend_is_not_saved(day: date, amount: str) -> None:
    campaign = a_campaign()
    spend(campaign, "1", at=an_instant("2026-03-09 12:00"))
    with pytest.raises(ValidationError):
        Spend.objects.create(campaign=campaign, day=day, amount=amount)
    assert Spend.objects.count() == LedgerEntry.objects.count() == 1
