"""Telling platforms to stop: a real worker and broker, and a mock platform that takes its time."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random
from threading import Event, Thread
from time import monotonic, sleep

from django.conf import settings
from django.core.management import call_command
from django.db import connections

from benchmarks.world.seed import tidy
from budgets.connectors.mock.connector import installed_platform
from budgets.connectors.mock.facts import MockAccount, MockCampaign
from budgets.models import Brand, Campaign, Change, LinkedCampaign, PlatformAccount
from budgets.operations.deliver import deliver_changes
from budgets.operations.ingest import record_spend
from budgets.operations.ingest.types import SpendEntry
from budgets.operations.reconcile import reconcile
from budgets.rules.status import RunStatus
from core.processes.broker import EmbeddedBroker
from core.processes.programs import worker

ACCOUNTS = 10
LATENCY_MS = 50
PAUSE_SECONDS = 0.1
CHECK_PAUSE_SECONDS = 0.5
PATIENCE_SECONDS = 30
TOKEN = "any"  # noqa: S105 - of a scratch platform


def prepare(campaigns: int) -> None:
    """Save brands, each with an account at the mock platform, whose campaigns are all confirmed."""
    call_command("migrate", verbosity=0)
    platform, now = installed_platform(), datetime.now(UTC)
    for number in range(ACCOUNTS):
        brand = Brand.objects.create(name=f"Brand {number}")
        key = f"account-{number}"
        platform.save_account(
            MockAccount(
                id=key,
                name=key,
                currency="USD",
                timezone="UTC",
                token=TOKEN,
                latency_ms=LATENCY_MS,
            )
        )
        account = PlatformAccount(
            brand=brand,
            name=key,
            timezone="UTC",
            connector="mock",
            external_id=key,
            currency="USD",
            reads_from=now.date(),
        )
        account.credentials = {"token": TOKEN}
        account.save()
        rows = Campaign.objects.bulk_create(
            Campaign(brand=brand, name=f"Campaign {n}", daily_budget=Decimal(100))
            for n in range(campaigns // ACCOUNTS)
        )
        platform.add_campaigns(
            key,
            [
                MockCampaign(
                    id=str(row.pk),
                    name=row.name,
                    status=RunStatus.RUNNING,
                    daily_budget_micros=None,
                    since=now,
                    settled_until=now,
                )
                for row in rows
            ],
            now=now,
        )
        LinkedCampaign.objects.bulk_create(
            LinkedCampaign(campaign=row, account=account, external_id=str(row.pk)) for row in rows
        )
    reconcile(now=now)
    deliver_changes(now=datetime.now(UTC))
    tidy()


@contextmanager
def processes() -> Iterator[None]:
    """Have a broker and a worker of the product work on the scratch database."""
    folder = Path(os.environ["VAR_DIR"])
    broker = EmbeddedBroker(folder / "valkey")
    program = broker.program()
    started = [subprocess.Popen(program.command)]
    os.environ["REDIS_URL"] = broker.url
    try:
        wait_until(program.is_ready)
        with (folder / "worker.log").open("w") as log:
            command = (sys.executable, *worker({}).command[1:])
            started.append(subprocess.Popen(command, stdout=log, stderr=log))
        wait_until(lambda: "ready." in (folder / "worker.log").read_text())
        yield
    finally:
        del os.environ["REDIS_URL"]
        for each in reversed(started):
            each.terminate()
            each.wait()


def wait_until(is_so: Callable[[], bool]) -> None:
    deadline = monotonic() + PATIENCE_SECONDS
    while not is_so():
        if monotonic() > deadline:
            raise TimeoutError("The processes of the benchmark did not start.")
        sleep(0.1)


def delays(stops: int) -> list[float]:
    """Stop campaigns by ingests beside a check without a pause; return the seconds, in order."""
    assert os.environ["REDIS_URL"] == settings.REDIS_URL
    is_over = Event()
    checking = Thread(target=check_on_and_on, args=(is_over,))
    checking.start()
    campaigns = list(Campaign.objects.values_list("pk", flat=True))
    chosen = Random(1).sample(campaigns, stops)
    for campaign_id in chosen:
        now = datetime.now(UTC)
        entry = SpendEntry("bench", f"stop {campaign_id}", campaign_id, now, Decimal(100), "USD")
        record_spend([entry], now=now)
        sleep(PAUSE_SECONDS)
    is_over.set()
    checking.join()
    changes = Change.objects.filter(campaign__in=chosen, before=0)
    deadline = monotonic() + PATIENCE_SECONDS
    while changes.filter(confirmed_at=None).exists() and monotonic() < deadline:
        sleep(0.1)
    return sorted(
        (confirmed_at - at) / timedelta(seconds=1)
        for at, confirmed_at in changes.values_list("at", "confirmed_at")
        if confirmed_at
    )


def check_on_and_on(is_over: Event) -> None:
    while not is_over.wait(CHECK_PAUSE_SECONDS):
        reconcile(now=datetime.now(UTC))
    connections.close_all()
