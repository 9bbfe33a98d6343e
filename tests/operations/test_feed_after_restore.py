"""The feed of changes goes on where it was after a dump is restored into another cluster.

PostgreSQL numbers transactions a cluster: in the new one they start again, below what the old one
had counted.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from budgets.api.http.pages import read_cursor
from tests.operations.clusters import Cluster, a_cluster, can_run, run

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not can_run(), reason="no programs of a PostgreSQL server here"),
]

BURNED = 3_000
"""Transactions of the old cluster: more than a new one has counted when a dump is in it."""

PROGRAM = """
import json, sys
import django
django.setup()
from datetime import UTC, datetime
from django.core.management import call_command
from django.db.models import Q
from budgets.api.http.pages import read_cursor, write_cursor
from budgets.models import Brand, BrandAccess, Campaign
from budgets.operations.holds import hold, release
from budgets.reports.history.change_feed import START, FeedCursor, changes_after

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)
TOLD = []

def make():
    call_command("migrate", verbosity=0)
    brand = Brand.objects.create(name="Acme")
    Campaign.objects.create(brand=brand, name="Spring sale")

def change(times=1):
    for _ in range(times):
        campaign = Campaign.objects.get()
        (release if campaign.is_held else hold)(campaign, by=None, now=NOON)

def read(after=None, limit=100):
    cursor = FeedCursor(*read_cursor(after, numbers=2, name="after")) if after else START
    scope = BrandAccess(all_brands=True)
    page = changes_after(cursor, scope=scope, condition=Q(), limit=limit)
    TOLD.append([[change.pk for change in page.changes], write_cursor(*page.cursor)])

for name, *arguments in json.loads(sys.argv[1]):
    globals()[name](*arguments)
print(json.dumps(TOLD))
"""


def ask(cluster: Cluster, *steps: list[Any]) -> list[Any]:
    """Do the steps in a process that works on the cluster; return what each reading gave."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, json.dumps(steps)],
        env=os.environ | {"DATABASE_URL": cluster.url, "DJANGO_SETTINGS_MODULE": "core.settings"},
        stdout=subprocess.PIPE,
        check=True,
        timeout=120,
    )
    told: list[Any] = json.loads(done.stdout)
    return told


def next_transaction(cluster: Cluster) -> int:
    (number,) = cluster.execute("SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint")
    return int(number)


def burn_transactions(cluster: Cluster) -> None:
    with psycopg.connect(cluster.url, autocommit=True) as connection:
        for _ in range(BURNED):
            connection.execute("SELECT pg_current_xact_id()")


@pytest.fixture
def clusters() -> Iterator[tuple[Cluster, Cluster]]:
    """One that has been at work for long, and a new one."""
    with a_cluster() as old, a_cluster() as new:
        yield old, new


def test_cursors_of_before_a_restore_miss_and_repeat_nothing(
    clusters: tuple[Cluster, Cluster],
) -> None:
    old, new = clusters
    ask(old, ["make"])
    burn_transactions(old)
    (first, _), (_, at_first), (_, at_dump) = ask(
        old, ["change", 3], ["read"], ["read", None, 1], ["read"]
    )
    assert len(first) == 3
    dump = Path(f"/tmp/budgets-{new.port}.dump")  # noqa: S108  # of the server's own user
    try:
        run("pg_dump", "-d", old.url, "-Fc", "-f", dump)
        # What goes on in the old cluster is lost; who read it has a cursor beyond the dump.
        ((_, beyond),) = ask(old, ["change", 2], ["read"])
        run("pg_restore", "-d", new.url, "--exit-on-error", dump)
    finally:
        dump.unlink(missing_ok=True)
    transaction, _ = read_cursor(at_first, numbers=2, name="after")
    assert next_transaction(new) < transaction

    before_any_write = ask(new, ["read"], ["read", at_first], ["read", at_dump])
    assert [ids for ids, _ in before_any_write] == [first, first[1:], []]
    everything, *later = ask(
        new,
        ["change", 2],
        ["read"],
        ["read", at_first],
        ["read", at_dump],
        ["read", before_any_write[0][1]],
        ["read", beyond],
    )
    new_ids = everything[0][3:]
    assert (everything[0][:3], len(new_ids)) == (first, 2)
    assert [ids for ids, _ in later] == [first[1:] + new_ids, new_ids, new_ids, new_ids]
    ((at_end, _),) = ask(new, ["change"], ["read", everything[1]])
    assert len(at_end) == 1
