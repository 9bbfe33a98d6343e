"""Closing: days and months that ended are closed once, however late the task comes."""

from datetime import date, timedelta
from typing import Any

import pytest

from budgets.models import Brand, Statement, Trigger
from budgets.operations.close import close_periods
from budgets.reports.diagnostics.audit import audit
from budgets.rules.reasons import NO_REASON, PauseReason
from tests.builders import a_brand, a_campaign, an_instant, spend, the_clock_at

pytestmark = pytest.mark.django_db

NOON = an_instant("2026-03-10 12:00")
DAY = timedelta(days=1)


def a_brand_of(instant: str, *, zone: str = "UTC") -> Brand:
    """Save a brand that was created when clocks in its zone showed this."""
    with the_clock_at(an_instant(instant, zone)):
        return a_brand(zone=zone)


def closed(brand: Brand) -> tuple[date | None, date | None]:
    brand.refresh_from_db()
    return brand.closed_day, brand.closed_month


def test_a_day_is_closed_when_it_has_ended_on_the_brands_clock() -> None:
    brand = a_brand_of("2026-03-10 09:00", zone="Asia/Tokyo")
    midnight = an_instant("2026-03-11 00:00", "Asia/Tokyo")
    assert close_periods(now=midnight - timedelta(microseconds=1)) == 0
    assert closed(brand) == (None, None)
    assert close_periods(now=midnight) == 1
    assert closed(brand) == (date(2026, 3, 10), None)


def test_closing_twice_closes_nothing_more() -> None:
    a_brand_of("2026-03-09 09:00")
    assert [close_periods(now=NOON), close_periods(now=NOON)] == [1, 0]


def test_days_that_were_missed_are_caught_up() -> None:
    brand = a_brand_of("2026-03-01 09:00")
    assert close_periods(now=an_instant("2026-03-02 00:00")) == 1
    assert close_periods(now=an_instant("2026-03-08 17:23")) == 6
    assert closed(brand) == (date(2026, 3, 7), None)


def test_a_month_closes_with_its_last_day() -> None:
    brand = a_brand_of("2026-03-30 09:00")
    assert close_periods(now=an_instant("2026-03-31 00:00")) == 1
    assert close_periods(now=an_instant("2026-04-01 00:00")) == 2
    assert closed(brand) == (date(2026, 3, 31), date(2026, 3, 1))


def test_months_that_were_missed_are_caught_up() -> None:
    brand = a_brand_of("2025-11-29 09:00")
    days_and_months = 2 + 31 + 31 + 1 + 3  # to 1 February, and three months
    assert close_periods(now=an_instant("2026-02-02 00:00")) == days_and_months
    assert closed(brand) == (date(2026, 2, 1), date(2026, 1, 1))


def test_days_before_a_brand_was_made_are_stated_where_something_was_spent() -> None:
    brand = a_brand_of("2026-03-08 09:00")
    spend(a_campaign(brand=brand), "10", at=an_instant("2026-02-27 12:00"), now=NOON)
    assert close_periods(now=NOON) == 2
    assert closed(brand) == (date(2026, 3, 9), None)
    whole = Statement.objects.filter(campaign=None)
    assert {(each.period, str(each.starts_on), str(each.spent)) for each in whole} == {
        ("day", "2026-02-27", "10.00"),
        ("month", "2026-02-01", "10.00"),
        ("day", "2026-03-08", "0.00"),
        ("day", "2026-03-09", "0.00"),
    }
    assert audit() == []


def test_a_mistyped_year_opens_no_years_of_days(settings: Any) -> None:
    settings.SPEND_MAX_AGE_DAYS = 10_000
    brand = a_brand_of("2026-03-09 09:00")
    spend(a_campaign(brand=brand, daily="5"), "10", at=an_instant("2006-03-09 12:00"), now=NOON)
    assert close_periods(now=NOON) == 1
    assert Statement.objects.filter(starts_on__lt=date(2026, 3, 1)).count() == 4


