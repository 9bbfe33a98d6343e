"""Whether the automation does its work, as a monitor asks it."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.conf import LazySettings
from django.contrib.auth.models import Group, User
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from django_celery_beat.models import CrontabSchedule, IntervalSchedule, PeriodicTask

from budgets import tasks
from budgets.access.roles import OWNER
from budgets.admin.sign_in.gate import USED_AT
from budgets.models import ApiKey, Brand, BrandAccess, PlatformAccount
from budgets.operations.close import close_periods
from budgets.operations.heartbeat import record_beat
from budgets.operations.keys import new_secret
from budgets.reports.diagnostics.health import Health, health
from core.schedule import install_missing_entries
from tests.admin.people import a_manager_of
from tests.builders import a_brand, an_instant, the_clock_at

NOON = an_instant("2026-03-10 12:00")
MINUTE = timedelta(minutes=1)
NEEDED = ("check_spend", "check_dayparts", "reset_daily")
EVERYTHING = (*NEEDED, "decide_due", "deliver_changes", "sync_spend", "resume_jobs")
LOOK = "Start worker and beat; if they run, the worker's log says why it fails."

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def installed_at_noon() -> None:
    MigrationRecorder.Migration.objects.filter(app="budgets").update(applied=NOON)


@pytest.fixture
def owner(client: Client) -> Client:
    """The browser of somebody who may see the periodic tasks."""
    user = User.objects.create_user("owner", is_staff=True)
    user.groups.add(Group.objects.get(name=OWNER))
    BrandAccess.objects.create(user=user, all_brands=True)
    client.force_login(user)
    return client


def all_finished(at: datetime, *names: str) -> None:
    for name in names or EVERYTHING:
        record_beat(name, result=0, now=at)


def judged(after: timedelta) -> Health:
    return health(now=NOON + after)


def row(name: str) -> Any:
    return PeriodicTask.objects.filter(name=name)


# A fresh system


def test_a_fresh_installation_has_time_for_its_first_runs(owner: Client) -> None:
    with the_clock_at(NOON + 20 * MINUTE):
        answer = owner.get("/healthz")
    assert answer.status_code == 200
    assert answer.json() == {
        "status": "ok",
        "last_run": dict.fromkeys(sorted(EVERYTHING)),
        "late": [],
        "problems": [],
    }


def test_a_fresh_installation_without_a_worker_does_not_stay_healthy(owner: Client) -> None:
    with the_clock_at(NOON + 36 * MINUTE):
        answer = owner.get("/healthz")
    assert answer.status_code == 503
    assert answer.json()["late"] == sorted(NEEDED)
    never = "check_spend never finished in 36 minutes since the installation."
    assert answer.json()["problems"][1] == f"{never} {LOOK}"


# An idle system


def test_an_idle_system_whose_tasks_run_is_healthy() -> None:
    all_finished(NOON)
    assert judged(20 * MINUTE).problems == []


def test_an_answer_is_not_kept_on_its_way(client: Client) -> None:
    assert "no-store" in client.get("/healthz").headers["Cache-Control"]


# Who is told


def test_a_stranger_learns_only_whether_all_is_well(client: Client) -> None:
    with the_clock_at(NOON + 20 * MINUTE):
        well = client.get("/healthz")
    with the_clock_at(NOON + 36 * MINUTE):
        ill = client.get("/healthz")
    assert (well.status_code, well.json()) == (200, {"status": "ok"})
    assert (ill.status_code, ill.json()) == (503, {"status": "failing"})


def test_somebody_limited_to_brands_is_told_no_more_than_a_stranger() -> None:
    with the_clock_at(NOON + 20 * MINUTE):
        assert a_manager_of(a_brand()).get("/healthz").json() == {"status": "ok"}


@pytest.mark.parametrize("facts", [{"may_read": False}, {"all_brands": False}, {}])
def test_a_program_is_told_that_reads_all_brands(client: Client, facts: dict[str, bool]) -> None:
    facts = {"may_read": True, "may_spend": True, "all_brands": True} | facts
    maker = User.objects.create_superuser("maker")
    key = ApiKey.objects.create(name="monitor", created_by=maker, **facts)
    token = new_secret(key, now=NOON).token
    with the_clock_at(NOON + 20 * MINUTE):
        answer = client.get("/healthz", headers={"Authorization": f"Bearer {token}"})
    assert ("problems" in answer.json()) is all(facts.values())


def test_a_wrong_token_is_a_stranger(client: Client) -> None:
    with the_clock_at(NOON + 20 * MINUTE):
        answer = client.get("/healthz", headers={"Authorization": "Bearer abm_000000000000_no"})
    assert answer.json() == {"status": "ok"}


# A system that is half dead


def test_a_check_that_stopped_running_is_a_fault(owner: Client) -> None:
    all_finished(NOON)
    all_finished(NOON + 20 * MINUTE, "check_dayparts", "reset_daily")
    with the_clock_at(NOON + 25 * MINUTE):
        assert owner.get("/healthz").status_code == 200
    with the_clock_at(NOON + 26 * MINUTE):
        answer = owner.get("/healthz")
    assert answer.status_code == 503
    assert answer.json()["late"] == ["check_spend"]
    assert answer.json()["problems"] == [f"check_spend last finished 26 minutes ago. {LOOK}"]


def test_a_reset_is_late_when_two_of_its_quarter_hours_passed_without_it() -> None:
    all_finished(NOON + MINUTE, "reset_daily")
    all_finished(NOON + 30 * MINUTE, "check_spend", "check_dayparts")
    assert judged(35 * MINUTE).late == []
    assert judged(36 * MINUTE).late == ["reset_daily"]


def test_a_worker_or_beat_that_is_dead_makes_everything_late() -> None:
    all_finished(NOON)
    assert judged(timedelta(hours=1)).late == sorted(NEEDED)


@pytest.mark.parametrize("name", NEEDED)
def test_a_deleted_task_is_a_fault_at_once(name: str) -> None:
    all_finished(NOON)
    row(name).delete()
    found = judged(MINUTE)
    assert found.late == [name]
    assert f"No periodic task sends {name}: it was deleted or renamed" in found.problems[0]


def test_a_task_whose_entry_names_another_is_a_fault_at_once() -> None:
    all_finished(NOON)
    row("check_spend").update(task="budgets.tasks.check_spending")
    assert judged(MINUTE).late == ["check_spend"]


def test_a_disabled_task_is_a_fault_at_once() -> None:
    all_finished(NOON)
    row("reset_daily").update(enabled=False)
    found = judged(MINUTE)
    assert found.problems == ["reset_daily is off. Turn it on under Recurring tasks."]


def test_an_entry_of_another_name_is_still_the_task() -> None:
    all_finished(NOON)
    row("check_spend").update(name="Every ten minutes")
    assert judged(MINUTE).problems == []
    assert judged(26 * MINUTE).late == ["check_dayparts", "check_spend"]


def test_an_entry_of_another_name_is_not_made_twice() -> None:
    row("check_spend").update(name="Every ten minutes")
    install_missing_entries(using="default")
    assert PeriodicTask.objects.filter(task="budgets.tasks.check_spend").count() == 1


def test_a_task_that_fails_every_time_is_late(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(**_: Any) -> int:
        raise RuntimeError("the disk is full")

    all_finished(NOON)
    monkeypatch.setattr(tasks, "close_periods", fails)
    with the_clock_at(NOON + 30 * MINUTE), pytest.raises(RuntimeError):
        tasks.reset_daily()
    all_finished(NOON + 36 * MINUTE, "check_spend", "check_dayparts")
    assert judged(36 * MINUTE).late == ["reset_daily"]


def test_a_heartbeat_tells_when_the_work_was_finished() -> None:
    with the_clock_at(NOON) as clock:

        def slow(**_: Any) -> int:
            clock.shift(12 * MINUTE)
            return 0

        tasks.run("check_spend", slow)
    all_finished(NOON + 20 * MINUTE, "check_dayparts", "reset_daily")
    assert judged(37 * MINUTE).problems == []
    assert judged(38 * MINUTE).late == ["check_spend"]


def test_an_edited_interval_is_the_one_that_counts() -> None:
    hourly = IntervalSchedule.objects.create(every=1, period=IntervalSchedule.HOURS)
    row("check_spend").update(interval=hourly)
    all_finished(NOON)
    assert judged(124 * MINUTE).late == ["check_dayparts", "reset_daily"]
    assert judged(126 * MINUTE).late == sorted(NEEDED)


def test_an_edited_crontab_is_the_one_that_counts() -> None:
    nightly = CrontabSchedule.objects.create(minute="30", hour="1", timezone="Europe/Paris")
    row("reset_daily").update(crontab=nightly)
    all_finished(NOON, "reset_daily")
    all_finished(NOON + timedelta(hours=36), "check_spend", "check_dayparts")
    assert judged(timedelta(hours=36) + 34 * MINUTE).late == ["check_dayparts", "check_spend"]
    assert judged(timedelta(hours=36) + 36 * MINUTE).late == sorted(NEEDED)


def test_a_run_in_the_future_hides_no_dead_worker() -> None:
    all_finished(NOON + timedelta(hours=2))
    assert judged(MINUTE).late == sorted(NEEDED)
    assert "in the future" in judged(MINUTE).problems[0]


# Checks that are divided


def test_one_dead_part_of_a_check_is_not_hidden_by_the_others(settings: LazySettings) -> None:
    settings.RECONCILE_SHARDS = 2
    all_finished(NOON)
    for minutes in (0, 10, 20, 30):
        with the_clock_at(NOON + minutes * MINUTE):
            tasks.check_shard("check_spend", 0, 2)
            if not minutes:
                tasks.check_shard("check_spend", 1, 2)
            all_finished(NOON + minutes * MINUTE, "check_dayparts", "reset_daily")
    assert judged(25 * MINUTE).problems == []
    found = judged(30 * MINUTE)
    assert found.late == ["check_spend"]
    assert found.problems[0].startswith("check_spend 2/2 last finished 30 minutes ago.")


def test_a_part_that_never_ran_is_as_old_as_the_check_before_it_was_divided() -> None:
    all_finished(NOON)
    all_finished(NOON + 24 * MINUTE, "check_spend 1/2", "check_dayparts", "reset_daily")
    assert judged(25 * MINUTE).problems == []
    assert judged(26 * MINUTE).problems[0].startswith("check_spend 2/2 last finished 26")


def test_a_part_that_never_ran_on_a_fresh_installation_is_late_after_its_time() -> None:
    all_finished(NOON + 20 * MINUTE, "check_spend 1/2", "check_dayparts", "reset_daily")
    assert judged(25 * MINUTE).problems == []
    assert judged(26 * MINUTE).problems[0].startswith("check_spend 2/2 never finished in 26")


def test_what_a_larger_division_left_behind_does_not_count() -> None:
    all_finished(NOON, *(f"check_spend {number}/4" for number in (1, 2, 3, 4)))
    an_hour = timedelta(hours=1)
    all_finished(NOON + an_hour, "check_spend 1/2", "check_spend 2/2", *NEEDED[1:])
    assert judged(an_hour).problems == []
    all_finished(NOON + 2 * an_hour)
    assert judged(2 * an_hour).problems == []


# A platform


def a_platform() -> None:
    PlatformAccount.objects.create(
        brand=a_brand(), name="meta", timezone="UTC", connector="mock", reads_from=NOON.date()
    )


def test_without_a_platform_its_tasks_take_nothing_down() -> None:
    all_finished(NOON, "sync_spend")
    a_day = timedelta(days=1)
    all_finished(NOON + a_day, *NEEDED, "decide_due", "resume_jobs")
    row("deliver_changes").delete()
    row("sync_spend").update(enabled=False)
    found = judged(a_day)
    assert (found.problems, [task.name for task in found.tasks if task.is_late]) == ([], [])


def test_a_platform_that_is_not_read_is_a_fault_after_half_an_hour() -> None:
    a_platform()
    all_finished(NOON)
    all_finished(NOON + 30 * MINUTE, *NEEDED, "deliver_changes")
    assert judged(32 * MINUTE).problems == []
    assert judged(33 * MINUTE).late == ["sync_spend"]


def test_a_platform_that_cannot_be_told_is_a_fault_at_once() -> None:
    a_platform()
    all_finished(NOON)
    row("deliver_changes").delete()
    assert judged(MINUTE).late == ["deliver_changes"]


# Days that ended


@pytest.fixture
def paris() -> Iterator[Brand]:
    with the_clock_at(NOON):
        yield a_brand(zone="Europe/Paris")


def test_a_day_that_ended_and_is_not_closed_is_a_fault_an_hour_later(paris: Brand) -> None:
    midnight = an_instant("2026-03-10 23:00")
    all_finished(midnight + timedelta(hours=1))
    assert health(now=midnight + 59 * MINUTE).problems == []
    (problem,) = health(now=midnight + 60 * MINUTE).problems
    assert problem.startswith("Days that ended are not closed, the oldest is 2026-03-10.")

    close_periods(now=midnight + 60 * MINUTE)
    assert health(now=midnight + 60 * MINUTE).problems == []


def test_a_brand_that_is_left_behind_is_a_fault(paris: Brand) -> None:
    later = an_instant("2026-03-14 12:00")
    all_finished(later)
    close_periods(now=later)
    assert health(now=later).problems == []
    Brand.objects.update(closed_day="2026-03-11")
    assert "the oldest is 2026-03-12" in health(now=later).problems[0]


def test_a_question_costs_six_small_queries(
    django_assert_max_num_queries: Any, paris: Brand
) -> None:
    with django_assert_max_num_queries(6):
        judged(MINUTE)


def test_a_session_that_was_left_alone_is_told_no_more_than_a_stranger() -> None:
    browser = Client()
    browser.force_login(User.objects.create_superuser("root"))
    with the_clock_at(NOON):
        assert "late" in browser.get("/healthz").json()
        session = browser.session
        session[USED_AT] = 1
        session.save()
        assert set(browser.get("/healthz").json()) == {"status"}
