"""`manage.py doctor` fails when something is wrong, says what, and repairs totals on demand."""

import json
from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django_celery_beat.models import IntervalSchedule, PeriodicTask

from budgets.models import Brand, Campaign, LedgerEntry, Schedule, Spend
from budgets.operations.heartbeat import record_beat
from budgets.reports.diagnostics import installation
from tests.builders import (
    a_brand,
    a_campaign,
    a_schedule,
    an_instant,
    entries_at_the_most,
    spend,
    the_clock_at,
)

pytestmark = pytest.mark.django_db

NOON = an_instant("2026-03-10 12:00")


@pytest.fixture(autouse=True)
def no_broker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("REDIS_URL", raising=False)


@pytest.fixture
def wrong_total() -> Campaign:
    campaign = a_campaign()
    spend(campaign, "5", at=NOON)
    Spend.objects.update(amount=7)
    return campaign


def the_command(*words: str) -> str:
    out = StringIO()
    with the_clock_at(NOON):
        try:
            call_command("doctor", *words, stdout=out)
        except CommandError as error:
            return f"{out.getvalue()}! {error}"
    return out.getvalue()


def line_of(said: str, check: str) -> str:
    (line,) = [line for line in said.splitlines() if line[6:].startswith(f"{check}:")]
    return line


def test_a_sound_installation_is_told_in_a_line_each() -> None:
    said = the_command()
    assert said.startswith("ok    books: every total is the sum of its entries\n")
    assert line_of(said, "migrations") == "ok    migrations: all applied"
    assert line_of(said, "beat").startswith("ok")
    assert line_of(said, "time zones").startswith("ok    time zones: all known; time zone data")
    assert "WRONG" not in said
    assert "!" not in said


def test_a_wrong_total_is_shown_and_makes_it_fail(wrong_total: Campaign) -> None:
    said = the_command()
    assert "WRONG books: 1 day totals differ; the first: campaign" in said
    assert said.endswith("! Something is wrong; see the lines above.")


def test_repair_rebuilds_and_is_content(wrong_total: Campaign) -> None:
    said = the_command("--repair")
    assert said.startswith("Rebuilt from their entries: 1 day totals, 0 campaign totals")
    assert "!" not in said


def test_a_dry_run_of_the_repair_changes_nothing(wrong_total: Campaign) -> None:
    said = the_command("--repair", "--dry-run")
    assert "1 day totals" in said
    assert "! Something is wrong" in said
    assert wrong_total.spend_days.get().amount == 7


def test_entries_that_no_total_can_hold_are_shown_and_repaired_as_far_as_can_be(
    wrong_total: Campaign,
) -> None:
    entries_at_the_most(a_campaign(), on=NOON, number=100)
    assert "WRONG books: 2 day totals differ" in the_command()
    said = the_command("--repair")
    assert said.startswith("Rebuilt from their entries: 1 day totals")
    assert "WRONG books: 1 day totals differ" in said
    assert "its entries sum to 10000000000000.00" in said


def test_an_entry_of_a_campaign_that_is_gone_is_wrong() -> None:
    campaign = a_campaign()
    spend(campaign, "5", at=NOON)
    LedgerEntry.objects.update(campaign_id=campaign.pk + 1)
    Spend.objects.all().delete()
    Campaign.objects.update(day=None, month=None, day_spent=0, month_spent=0)
    said = the_command()
    assert "WRONG books: 1 entries of no campaign differ; the first: entry" in said
    assert "5.00 that no total counts" in said


def test_json_answers_with_every_finding(wrong_total: Campaign) -> None:
    facts = json.loads(the_command("--json").partition("!")[0])
    assert (facts["ok"], facts["differences"][0]["number"]) == (False, 1)
    assert {"check": "migrations", "verdict": "ok", "words": "all applied"} in facts["findings"]


def test_unapplied_migrations_are_named_before_anything_else_is_looked_at(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(installation, "unapplied_migrations", lambda: ["budgets.0099_next"])
    said = the_command()
    assert "WRONG migrations: run manage.py migrate for budgets.0099_next" in said
    assert "books" not in said


def test_a_broker_that_does_not_answer_is_wrong_and_hides_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("REDIS_URL", "redis://127.0.0.1:1/0")
    said = the_command()
    assert line_of(said, "broker").startswith("WRONG broker: does not answer, so no task runs")
    assert "ok    books" in said


def test_without_an_address_the_broker_is_no_fault() -> None:
    assert line_of(the_command(), "broker").startswith("note  broker: REDIS_URL is not set")


@pytest.mark.parametrize(
    "minutes, line",
    [
        (3, "ok    task check_spend: last finished 3 minutes ago"),
        (26, "WRONG task check_spend: check_spend last finished 26 minutes ago. Start worker and"),
    ],
)
def test_a_task_is_judged_by_its_last_run(minutes: int, line: str) -> None:
    record_beat("check_spend", result=0, now=NOON - timedelta(minutes=minutes))
    assert line_of(the_command(), "task check_spend").startswith(line)


def test_a_task_that_never_ran_is_noted() -> None:
    assert line_of(the_command(), "task sync_spend").startswith("note ")


def test_a_day_that_ended_and_was_not_closed_is_wrong() -> None:
    with the_clock_at(NOON - timedelta(days=2)):
        a_brand()
    assert "the oldest is 2026-03-08" in line_of(the_command(), "closing")


def test_a_task_that_was_deleted_is_wrong() -> None:
    PeriodicTask.objects.filter(name="check_spend").delete()
    assert "No periodic task sends check_spend" in line_of(the_command(), "task check_spend")


def test_a_beat_entry_that_no_worker_knows_is_wrong() -> None:
    interval = IntervalSchedule.objects.create(every=1, period="minutes")
    PeriodicTask.objects.create(name="old", task="budgets.tasks.gone", interval=interval)
    assert "no worker knows old (budgets.tasks.gone)" in line_of(the_command(), "beat")
    PeriodicTask.objects.filter(name="old").update(enabled=False)
    assert line_of(the_command(), "beat").startswith("ok")


def test_a_brand_on_an_unknown_clock_is_wrong() -> None:
    Brand.objects.filter(pk=a_brand().pk).update(timezone="Mars/Olympus")
    assert "WRONG time zones: unknown here, so UTC is used: Mars/Olympus" in the_command()


def test_a_schedule_that_cannot_be_read_is_wrong() -> None:
    Schedule.objects.filter(pk=a_schedule(name="Nights").pk).update(hours="Mon 25:00")
    assert "“Nights”" in line_of(the_command(), "schedules")


def test_dates_that_cannot_be_read_are_wrong() -> None:
    Schedule.objects.filter(pk=a_schedule(name="Nights").pk).update(exceptions="Easter closed")
    Brand.objects.filter(pk=a_brand(name="Shop").pk).update(exceptions="2026-12-25 whenever")
    line = line_of(the_command(), "schedules")
    assert "“Nights”" in line
    assert "brand “Shop”" in line
    assert "Line 1: begin with a date such as 2026-12-25." in line


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="PostgreSQL checks references itself")
def test_a_row_that_refers_to_nothing_is_wrong() -> None:
    campaign = a_campaign()
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA defer_foreign_keys = ON")
        cursor.execute(
            "INSERT INTO budgets_spend (campaign_id, day, amount_micros) VALUES (%s, %s, 0)",
            [campaign.pk + 99, date(2026, 3, 10)],
        )
        assert "refers to no row of budgets_campaign" in line_of(the_command(), "database file")
        cursor.execute("DELETE FROM budgets_spend")
