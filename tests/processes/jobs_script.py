"""What the tests of jobs do inside an installation, one process an act: `jobs_script.py ACT …`."""

import sys
from datetime import datetime, timedelta
from pathlib import Path

import django

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
django.setup()

from django.contrib.auth.models import User  # noqa: E402  # after setup
from django.test import Client  # noqa: E402
from django.urls import reverse  # noqa: E402
from django.utils import timezone  # noqa: E402
from django.utils.html import strip_tags  # noqa: E402

from budgets.admin.jobs.start import sent  # noqa: E402
from budgets.models import Brand, Campaign, Job  # noqa: E402
from budgets.operations.jobs.keep import ask  # noqa: E402
from budgets.operations.spend_file.given import Given  # noqa: E402
from budgets.operations.spend_file.work import IMPORT  # noqa: E402
from budgets.reports.diagnostics.audit import audit  # noqa: E402
from budgets.tasks import resume_jobs, run_job  # noqa: E402

HEADER = "campaign_id,occurred_at,amount,currency\n"


def upload(rows: str) -> None:
    """Ask for the import of so many rows of 1 USD; write down which job it is."""
    person, _ = User.objects.get_or_create(username="ada", is_staff=True, is_superuser=True)
    brand = Brand(name="Acme", currency="USD", timezone="UTC")
    brand.save()
    campaign = Campaign(brand=brand, name="Spring")
    campaign.save()
    now = timezone.now()
    job = ask(
        IMPORT,
        title="long.csv",
        by=person,
        now=now,
        arguments={"given": Given(source="test").plain()},
        upload=lines(campaign, int(rows), now),
    )
    sys.stdout.write(f"{job.pk}\n")


def lines(campaign: Campaign, rows: int, now: datetime) -> list[bytes]:
    days = [now - timedelta(days=back) for back in range(1, 10)]
    line = [f"{campaign.pk},{day:%Y-%m-%dT10:00Z},1,USD\n".encode() for day in days]
    return [HEADER.encode(), *(line[number % len(line)] for number in range(rows))]


def send(pk: str) -> None:
    run_job.delay(int(pk))


def send_or_do(pk: str) -> None:
    """Send it as a page does."""
    sent(Job.objects.get(pk=pk))


def resume() -> None:
    resume_jobs.delay()


def look(pk: str) -> None:
    """Write what the page of the job shows, and what an audit finds."""
    browser = Client()
    browser.force_login(User.objects.get(username="ada"))
    address = reverse("admin:budgets_job_change", args=[pk])
    page = browser.get(address, headers={"host": "localhost"})
    sys.stdout.write(" ".join(strip_tags(page.text.replace("<", " <")).split()))
    sys.stdout.write(f"\naudit: {audit()}\n")


if __name__ == "__main__":
    globals()[sys.argv[1]](*sys.argv[2:])
