"""Jobs: done once, by one process, resumed when it dies, and kept with what came of them."""

from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import InterfaceError, OperationalError, transaction

from budgets.models import Job
from budgets.operations.jobs.keep import ask, ask_again, due_jobs
from budgets.operations.jobs.kinds import WORKS, JobRefused, Work
from budgets.operations.jobs.progress import JobTaken, Progress
from budgets.operations.jobs.run import MOST_TRIES, claim, finish, run_job
from tests.builders import an_instant

pytestmark = pytest.mark.django_db

NOON = an_instant("2026-03-10 12:00")
SECOND = timedelta(seconds=1)


@pytest.fixture
def works() -> Iterator[dict[str, Work]]:
    """Kinds of work of a test's own."""
    before = dict(WORKS)
    yield WORKS
    WORKS.clear()
    WORKS.update(before)


def asked(**arguments: Any) -> Job:
    return ask("add", title="Adding", by=None, now=NOON, arguments=arguments)


def do(job: Job, at: timedelta = SECOND) -> Job:
    run_job(job.pk, clock=lambda: NOON + at)
    job.refresh_from_db()
    return job


def test_the_result_is_kept_with_who_asked_and_when(works: dict[str, Work]) -> None:
    works["add"] = lambda job, _: {"sum": sum(job.arguments["numbers"])}
    person = User.objects.create_user("ada")
    job = do(ask("add", title="Adding", by=person, now=NOON, arguments={"numbers": [1, 2]}))
    assert (job.state, job.result, job.asked_by) == ("done", {"sum": 3}, person)
    assert (job.asked_at, job.began_at, job.ended_at) == (NOON, NOON + SECOND, NOON + SECOND)


def test_a_job_is_done_once(works: dict[str, Work]) -> None:
    works["add"] = lambda *_: {}
    job = do(asked())
    assert not run_job(job.pk, clock=lambda: NOON + 2 * SECOND)


def test_what_the_person_must_put_right_is_the_error(works: dict[str, Work]) -> None:
    def refuses(*_: object) -> dict[str, Any]:
        raise JobRefused("Choose another file.")

    works["add"] = refuses
    job = do(asked())
    assert (job.state, job.error, job.ended_at) == ("failed", "Choose another file.", NOON + SECOND)


def test_a_fault_of_ours_is_logged_and_told_without_its_insides(
    works: dict[str, Work], caplog: pytest.LogCaptureFixture
) -> None:
    works["add"] = lambda *_: {"x": 1 // 0}
    job = do(asked())
    assert job.state == "failed"
    assert f"“Job {job.pk}”" in job.error
    assert "ZeroDivisionError" not in job.error
    assert "ZeroDivisionError" in caplog.text


def test_a_job_that_the_database_interrupts_waits_for_its_next_try(works: dict[str, Work]) -> None:
    def interrupted(*_: object) -> dict[str, Any]:
        raise OperationalError("server closed the connection")

    works["add"] = interrupted
    job = do(asked())
    assert (job.state, job.slot) == ("waiting", None)
    works["add"] = lambda *_: {"done": True}
    assert due_jobs(now=NOON) == [job.pk]
    assert do(job).result == {"done": True}


@pytest.mark.parametrize("error", [OperationalError, InterfaceError])
def test_an_interrupted_job_is_not_begun_again_at_once(
    works: dict[str, Work], error: type[Exception]
) -> None:
    def interrupted(*_: object) -> dict[str, Any]:
        raise error("the connection is closed")

    works["add"] = interrupted
    job = asked()
    assert not run_job(job.pk, clock=lambda: NOON)
    assert due_jobs(now=NOON) == [job.pk]


def test_what_is_done_and_its_result_are_kept_together(works: dict[str, Work]) -> None:
    def work(job: Job, _: Progress) -> dict[str, Any]:
        with transaction.atomic():
            User.objects.create_user("made")
            finish(job, {"made": 1}, now=NOON)
        raise SystemExit  # the process dies before it has said so

    works["add"] = work
    job = asked()
    with pytest.raises(SystemExit):
        run_job(job.pk, clock=lambda: NOON)
    job.refresh_from_db()
    assert (job.state, job.result, job.slot) == ("done", {"made": 1}, None)
    assert due_jobs(now=NOON + timedelta(hours=1)) == []


def test_work_of_a_job_that_another_took_over_is_taken_back() -> None:
    job = asked()
    dead = claim(job.pk, now=NOON)
    assert dead is not None
    assert claim(job.pk, now=NOON + 61 * SECOND) is not None
    with pytest.raises(JobTaken):
        finish(dead, {}, now=NOON)
    job.refresh_from_db()
    assert (job.state, job.result) == ("running", None)


def test_the_silence_of_the_dead_can_be_set(settings: Any) -> None:
    settings.JOB_DEAD_AFTER_SECONDS = 5
    job = asked()
    assert claim(job.pk, now=NOON) is not None
    assert due_jobs(now=NOON + 6 * SECOND) == [job.pk]


def test_a_job_that_is_worked_on_is_nobody_elses(works: dict[str, Work]) -> None:
    job = asked()
    assert claim(job.pk, now=NOON) is not None
    assert claim(job.pk, now=NOON + 59 * SECOND) is None
    assert due_jobs(now=NOON + 59 * SECOND) == []


def test_a_job_whose_process_is_silent_is_taken_over(works: dict[str, Work]) -> None:
    job = asked()
    dead = claim(job.pk, now=NOON)
    assert dead is not None
    assert due_jobs(now=NOON + 61 * SECOND) == [job.pk]
    works["add"] = lambda *_: {"by": "the living"}
    assert do(job, at=61 * SECOND).result == {"by": "the living"}
    progress = Progress(lambda: NOON + 62 * SECOND)
    progress.write(dead)
    with pytest.raises(JobTaken):
        progress(0.5)
    job.refresh_from_db()
    assert (job.state, job.share) == ("done", 0)


def test_so_many_run_at_once_and_the_others_wait(settings: Any, works: dict[str, Work]) -> None:
    settings.JOBS_AT_ONCE = 2
    works["add"] = lambda *_: {}
    first, second, third = asked(), asked(), asked()
    assert claim(first.pk, now=NOON)
    assert claim(second.pk, now=NOON)
    assert claim(third.pk, now=NOON) is None
    Job.objects.filter(pk=first.pk).update(state="done", slot=None)
    assert do(third).state == "done"


def test_a_job_that_kills_its_process_is_given_up(works: dict[str, Work]) -> None:
    job = asked()
    for number in range(MOST_TRIES):
        assert claim(job.pk, now=NOON + number * 2 * timedelta(minutes=1))
    assert claim(job.pk, now=NOON + timedelta(hours=1)) is None
    job.refresh_from_db()
    assert job.state == "failed"


def test_progress_is_written_while_the_process_lives(works: dict[str, Work]) -> None:
    job = asked()
    running = claim(job.pk, now=NOON)
    assert running is not None
    progress = Progress(lambda: NOON + 9 * SECOND)
    progress(0.25, "1,000 rows")
    progress.write(running)
    job.refresh_from_db()
    assert (job.share, job.progress, job.beat_at) == (0.25, "1,000 rows", NOON + 9 * SECOND)


def test_an_ended_job_is_done_in_another_way_once(works: dict[str, Work]) -> None:
    works["add"] = works["subtract"] = lambda job, _: job.arguments
    job = do(asked(a=1))
    again = partial(ask_again, job, kind="subtract", arguments={"b": 2}, now=NOON + SECOND)
    assert again()
    assert not again()
    assert do(job).result == {"a": 1, "b": 2}
