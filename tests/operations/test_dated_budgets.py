"""Budgets with a first and perhaps a last day: planned, begun by themselves, judged by (B1, B2)."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db.models import ProtectedError

from budgets.models import Brand, Campaign, DatedBudget, Statement
from budgets.operations import edits
from budgets.operations.close import close_periods
from budgets.operations.edits.history import CHANGED
from budgets.operations.reconcile import reconcile
from budgets.rules.clock import next_month_of
from budgets.rules.reasons import PauseReason
from tests.builders import a_brand, a_campaign, an_instant, spend, the_clock_at

pytestmark = pytest.mark.django_db

PARIS = "Europe/Paris"
TENTH = date(2026, 3, 10)
NOON = an_instant("2026-03-10 12:00", PARIS)
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)


def at(text: str) -> datetime:
    """Return an instant of March in Paris: `11 00:05`."""
    return an_instant(f"2026-03-{text}", PARIS)


def a_parisian(*, daily: str | None = "60", monthly: str | None = None) -> Campaign:
    """Save a campaign, and its brand of 100 a day, at noon of the tenth."""
    with the_clock_at(NOON):
        return a_campaign(brand=a_brand(zone=PARIS, daily="100"), daily=daily, monthly=monthly)


def plan(
    row: Brand | Campaign,
    amount: str | None,
    first: int,
    last: int | None = None,
    *,
    period: str = "day",
    now: datetime = NOON,
) -> DatedBudget:
    """Plan a budget from a day of March on, and perhaps to another."""
    of = {"campaign": row} if isinstance(row, Campaign) else {"brand": row}
    dated = DatedBudget(
        **of,
        period=period,
        amount=None if amount is None else Decimal(amount),
        starts_on=TENTH.replace(day=first),
        ends_on=TENTH.replace(day=last) if last else None,
    )
    edits.save([dated], by=None, now=now)
    return dated


def give(row: Brand | Campaign, amount: str, now: datetime) -> None:
    """Save another daily budget."""
    row = type(row)._base_manager.get(pk=row.pk)
    row.daily_budget = Decimal(amount)
    edits.save([row], by=None, now=now)


def on_row(row: Brand | Campaign) -> Any:
    """Return the daily budget on the row as it is stored."""
    return type(row)._base_manager.values_list("daily_budget", flat=True).get(pk=row.pk)


def by_day(row: Brand | Campaign, first: int, last: int) -> list[Any]:
    """Return the daily budgets in force from a day of March to another."""
    row = type(row)._base_manager.get(pk=row.pk)
    days = [TENTH.replace(day=number) for number in range(first, last + 1)]
    return [row.budget_on(day, "day") for day in days]


def test_a_planned_budget_begins_with_whatever_decides_first() -> None:
    campaign = a_parisian()
    spend(campaign, "60", at=NOON)
    plan(campaign, "90", 11)
    assert on_row(campaign) == 60
    spend(campaign, "70", at=at("11 00:00"), now=at("11 00:01"))
    assert (on_row(campaign), campaign.status) == (90, "running")


def test_a_planned_budget_of_a_brand_begins_at_a_tick() -> None:
    campaign = a_parisian()
    plan(campaign.brand, "0", 11)
    reconcile(now=at("10 23:59"))
    campaign.refresh_from_db()
    assert campaign.status == "running"
    assert reconcile(now=at("11 00:00")) == 1
    campaign.refresh_from_db()
    assert campaign.pause_reasons == PauseReason.BRAND_DAILY_BUDGET
    assert on_row(campaign.brand) == 0


def test_the_budget_before_counts_again_after_the_last_day() -> None:
    campaign = a_parisian()
    plan(campaign, "200", 12, 13)
    for day, amount in {11: 60, 12: 200, 13: 200, 14: 60, 15: 60}.items():
        reconcile(now=at(f"{day} 00:10"))
        assert on_row(campaign) == amount
    assert by_day(campaign, 9, 15) == [None, 60, 60, 200, 200, 60, 60]


def test_the_latest_start_that_has_come_counts() -> None:
    campaign = a_parisian()
    plan(campaign, "200", 12, 20)
    plan(campaign, "10", 14, 15)
    plan(campaign, None, 18)
    assert by_day(campaign, 11, 21) == [60, 200, 200, 10, 10, 200, 200, None, None, None, None]


def test_days_without_any_task_are_judged_by_what_was_planned_for_them() -> None:
    campaign = a_parisian()
    plan(campaign, "70", 11, 11)
    plan(campaign, "80", 12)
    close_periods(now=at("14 09:00"))
    found = Statement.objects.filter(campaign=campaign, period="day").order_by("starts_on")
    assert list(found.values_list("budget", flat=True)) == [60, 70, 80, 80]


def test_a_month_is_judged_by_the_budget_planned_for_its_end() -> None:
    campaign = a_parisian(monthly="500")
    plan(campaign, "900", 20, period="month")
    close_periods(now=an_instant("2026-04-01 00:05", PARIS))
    assert Statement.objects.get(campaign=campaign, period="month").budget == 900


def test_an_edit_counts_from_today_and_keeps_what_was() -> None:
    campaign = a_parisian()
    give(campaign, "70", at("12 09:00"))
    give(campaign, "80", at("12 10:00"))
    assert by_day(campaign, 10, 14) == [60, 60, 80, 80, 80]


def test_an_edit_leaves_what_is_planned() -> None:
    campaign = a_parisian()
    plan(campaign, "200", 14)
    give(campaign, "70", at("12 09:00"))
    assert by_day(campaign, 11, 15) == [60, 70, 70, 200, 200]


def test_an_edit_of_a_budget_of_some_days_ends_with_it() -> None:
    campaign = a_parisian()
    plan(campaign, "200", 12, 14)
    give(campaign, "300", at("13 09:00"))
    assert by_day(campaign, 11, 16) == [60, 200, 300, 300, 60, 60]
    reconcile(now=at("15 00:10"))
    assert on_row(campaign) == 60


def test_an_edit_after_midnight_begins_what_was_due_before() -> None:
    campaign = a_parisian()
    plan(campaign, "200", 12, 14)
    give(campaign, "300", at("12 00:01"))
    assert by_day(campaign, 11, 15) == [60, 300, 300, 300, 60]


def test_a_budget_typed_into_the_table_begins_like_any_other() -> None:
    campaign = a_parisian()
    DatedBudget.objects.bulk_create(
        [DatedBudget(campaign=campaign, period="day", amount=200, starts_on=TENTH + DAY)]
    )
    reconcile(now=NOON)
    assert on_row(campaign) == 60
    reconcile(now=at("11 00:00"))
    assert on_row(campaign) == 200
    assert by_day(campaign, 10, 11) == [60, 200]


def test_an_amount_written_past_every_edit_counts_until_the_next_begins() -> None:
    campaign = a_parisian()
    plan(campaign, "200", 12, 13)
    Campaign.objects.filter(pk=campaign.pk).update(daily_budget=70)
    assert by_day(campaign, 11, 14) == [70, 200, 200, 70]
    reconcile(now=at("14 00:00"))
    assert on_row(campaign) == 70


def test_a_clock_that_was_ahead_is_put_right() -> None:
    campaign = a_parisian()
    plan(campaign, "0", 11)
    assert reconcile(now=at("11 01:00")) == 1
    assert reconcile(now=at("10 23:30")) == 1
    assert on_row(campaign) == 60
    assert reconcile(now=at("11 00:00")) == 1


def test_each_brand_begins_on_its_own_day() -> None:
    with the_clock_at(NOON):
        east, west = a_brand(zone="Asia/Tokyo"), a_brand(zone="America/New_York")
    for brand in (east, west):
        plan(brand, "50", 11)
    reconcile(now=an_instant("2026-03-11 00:00", "Asia/Tokyo"))
    assert (on_row(east), on_row(west)) == (50, None)


def test_what_begins_by_itself_is_on_record_in_nobodys_name() -> None:
    campaign = a_parisian()
    plan(campaign, "90", 11)
    reconcile(now=at("11 00:00"))
    record = campaign.history.first()
    assert (record.daily_budget, record.history_user, record.trigger) == (90, None, "planned")
    assert (record.history_type, record.history_date) == (CHANGED, at("11 00:00"))


def test_what_has_begun_keeps_its_amount_and_first_day() -> None:
    campaign = a_parisian()
    dated = plan(campaign, "90", 11, 20)
    dated = DatedBudget.objects.get(pk=dated.pk)
    dated.amount = Decimal(95)
    with pytest.raises(ValidationError, match=r"It has begun: only its last day can be changed\."):
        edits.save([dated], by=None, now=at("12 09:00"))
    with pytest.raises(ProtectedError, match="has begun"):
        edits.delete([dated], by=None, now=at("12 09:00"))


def test_the_last_day_of_what_has_begun_is_moved_up_to_today() -> None:
    campaign = a_parisian()
    dated = DatedBudget.objects.get(pk=plan(campaign, "90", 11, 20).pk)
    reconcile(now=at("11 00:00"))
    dated.ends_on = date(2026, 3, 11)
    with pytest.raises(ValidationError, match="Days that have passed were judged by it"):
        edits.save([dated], by=None, now=at("12 09:00"))
    dated.ends_on = date(2026, 3, 12)
    edits.save([dated], by=None, now=at("12 09:00"))
    reconcile(now=at("13 00:00"))
    assert on_row(campaign) == 60


def test_a_last_day_after_which_nothing_counts_is_refused() -> None:
    campaign = a_parisian()
    plan(campaign, "90", 14)
    base = campaign.own_dated_budgets().get(starts_on__lt=TENTH)
    base.ends_on = date(2026, 3, 12)
    with pytest.raises(ValidationError, match="Nothing would count after that day"):
        edits.save([base], by=None, now=NOON)
    base.ends_on = date(2026, 3, 13)
    edits.save([base], by=None, now=NOON)
    assert by_day(campaign, 12, 15) == [60, 60, 90, 90]


def test_where_all_have_ended_what_is_on_the_row_goes_on() -> None:
    campaign = a_parisian()
    plan(campaign, "90", 12, 13)
    DatedBudget.objects.update(ends_on=date(2026, 3, 13))
    for day in (12, 14, 15):
        reconcile(now=at(f"{day} 00:10"))
    assert on_row(campaign) == 90
    assert by_day(campaign, 11, 15) == [60, 90, 90, 90, 90]
    assert DatedBudget.objects.count() == 2


def test_what_has_yet_to_begin_is_changed_and_deleted() -> None:
    campaign = a_parisian()
    dated = DatedBudget.objects.get(pk=plan(campaign, "90", 14).pk)
    dated.amount, dated.starts_on = Decimal(95), date(2026, 3, 12)
    edits.save([dated], by=None, now=at("11 09:00"))
    assert by_day(campaign, 11, 13) == [60, 95, 95]
    edits.delete([dated], by=None, now=at("11 10:00"))
    reconcile(now=at("12 00:00"))
    assert on_row(campaign) == 60


def test_a_budget_of_today_begins_at_once() -> None:
    campaign = a_parisian()
    plan(campaign, "0", 10)
    campaign.refresh_from_db()
    assert on_row(campaign) == 0
    assert campaign.status == "paused"


def test_one_that_began_before_the_row_was_made_counts_at_once() -> None:
    campaign = a_parisian()
    plan(campaign, "20", 1)
    assert (on_row(campaign), by_day(campaign, 9, 11)) == (20, [None, 20, 20])


def test_two_of_a_row_cannot_begin_on_one_day() -> None:
    campaign = a_parisian()
    plan(campaign, "90", 14)
    with pytest.raises(ValidationError, match="Another budget of it begins on that day"):
        plan(campaign, "95", 14)
    plan(campaign, "95", 14, period="month")
    plan(campaign.brand, "95", 14)


def test_a_campaign_of_another_brand_is_refused() -> None:
    campaign, other = a_parisian(), a_brand()
    dated = DatedBudget(brand=other, campaign=campaign, amount=1, starts_on=TENTH)
    with pytest.raises(ValidationError, match="The campaign is of another brand"):
        edits.save([dated], by=None, now=NOON)


def test_a_campaign_that_moves_takes_its_budgets_along() -> None:
    campaign = a_parisian()
    plan(campaign, "90", 14)
    campaign = Campaign.objects.get(pk=campaign.pk)
    campaign.brand = a_brand(name="Other")
    edits.save([campaign], by=None, now=at("11 09:00"))
    reconcile(now=an_instant("2026-03-14 00:00"))
    assert on_row(campaign) == 90


def test_one_edit_of_a_campaign_decides_all_that_turned_with_it() -> None:
    campaign = a_parisian()
    other = a_campaign(brand=campaign.brand)
    plan(other, "0", 11)
    give(campaign, "70", at("11 00:01"))
    other.refresh_from_db()
    assert other.status == "paused"


@pytest.mark.parametrize("number", range(12))
def test_sql_and_the_rule_agree_on_plans_edits_and_what_was_typed(number: int) -> None:
    random = Random(number)
    campaign = a_parisian(monthly="500")
    rows: list[Any] = [campaign, campaign.brand]
    now, today = NOON, 10
    for _ in range(random.randint(1, 9)):
        row = random.choice(rows)
        first = random.randint(today, 28)
        amount = random.choice([None, str(random.randint(0, 99))])
        last = random.choice([None, random.randint(first, 28)])
        period = random.choice(["day", "day", "month"])
        act = random.random()
        if act < 0.5:
            own = row.own_dated_budgets().filter(period=period, starts_on__day=first)
            if not own.exists():
                plan(row, amount, first, last, period=period, now=now)
        elif act < 0.7:
            give(row, str(random.randint(1, 99)), now)
        elif act < 0.8:
            type(row)._base_manager.filter(pk=row.pk).update(daily_budget=random.randint(1, 99))
        elif today < 27:
            today += random.randint(1, 2)
            now = at(f"{today:02} 08:00")
            if random.random() < 0.7:
                reconcile(now=now)
    close_periods(now=an_instant("2026-04-01 00:10", PARIS))
    expected = {
        (row, each): row.budget_on(
            each.starts_on if each.period == "day" else last_of(each), each.period
        )
        for row in (Campaign.objects.get(pk=campaign.pk), Brand.objects.get(pk=campaign.brand_id))
        for each in Statement.objects.filter(campaign=row if isinstance(row, Campaign) else None)
    }
    assert len(expected) > 20
    assert {key: key[1].budget for key in expected} == expected
    today_on_rows = [
        (row.daily_budget, row.budget_on(date(2026, 4, 1), "day")) for row, _ in expected
    ]
    assert all(stored == in_force for stored, in_force in today_on_rows)


def last_of(statement: Statement) -> date:
    return next_month_of(statement.starts_on) - DAY
