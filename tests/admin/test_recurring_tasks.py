"""Recurring tasks: a page to read, with a button to run one now and one to turn it off."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.urls import reverse
from django_celery_beat.models import (
    ClockedSchedule,
    CrontabSchedule,
    IntervalSchedule,
    PeriodicTask,
    PeriodicTasks,
    SolarSchedule,
)
from kombu.exceptions import OperationalError

from budgets import tasks
from budgets.access.roles import FINANCE, MANAGER, OWNER, VIEWER
from budgets.admin.render.task_words import ahead
from budgets.models import Campaign, Heartbeat
from budgets.operations.heartbeat import record_beat
from budgets.reports.diagnostics.task_lines import task_lines
from core.schedule import ENTRIES
from tests.admin.pages import text_of, told
from tests.admin.people import a_person, browser_of
from tests.builders import a_brand, a_campaign, an_instant

pytestmark = pytest.mark.django_db

PAGE = "/admin/recurring-tasks/"
NOON = an_instant("2026-03-10 12:00")
MINUTE = timedelta(minutes=1)


def row_of(name: str) -> PeriodicTask:
    return PeriodicTask.objects.get(name=name)


def run_now(client: Client, name: str) -> Any:
    return client.post(reverse("recurring_task_run", args=[row_of(name).pk]))


def switch(client: Client, name: str, enabled: str, **more: str) -> Any:
    page = reverse("recurring_task_switch", args=[row_of(name).pk])
    return client.post(page, {"enabled": enabled, **more})


def test_each_task_says_what_it_does_how_often_when_last_and_next(owners: Client) -> None:
    record_beat("check_spend", result=3, now=NOON, began=NOON - timedelta(seconds=2))
    PeriodicTask.objects.filter(name="check_spend").update(last_run_at=NOON)
    with time_machine.travel(NOON + 4 * MINUTE, tick=False):
        text = text_of(owners.get(PAGE))
    assert "Check budgets Pauses campaigns that have reached a budget" in text
    assert "every 10 minutes 4 minutes ago took 2.0 s, 3 campaigns changed in 6 minutes" in text
    assert "Close days and months" in text
    assert "every 15 minutes never yet in 11 minutes" in text


def test_a_late_task_is_said_to_be_late_by_its_name(owners: Client) -> None:
    record_beat("check_spend", result=0, now=NOON)
    with time_machine.travel(NOON + 90 * MINUTE, tick=False):
        assert "Check budgets last finished 90 minutes ago." in text_of(owners.get(PAGE))


def test_no_task_of_ours_is_left_without_words(owners: Client) -> None:
    text = text_of(owners.get(PAGE))
    assert [entry.name for entry in ENTRIES if entry.name in text] == []


@pytest.mark.parametrize("word", ["Machinery", "Worker and beat", "check_spend", "check_dayparts"])
def test_no_page_of_a_manager_speaks_of_machines(word: str, quick_passwords: None) -> None:
    a_campaign()
    client = browser_of(a_person("mia", MANAGER))
    assert word not in text_of(client.get("/admin/"))


def test_a_check_in_parts_is_one_line_that_adds_them_up() -> None:
    for number, seconds in ((1, 1), (2, 5)):
        began = NOON - timedelta(seconds=seconds)
        record_beat(f"check_spend {number}/2", result=number, now=NOON, began=began)
    (line,) = (line for line in task_lines(now=NOON) if line.name == "check_spend")
    assert (line.run.result, line.run.took) == (3, timedelta(seconds=5))


def test_what_others_added_is_listed_and_not_run_from_here(owners: Client) -> None:
    every = {
        "own interval": {"interval": IntervalSchedule.objects.create(every=2, period="days")},
        "own crontab": {"crontab": CrontabSchedule.objects.create(minute="5", hour="16")},
        "own sun": {"solar": SolarSchedule.objects.create(event="sunset", latitude=1, longitude=1)},
        "once": {"clocked": ClockedSchedule.objects.create(clocked_time=NOON), "one_off": True},
    }
    for name, when in every.items():
        PeriodicTask.objects.create(name=name, task="elsewhere.tidy_up", **when)
    text = text_of(owners.get(PAGE))
    assert [name for name in every if name not in text] == []
    for words in (
        "every 2 days",
        "at 16:05 UTC",
        "Sunset at latitude 1, longitude 1",
        "once, 10 Mar 2026, 12:00 UTC",
    ):
        assert words in text
    assert run_now(owners, "own sun").status_code == 404


def test_run_now_does_the_work_and_may_be_pressed_twice(owners: Client) -> None:
    row = Campaign(brand=a_brand(), name="Past every save", daily_budget=0)
    (campaign,) = Campaign.objects.bulk_create([row])
    for _ in range(2):
        answer = run_now(owners, "check_spend")
        assert "“Check budgets” was sent to a worker" in told(answer)[-1]
    campaign.refresh_from_db()
    assert campaign.status == "paused"
    assert Heartbeat.objects.get(name="check_spend").result == 0  # the second found nothing to do


def test_a_broker_that_does_not_answer_is_told(owners: Client, monkeypatch: Any) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise OperationalError

    monkeypatch.setattr(tasks.check_spend, "apply_async", refuse)
    assert "the broker (REDIS_URL) does not answer" in told(run_now(owners, "check_spend"))[-1]


def test_a_task_is_turned_off_and_on_and_beat_told(owners: Client) -> None:
    before = PeriodicTasks.last_change()
    assert "Turn off “Check budgets”?" in text_of(switch(owners, "check_spend", "0"))
    assert row_of("check_spend").enabled
    for _ in range(2):
        switch(owners, "check_spend", "0", confirmed="1")
    assert not row_of("check_spend").enabled
    assert PeriodicTasks.last_change() != before
    assert "Budgets are not kept while this is off." in text_of(owners.get(PAGE))
    switch(owners, "check_spend", "1")
    assert row_of("check_spend").enabled
    assert LogEntry.objects.filter(change_message="Turned off.").exists()


@pytest.mark.parametrize("role", [MANAGER, FINANCE, VIEWER])
def test_the_page_is_for_owners(role: str, quick_passwords: None) -> None:
    client = browser_of(a_person("dan", role))
    assert client.get(PAGE).status_code == 403
    assert run_now(client, "check_spend").status_code == 403
    assert switch(client, "check_spend", "0").status_code == 403
    assert row_of("check_spend").enabled


def test_an_owner_of_some_brands_has_no_such_page(quick_passwords: None) -> None:
    client = browser_of(a_person("dan", OWNER, all_brands=False))
    assert client.get(PAGE).status_code == 403
    assert "Recurring tasks" not in text_of(client.get("/admin/"))


def test_nothing_runs_by_following_a_link(owners: Client) -> None:
    for name in ("recurring_task_run", "recurring_task_switch"):
        assert owners.get(reverse(name, args=[row_of("check_spend").pk])).status_code == 405


@pytest.mark.parametrize(
    "minutes, words",
    [
        (0, "within a minute"),
        (1, "in 1 minute"),
        (119, "in 119 minutes"),
        (120, "in 2 hours"),
        (47 * 60, "in 47 hours"),
        (20 * 1440, "in 20 days"),
    ],
)
def test_how_far_ahead_a_run_is_has_a_unit_that_one_can_picture(minutes: int, words: str) -> None:
    assert ahead(NOON + minutes * MINUTE, now=NOON) == words
