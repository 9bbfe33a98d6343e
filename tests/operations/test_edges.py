"""What time alone changes takes effect at its instant, by deciding only what has an edge (T5)."""

from datetime import date, datetime, timedelta
from random import Random

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from budgets.models import Brand, Campaign, Change, DatedBudget, Heartbeat, LinkedCampaign
from budgets.operations.edges import decide_due
from budgets.operations.reconcile import reconcile
from budgets.rules.reasons import PauseReason
from tests.builders import a_brand, a_campaign, a_link, a_schedule, an_instant, spend, the_clock_at

pytestmark = pytest.mark.django_db

PARIS = "Europe/Paris"
OFFICE = "Mon-Fri 09:00-17:30"
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)


def at(text: str, zone: str = PARIS) -> datetime:
    """Return an instant of Tuesday the tenth of March, or of a day around it: `10 09:00`."""
    return an_instant(f"2026-03-{text}", zone)


def an_office_campaign(zone: str = PARIS) -> Campaign:
    """Save a campaign with office hours, decided at seven."""
    with the_clock_at(at("10 07:00", zone)):
        campaign = a_campaign(brand=a_brand(zone=zone), schedule=a_schedule(OFFICE))
    decide_due(now=at("10 08:59", zone))
    return campaign


def status(campaign: Campaign) -> str:
    campaign.refresh_from_db()
    return campaign.status


def test_a_schedule_opens_and_closes_at_its_instant() -> None:
    campaign = an_office_campaign()
    assert status(campaign) == "paused"
    assert decide_due(now=at("10 09:00")) == 1
    assert status(campaign) == "running"
    assert decide_due(now=at("10 17:29:59.999999")) == 0
    assert decide_due(now=at("10 17:30")) == 1
    assert status(campaign) == "paused"


def test_the_change_says_when_and_why() -> None:
    campaign = an_office_campaign()
    decide_due(now=at("10 09:00:00.5"))
    change = Change.objects.get(campaign=campaign, after=0)
    assert (change.at, change.trigger) == (at("10 09:00:00.5"), "tick")


def test_each_zone_has_its_own_hours() -> None:
    paris, tokyo = an_office_campaign(), an_office_campaign("Asia/Tokyo")
    decide_due(now=at("10 09:00", "Asia/Tokyo"))
    assert (status(paris), status(tokyo)) == ("paused", "running")


def test_an_edge_between_two_calls_is_met_by_the_second() -> None:
    campaign = an_office_campaign()
    decide_due(now=at("10 08:59:30"))
    assert decide_due(now=at("10 09:07")) == 1
    assert status(campaign) == "running"


def test_an_edge_is_met_once() -> None:
    campaign = an_office_campaign()
    decide_due(now=at("10 09:00"))
    Campaign.objects.filter(pk=campaign.pk).update(reasons=int(PauseReason.OUTSIDE_SCHEDULE))
    assert decide_due(now=at("10 09:01")) == 0


def test_what_is_long_past_is_left_to_the_checks() -> None:
    campaign = an_office_campaign()
    assert decide_due(now=at("10 12:00")) == 0
    assert reconcile(now=at("10 12:00")) == 1
    assert status(campaign) == "running"


def test_a_clock_that_was_ahead_hides_no_edge() -> None:
    campaign = an_office_campaign()
    decide_due(now=at("10 10:00"))
    Campaign.objects.filter(pk=campaign.pk).update(reasons=int(PauseReason.OUTSIDE_SCHEDULE))
    assert decide_due(now=at("10 09:01")) == 1


def test_a_midnight_resumes_what_the_day_had_stopped() -> None:
    with the_clock_at(at("10 07:00")):
        campaign = a_campaign(brand=a_brand(zone=PARIS), daily="50")
    spend(campaign, "50", at=at("10 12:00"))
    assert decide_due(now=at("10 23:59:59")) == 0
    assert decide_due(now=at("11 00:00")) == 1
    assert Change.objects.latest("id").trigger == "period"
    assert status(campaign) == "running"


def test_flights_begin_and_end_with_their_days() -> None:
    with the_clock_at(at("10 07:00")):
        brand = a_brand(zone=PARIS)
        ending = a_campaign(brand=brand, ends_on=date(2026, 3, 10))
        starting = a_campaign(brand=brand, starts_on=date(2026, 3, 11))
    assert decide_due(now=at("11 00:00")) == 2
    assert (status(ending), status(starting)) == ("paused", "running")


