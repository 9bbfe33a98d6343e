"""The page of a job says what it waits for."""

from datetime import timedelta

from django.contrib.auth.models import User
from django.test import Client

from budgets.models import Job
from tests.admin.pages import address, text_of
from tests.builders import an_instant, the_clock_at

NOON = an_instant("2026-03-10 12:00")


def page_after(browser: Client, person: User, seconds: int) -> str:
    """Return the page of a job that has waited for so long."""
    job = Job.objects.create(kind="spend_import", title="a.csv", asked_by=person, asked_at=NOON)
    with the_clock_at(NOON + timedelta(seconds=seconds)):
        return text_of(browser.get(address("job_change", job.pk)))


def test_a_job_waits_for_a_worker_at_first(signed_in: Client, owner: User) -> None:
    page = page_after(signed_in, owner, 5)
    assert "Waiting for a worker." in page
    assert "No worker has taken it yet" not in page


def test_a_job_that_no_worker_takes_says_so(signed_in: Client, owner: User) -> None:
    assert "No worker has taken it yet" in page_after(signed_in, owner, 20)
