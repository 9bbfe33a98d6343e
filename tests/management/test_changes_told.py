"""The terminal hears of each campaign that pauses or resumes, whoever did it."""

import io
from threading import Event

import pytest
from django.db import InterfaceError, OperationalError

from budgets.management import changes_told
from budgets.management.changes_told import MOST_LINES, ChangesTold
from budgets.models import Campaign
from budgets.operations.holds import hold, release
from budgets.reports.history.change_feed import end_of_feed
from core.processes.console import Console
from tests.builders import a_brand, a_campaign, a_person, an_instant, spend, the_clock_at

NOON = an_instant("2026-03-10 12:00")
LATER = an_instant("2026-03-10 12:04")

# On PostgreSQL the feed shows what was committed.
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def shown() -> io.StringIO:
    return io.StringIO()


@pytest.fixture
def campaign() -> Campaign:
    with the_clock_at(NOON):
        return a_campaign(brand=a_brand(name="Casa Verde"), name="Retargeting", daily="100")


@pytest.fixture
def told(shown: io.StringIO, campaign: Campaign) -> ChangesTold:
    return ChangesTold(Console(shown), after=end_of_feed(), changes_url="http://here/changes/")


def lines(told: ChangesTold, shown: io.StringIO) -> list[str]:
    told.look(now=LATER)
    return shown.getvalue().splitlines()


def test_nothing_is_told_of_what_was_before(told: ChangesTold, shown: io.StringIO) -> None:
    assert lines(told, shown) == []


def test_a_pause_says_why_and_a_resume_why_it_was_paused(
    told: ChangesTold, shown: io.StringIO, campaign: Campaign
) -> None:
    spend(campaign, "100", at=LATER)
    spend(campaign, "-1", at=LATER)

    assert lines(told, shown) == [
        "12:04 paused Casa Verde | Retargeting: daily budget reached",
        "12:04 resumed Casa Verde | Retargeting (was: daily budget reached)",
    ]


def test_a_person_is_named(told: ChangesTold, shown: io.StringIO, campaign: Campaign) -> None:
    ada = a_person()
    hold(campaign, by=ada, now=LATER, note="")
    assert lines(told, shown)[-1] == "12:04 paused Casa Verde | Retargeting: on hold, by ada"

    release(campaign, by=ada, now=LATER, note="")
    assert lines(told, shown)[-1] == "12:04 resumed Casa Verde | Retargeting (was: on hold), by ada"


def test_a_change_is_told_once(told: ChangesTold, shown: io.StringIO, campaign: Campaign) -> None:
    spend(campaign, "100", at=LATER)

    assert lines(told, shown) == lines(told, shown)


def test_another_reason_of_a_campaign_that_stays_paused_is_no_news(
    told: ChangesTold, shown: io.StringIO, campaign: Campaign
) -> None:
    hold(campaign, by=None, now=NOON, note="")
    before = lines(told, shown)
    spend(campaign, "100", at=LATER)

    assert lines(told, shown) == before


def test_many_at_once_are_summed_up(told: ChangesTold, shown: io.StringIO) -> None:
    with the_clock_at(LATER):
        brand = a_brand(name="Large")
        for number in range(MOST_LINES + 1):
            a_campaign(brand=brand, name=f"Number {number}", is_held=True)

    (line,) = lines(told, shown)

    assert line == f"12:04 paused {MOST_LINES + 1} campaigns; see http://here/changes/"
    assert len(lines(told, shown)) == 1


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_database_that_is_away_for_a_while_ends_nothing(
    told: ChangesTold, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks = [OperationalError("the server closed the connection"), InterfaceError("closed")]
    is_back = Event()

    def look(**_: object) -> None:
        if looks:
            raise looks.pop()
        is_back.set()
        raise StopIteration  # anything but an error of the database ends the thread

    monkeypatch.setattr(changes_told, "LOOK_EVERY_SECONDS", 0.01)
    monkeypatch.setattr(told, "look", look)
    told.start()

    assert is_back.wait(timeout=5)