def test_a_planned_budget_begins_at_its_midnight() -> None:
    with the_clock_at(at("10 07:00")):
        campaign = a_campaign(brand=a_brand(zone=PARIS), daily="50")
        DatedBudget.objects.create(campaign=campaign, amount=0, starts_on=date(2026, 3, 11))
    assert decide_due(now=at("11 00:00")) == 1
    assert status(campaign) == "paused"
    assert campaign.daily_budget == 0


def test_stops_are_decided_before_starts() -> None:
    campaigns = []
    for number in range(4):
        hours = "Mon-Fri 09:00-17:30" if number % 2 else "Mon-Fri 00:00-09:00"
        with the_clock_at(at("10 07:00")):
            brand = a_brand(zone=PARIS)
            campaigns.append(a_campaign(brand=brand, schedule=a_schedule(hours)))
    decide_due(now=at("10 08:59"))
    assert decide_due(now=at("10 09:00")) == 4
    acts = [change.action for change in Change.objects.order_by("id")][-4:]
    assert acts == ["stop", "stop", "start", "start"]


def test_platforms_are_to_be_told() -> None:
    campaign = an_office_campaign()
    a_link(campaign)
    decide_due(now=at("10 09:00"))
    assert LinkedCampaign.objects.get().wanted == "running"


def test_a_jump_of_the_clock_is_an_edge() -> None:
    """On the 29th the clocks of Paris go from 02:00 to 03:00."""
    with the_clock_at(at("28 12:00")):
        campaign = a_campaign(brand=a_brand(zone=PARIS), schedule=a_schedule("Sun 02:00-03:00"))
        other = a_campaign(brand=campaign.brand, schedule=a_schedule("Sun 03:00-04:00"))
    decide_due(now=an_instant("2026-03-29 00:59", "UTC"))
    assert decide_due(now=an_instant("2026-03-29 01:00", "UTC")) == 1
    assert (status(campaign), status(other)) == ("paused", "running")


def test_a_quarter_hour_without_an_edge_decides_no_brand() -> None:
    an_office_campaign()
    decide_due(now=at("10 11:59"))
    with CaptureQueriesContext(connection) as sent:
        assert decide_due(now=at("10 12:00")) == 0
    assert not [q for q in sent.captured_queries if "budgets_change" in q["sql"]]
    assert len(sent) < 12


def test_it_says_until_when_edges_were_met() -> None:
    decide_due(now=at("10 12:00"))
    beat = Heartbeat.objects.get(name="decide_due")
    assert (beat.began_at, beat.result) == (at("10 12:00"), 0)


@pytest.mark.parametrize("number", range(4))
def test_from_edge_to_edge_nothing_differs_from_a_check_of_all(number: int) -> None:
    """Plays a day of quarter hours, 2 s; a check of all must find nothing left to change."""
    random = Random(number)
    zones = [PARIS, "Asia/Kathmandu", "America/New_York", "Pacific/Auckland"]
    start = at(f"{random.choice([10, 28])} {random.randint(10, 23)}:00", "UTC")
    with the_clock_at(start):
        for _ in range(4):
            brand = a_brand(zone=random.choice(zones), daily=random.choice([None, "40"]))
            for _ in range(3):
                opens, closes = random.randint(0, 23), random.randint(0, 24)
                hours = f"Mon-Sun {opens:02}:{random.choice([0, 15, 30, 45]):02}-{closes:02}:00"
                a_campaign(
                    brand=brand,
                    daily=random.choice([None, "20"]),
                    schedule=a_schedule(hours) if random.random() < 0.7 else None,
                    ends_on=random.choice([None, start.date()]),
                )
    now = start
    decide_due(now=now)
    for _ in range(120):
        now += timedelta(minutes=random.choice([1, 5, 14, 15]))
        if random.random() < 0.2:
            spend(random.choice(list(Campaign.objects.all())), "15", at=now)
        decide_due(now=now)
        assert reconcile(now=now) == 0
    assert Brand.objects.count() == 4
    assert Change.objects.count() > 10


def test_an_opening_of_one_quarter_hour_is_met() -> None:
    with the_clock_at(at("10 07:00")):
        hours = a_schedule("Tue 09:00-09:15")
        campaign = a_campaign(brand=a_brand(zone=PARIS), schedule=hours)
    decide_due(now=at("10 08:59"))
    assert decide_due(now=at("10 09:00")) == 1
    assert status(campaign) == "running"
    assert decide_due(now=at("10 09:15")) == 1
    assert status(campaign) == "paused"
