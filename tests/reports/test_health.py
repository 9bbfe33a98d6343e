"""Whether the automation is alive, as a monitor asks it."""

from datetime import timedelta

import pytest
from django.test import Client

from budgets.operations.heartbeat import record_beat
from tests.builders import an_instant, the_clock_at

NOON = an_instant("2026-03-10 12:00")

pytestmark = pytest.mark.django_db


def test_a_fresh_installation_is_healthy(client: Client) -> None:
    answer = client.get("/healthz")
    assert answer.status_code == 200
    assert answer.json()["last_run"]["check_spend"] is None


def test_a_check_that_stopped_running_is_a_fault(client: Client) -> None:
    record_beat("check_spend", result=0, now=NOON)

    with the_clock_at(NOON + timedelta(minutes=25)):
        assert client.get("/healthz").status_code == 200
    with the_clock_at(NOON + timedelta(minutes=26)):
        answer = client.get("/healthz")
    assert answer.status_code == 503
    assert answer.json()["late"] == ["check_spend"]


def test_a_platform_that_is_not_read_is_shown_but_takes_nothing_down(client: Client) -> None:
    record_beat("sync_spend", result=0, now=NOON)
    with the_clock_at(NOON + timedelta(days=1)):
        assert client.get("/healthz").status_code == 200
