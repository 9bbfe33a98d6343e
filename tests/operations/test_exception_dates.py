"""Dates of schedules and brands on which other hours count: decided, met on time, explained."""

from datetime import datetime, timedelta

import pytest
from django.core.exceptions import ValidationError

from budgets.models import Brand, Campaign, ExceptionDay, Schedule
from budgets.operations import edits
from budgets.operations.edges import decide_due
from budgets.operations.reconcile import reconcile
from budgets.reports.explain import explain
from budgets.reports.pace import hours_of
from budgets.rules.reasons import NO_REASON, PauseReason
from tests.builders import a_brand, a_campaign, a_schedule, an_instant, the_clock_at

pytestmark = pytest.mark.django_db

PARIS = "Europe/Paris"
CLOSED = PauseReason.OUTSIDE_SCHEDULE
MINUTE = timedelta(minutes=1)


def at(text: str) -> datetime:
    """Return an instant of this March in Paris: `10 12:00`; the tenth is a Tuesday."""
    return an_instant(f"2026-03-{text}", PARIS)


NOON = at("10 12:00")


@pytest.fixture(autouse=True)
def _noon() -> object:
    with the_clock_at(NOON):
        yield


def excepted(row: Brand | Schedule, text: str, *, now: datetime = NOON) -> None:
    row = type(row)._base_manager.get(pk=row.pk)
    row.exceptions = text
    edits.save([row], by=None, now=now)


def reasons(campaign: Campaign) -> PauseReason:
    campaign.refresh_from_db()
    return campaign.pause_reasons


def in_office() -> Campaign:
    """Save a campaign that runs on weekdays from nine to five."""
    return a_campaign(brand=a_brand(zone=PARIS), schedule=a_schedule("Mon-Fri 09:00-17:00"))


def test_a_date_of_a_schedule_closes_at_once_and_opens_by_itself() -> None:
    campaign = in_office()
    assert campaign.schedule
    assert reasons(campaign) == NO_REASON
    excepted(campaign.schedule, "2026-03-10 closed # Feast")
    assert reasons(campaign) == CLOSED
    explained = explain(campaign, now=NOON)
    assert explained.reasons[0].detail == (
        "Schedule “Office hours” has other hours on Tue 10 Mar 2026 (Feast): closed."
    )
    assert explained.resumes_at == at("11 09:00")
    excepted(campaign.schedule, "")
    assert reasons(campaign) == NO_REASON
    assert not ExceptionDay.objects.exists()


def test_a_date_of_the_brand_goes_before_one_of_the_schedule() -> None:
    campaign = in_office()
    assert campaign.schedule
    excepted(campaign.schedule, "2026-03-10 open")
    excepted(campaign.brand, "2026-03-10 14:00-15:00")
    assert reasons(campaign) == CLOSED
    explained = explain(campaign, now=NOON)
    assert explained.reasons[0].detail == (
        "The brand has other hours on Tue 10 Mar 2026: 14:00-15:00."
    )
    assert explained.resumes_at == at("10 14:00")


def test_a_date_of_the_brand_counts_for_campaigns_without_a_schedule() -> None:
    campaign = a_campaign(brand=a_brand(zone=PARIS))
    excepted(campaign.brand, "2026-03-10 closed")
    assert reasons(campaign) == CLOSED
    assert explain(campaign, now=NOON).resumes_at == at("11 00:00")
    reconcile(now=at("11 00:00"))
    assert reasons(campaign) == NO_REASON


def test_one_schedule_serves_brands_on_their_own_dates() -> None:
    here = in_office()
    there = a_campaign(brand=a_brand(zone="Pacific/Auckland"), schedule=here.schedule)
    assert here.schedule
    excepted(here.schedule, "2026-03-11 open")  # has come in Auckland, at midnight
    assert (reasons(here), reasons(there)) == (NO_REASON, NO_REASON)
    excepted(here.schedule, "2026-03-11 closed\n2026-03-10 closed")
    reconcile(now=at("11 12:00"))  # and is over in Auckland
    assert (reasons(here), reasons(there)) == (CLOSED, CLOSED)


@pytest.mark.parametrize("whose", ["brand", "schedule"])
def test_edges_of_dates_are_met_on_time(whose: str) -> None:
    campaign, other = in_office(), in_office()
    row = campaign.brand if whose == "brand" else campaign.schedule
    assert row
    excepted(row, "2026-03-10 10:00-13:00, 18:00-24:00\n2026-03-11 closed")
    expected = [
        ("10 12:46", NO_REASON, NO_REASON),
        ("10 13:00", CLOSED, NO_REASON),
        ("10 16:59", CLOSED, NO_REASON),
        ("10 17:00", CLOSED, CLOSED),
        ("10 17:46", CLOSED, CLOSED),
        ("10 18:00", NO_REASON, CLOSED),
        ("10 23:59", NO_REASON, CLOSED),
        ("11 00:00", CLOSED, CLOSED),
        ("11 08:46", CLOSED, CLOSED),
        ("11 09:00", CLOSED, NO_REASON),
        ("12 00:00", CLOSED, CLOSED),
        ("12 09:00", NO_REASON, NO_REASON),
    ]
    for instant, own, others in expected:
        decide_due(now=at(instant) - 14 * MINUTE)
        decide_due(now=at(instant))
        if instant in {"10 16:59", "11 00:00", "12 00:00"}:
            assert reconcile(now=at(instant)) >= 0
        assert (reasons(campaign), reasons(other)) == (own, others), instant
        assert reconcile(now=at(instant)) == 0, instant


def test_dates_typed_into_the_database_count_from_the_next_check_on() -> None:
    campaign = in_office()
    Brand.objects.update(exceptions="2026-03-10 closed")
    assert reconcile(now=NOON) == 1
    Brand.objects.update(exceptions="")
    Schedule.objects.update(exceptions="2026-03-10 closed")
    assert reconcile(now=NOON) == 0
    assert reasons(campaign) == CLOSED
    Schedule.objects.update(exceptions="2026-03-10 whenever")
    assert reconcile(now=NOON) == 0  # unreadable: the dates stay as they were
    Schedule.objects.update(exceptions="2026-03-11 closed")
    assert reconcile(now=NOON) == 1


def test_a_bad_date_is_refused_with_its_line() -> None:
    campaign = in_office()
    with pytest.raises(ValidationError, match="Line 2: begin with a date such as 2026-12-25"):
        excepted(campaign.brand, "2026-03-10 closed\nEaster closed")
    assert reasons(campaign) == NO_REASON


def test_a_new_row_brings_its_dates() -> None:
    brand = Brand.objects.create(name="Shop", timezone=PARIS, exceptions="2026-03-10 closed")
    assert reasons(a_campaign(brand=brand)) == CLOSED


def test_plans_know_of_dates() -> None:
    campaign = in_office()
    excepted(campaign.brand, "2026-03-12 closed")
    campaign.refresh_from_db()
    hours = [hours_of([row])[row.pk] for row in (campaign, campaign.brand)]
    assert all(each and not any(each.on(at("12 12:00").date())) for each in hours)
