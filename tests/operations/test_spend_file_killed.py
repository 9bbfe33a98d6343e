"""An import that is killed at any moment is started again and ends as if nothing had happened."""

import os
import signal
import subprocess
import sys
import time
from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import settings

from budgets.models import Campaign, ImportedBatch, LedgerEntry, Spend
from budgets.reports.diagnostics.audit import audit
from tests.builders import a_campaign

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

ROOT = Path(__file__).resolve().parents[2]
ROWS = 30_000
SECONDS = 120


def a_long_file(tmp_path: Path, campaign: Campaign, *, with_keys: bool) -> Path:
    """Write rows that sum to as many units as there are rows."""
    path = tmp_path / "long.csv"
    header = "campaign_id,occurred_at,amount,currency" + (",key" if with_keys else "")
    with path.open("w") as file:
        file.write(f"{header}\n")
        for number in range(ROWS):
            key = f",k{number}" if with_keys else ""
            file.write(f"{campaign.pk},2026-03-{number % 9 + 1:02d}T10:00Z,1,USD{key}\n")
    return path


def start(path: Path, url: str) -> subprocess.Popen[bytes]:
    """Start an import as a process of its own."""
    return subprocess.Popen(
        [sys.executable, str(ROOT / "manage.py"), "import_spend", str(path)],
        env={**os.environ, "DATABASE_URL": url, "VAR_DIR": str(settings.VAR_DIR)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )


def kill_when_half_done(process: subprocess.Popen[bytes]) -> None:
    """Kill it without warning once some rows are recorded."""
    deadline = time.monotonic() + SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        if LedgerEntry.objects.exists():
            break
        time.sleep(0.02)
    process.send_signal(signal.SIGKILL)
    process.wait()


@pytest.mark.parametrize("with_keys", [True, False])
def test_a_killed_import_is_started_again(tmp_path: Path, url: str, with_keys: bool) -> None:
    path = a_long_file(tmp_path, a_campaign(), with_keys=with_keys)
    kill_when_half_done(start(path, url))
    recorded = LedgerEntry.objects.count()
    assert 0 < recorded < ROWS
    assert audit() == []

    said, _ = start(path, url).communicate(timeout=SECONDS)
    assert f"{ROWS - recorded:,} new" in said.decode()
    assert Spend.objects.all().total() == Decimal(ROWS)
    assert audit() == []
    assert ImportedBatch.objects.exists() == with_keys
