"""A storm of faults, and processes killed at the worst moments: every status arrives in the end."""

import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import Any

import pytest

from budgets.connectors import registry
from budgets.connectors.base import Answer, Login, Order
from budgets.connectors.mock import MockPlatform
from budgets.models import Campaign, Change, LinkedCampaign, PlatformAccount
from budgets.operations.deliver import deliver_changes
from budgets.operations.holds import hold
from budgets.operations.reconcile import reconcile
from budgets.rules.status import RunStatus
from tests.builders import a_brand, a_campaign, an_instant
from tests.mock_world import World, key_of

NOON = an_instant("2026-03-10 12:00")
ROOT = Path(__file__).resolve().parents[2]
CAMPAIGNS = 1_000
ACCOUNTS = 10
DEAD = "a-0"
SEED = 11


class Storm:
    """A world in which campaigns flip all the time, also while calls are under way."""

    def __init__(self, world: World, accounts: Sequence[PlatformAccount]) -> None:
        self.world = world
        self.accounts = accounts
        self.random = Random(SEED)
        self.flips: Counter[int] = Counter()
        self.orders: Counter[str] = Counter()
        self.set_status = world.connector.set_status
        world.connector.set_status = self.watched  # type: ignore[method-assign]  # looks on
        self.is_flipping_meanwhile = True

    def flip(self, share: float) -> None:
        """Decide a share of the campaigns otherwise."""
        ids = [pk for pk in self.ids if self.random.random() < share]
        chosen = Campaign.objects.filter(pk__in=ids)
        held = list(chosen.filter(is_held=True).values_list("pk", flat=True))
        chosen.update(is_held=True)
        Campaign.objects.filter(pk__in=held).update(is_held=False)
        self.flips.update(ids)
        reconcile(now=self.world.now)

    @property
    def ids(self) -> list[int]:
        return list(Campaign.objects.order_by("pk").values_list("pk", flat=True))

    def watched(self, login: Login, orders: Sequence[Order]) -> Sequence[Answer]:
        """Look that no start is sent against a stop; let others decide while it is on its way."""
        wanted = dict(
            LinkedCampaign.objects.filter(account__external_id=login.external_id).values_list(
                "external_id", "wanted"
            )
        )
        for campaign, status in orders:
            self.orders[campaign] += 1
            assert status is not RunStatus.RUNNING or wanted[campaign] == status
        if self.is_flipping_meanwhile and self.random.random() < 0.2:
            self.flip(0.02)
        return self.set_status(login, orders)

    def live_differences(self) -> list[str]:
        """Return the campaigns of live accounts that do not stand as it was decided."""
        found = []
        for account in self.accounts[1:]:
            stands = self.world.stands(account)
            for link in account.campaigns.select_related("campaign"):
                decided = link.status_of_campaign()
                if not stands[link.external_id] == link.confirmed == link.wanted == decided:
                    found.append(link.external_id)
        return found


@pytest.mark.slow
@pytest.mark.django_db
def test_a_storm_of_faults_is_over_two_ticks_after_the_last(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A thousand campaigns flip for six minutes: ten seconds to live through, 45 on PostgreSQL."""
    world = World(NOON, seed=SEED)
    monkeypatch.setitem(registry.CONNECTORS, "mock", lambda: world.connector)
    brand = a_brand()
    accounts = [world.account(brand, external_id=f"a-{number}") for number in range(ACCOUNTS)]
    campaigns = Campaign.objects.bulk_create(
        Campaign(brand=brand, name=f"C{number}") for number in range(CAMPAIGNS)
    )
    for number, account in enumerate(accounts):
        world.link(campaigns[number::ACCOUNTS], account)
    world.deliver()
    storm = Storm(world, accounts)
    for account in accounts:
        world.set(account, timeout_permille=100, error_permille=100, limited_permille=50)
    world.set(accounts[0], token="gone")

    ticks = 72
    for tick in range(ticks):
        world.passes(seconds=5)
        if tick in (30, 36):  # half a minute of outage
            world.set(accounts[1], is_down=tick == 30)
        storm.flip(0.05)
        world.deliver()
    assert storm.live_differences()
    storm.is_flipping_meanwhile = False
    for account in accounts[1:]:
        world.set(account, timeout_permille=0, error_permille=0, limited_permille=0)
    for _ in range(2):
        world.passes(minutes=1)
        world.deliver()

    assert storm.live_differences() == []
    # A flip is one order; a fifth of the calls fails, and each of those is asked about or resent.
    assert sum(storm.orders.values()) < 2 * sum(storm.flips.values())
    dead = {link.external_id for link in accounts[0].campaigns.all()}
    assert max(storm.orders[campaign] for campaign in dead) <= 2
    assert accounts[0].exchanges.get().failures <= 2


KILLED = """
import os, signal, sys
import django
django.setup()
from django.utils import timezone
from budgets.connectors.mock import MockConnector
from budgets.operations.deliver import deliver_changes
before, after = MockConnector.set_status, sys.argv[1] == "after"

def set_status(self, login, orders):
    answers = before(self, login, orders) if after else None
    os.kill(os.getpid(), signal.SIGKILL)

MockConnector.set_status = set_status
deliver_changes(now=timezone.now())
"""


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_worker_killed_around_a_call_leaves_nothing_undone(
    url: str, moment: str, tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Starts a process that ends itself between the decision and the call, or call and answer."""
    settings.VAR_DIR = tmp_path
    world = World(NOON)
    world.platform = world.connector.platform = MockPlatform(tmp_path / "mock_platform.sqlite3")
    account = world.account(a_brand())
    campaigns = [a_campaign(brand=account.brand) for _ in range(3)]
    world.link(campaigns, account)
    monkeypatch.setitem(registry.CONNECTORS, "mock", lambda: world.connector)
    world.deliver()
    hold(account.brand, by=None, now=NOON)

    killed = subprocess.run(
        [sys.executable, "-c", KILLED, moment],
        cwd=ROOT,
        env={
            **os.environ,
            "DATABASE_URL": url,
            "VAR_DIR": str(tmp_path),
            "DJANGO_SETTINGS_MODULE": "core.settings",
        },
        check=False,
    )
    assert killed.returncode == -signal.SIGKILL
    assert set(LinkedCampaign.objects.values_list("sent", flat=True)) == {"paused"}
    there = {"before": "running", "after": "paused"}[moment]
    assert set(world.stands(account).values()) == {there}

    world.noted("set_status", "read_status")
    assert deliver_changes(now=NOON) == 3

    assert world.stands(account) == {key_of(campaign): "paused" for campaign in campaigns}
    calls = {"before": ["read_status", "set_status"], "after": ["read_status"]}
    assert world.calls == calls[moment]
    assert not Change.objects.filter(confirmed_at=None).exists()