def test_what_was_spent_before_a_brand_was_made_is_not_late() -> None:
    brand = a_brand_of("2026-03-09 09:00")
    campaign = a_campaign(brand=brand)
    early = an_instant("2026-02-27 12:00")
    spend(campaign, "10", at=early, now=NOON)
    for statement in Statement.objects.filter(period="day"):
        assert (str(statement.spent_at_close), statement.restated_at) == ("10.00", None)
    spend(campaign, "5", at=early, now=NOON)
    for statement in Statement.objects.filter(period="day"):
        assert (str(statement.spent_at_close), str(statement.spent)) == ("10.00", "15.00")


def test_a_new_day_lets_campaigns_run_and_says_why() -> None:
    with the_clock_at(NOON):
        campaign = a_campaign(daily="100", monthly="500")
    spend(campaign, "100", at=NOON)
    close_periods(now=an_instant("2026-03-11 00:00"))
    campaign.refresh_from_db()
    assert campaign.pause_reasons == NO_REASON
    assert campaign.changes.latest("id").trigger == Trigger.PERIOD


def test_a_month_rollover_after_missed_days_lets_campaigns_run() -> None:
    with the_clock_at(NOON):
        campaign = a_campaign(daily="100", monthly="100")
    spend(campaign, "100", at=NOON)
    close_periods(now=an_instant("2026-04-03 06:00"))
    campaign.refresh_from_db()
    assert campaign.pause_reasons == NO_REASON
    assert campaign.changes.count() == 2


def test_closing_touches_no_brand_whose_day_has_not_ended() -> None:
    a_brand_of("2026-03-10 09:00", zone="Asia/Tokyo")
    new_york = a_brand_of("2026-03-10 09:00", zone="America/New_York")
    with the_clock_at(NOON):
        campaign = a_campaign(brand=new_york, daily="100")
    spend(campaign, "100", at=an_instant("2026-03-10 11:00", "America/New_York"))
    assert close_periods(now=an_instant("2026-03-11 00:00", "Asia/Tokyo")) == 1
    campaign.refresh_from_db()
    assert campaign.pause_reasons == PauseReason.DAILY_BUDGET
    assert closed(new_york) == (None, None)


def test_a_brand_that_moves_west_closes_no_day_twice() -> None:
    brand = a_brand_of("2026-03-08 09:00", zone="Pacific/Auckland")
    now = an_instant("2026-03-11 00:00", "Pacific/Auckland")
    assert close_periods(now=now) == 3
    brand.refresh_from_db()
    brand.timezone = "Pacific/Honolulu"  # where it is still the 10th
    with the_clock_at(now):
        brand.save()
    assert close_periods(now=now) == 0
    assert close_periods(now=an_instant("2026-03-11 00:00", "Pacific/Honolulu")) == 0
    assert close_periods(now=an_instant("2026-03-12 00:00", "Pacific/Honolulu")) == 1
    assert closed(brand) == (date(2026, 3, 11), None)


def test_a_broken_zone_keeps_nobody_from_closing(caplog: pytest.LogCaptureFixture) -> None:
    broken, fine = a_brand_of("2026-03-09 09:00"), a_brand_of("2026-03-09 09:00")
    Brand.objects.filter(pk=broken.pk).update(timezone="Mars/Olympus")
    assert close_periods(now=NOON) == 2
    assert closed(broken) == closed(fine) == (date(2026, 3, 9), None)
    assert "Mars/Olympus" in caplog.text


def test_a_late_entry_for_a_closed_day_is_kept_on_that_day() -> None:
    brand = a_brand_of("2026-03-08 09:00")
    campaign = a_campaign(brand=brand)
    close_periods(now=NOON)
    spend(campaign, "10", at=NOON - DAY, now=NOON)
    assert campaign.spend_days.get().day == date(2026, 3, 9)
    assert close_periods(now=NOON) == 0
