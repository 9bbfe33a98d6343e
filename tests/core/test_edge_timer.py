"""A worker sends what is due at the instant of each edge."""

from datetime import UTC, datetime, timedelta
from threading import Event
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

import pytest
from kombu.exceptions import OperationalError

from budgets import edge_timer
from budgets.rules.clock import NOT_PLACES, next_edge

NOON = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)


class Waiting(Event):
    """An event that moves the clock on by what is waited for, and ends after some waits."""

    def __init__(self, waits: int) -> None:
        super().__init__()
        self.now = NOON + timedelta(minutes=13)
        self.waits = waits

    def clock(self) -> datetime:
        return self.now

    def wait(self, timeout: float | None = None) -> bool:
        self.now += timedelta(seconds=timeout or 0)
        self.waits -= 1
        return self.waits < 0


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Collect what is sent instead of sending it."""
    found: list[Any] = []
    monkeypatch.setattr(edge_timer, "send_now", lambda task, **_: found.append(task.name))
    return found


def test_it_is_sent_once_at_each_edge(sent: list[Any]) -> None:
    waiting = Waiting(4 + 30 + 29)
    edge_timer.send_at_edges(waiting, clock=waiting.clock)
    assert sent == ["budgets.tasks.decide_due"] * 2
    assert NOON + timedelta(minutes=30) <= waiting.now <= NOON + timedelta(minutes=45)


def test_no_broker_stops_no_timer(monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[Any] = []

    def refuse(task: Any, **_: Any) -> None:
        tried.append(task)
        raise OperationalError

    monkeypatch.setattr(edge_timer, "send_now", refuse)
    waiting = Waiting(4 + 30 + 29)
    edge_timer.send_at_edges(waiting, clock=waiting.clock)
    assert len(tried) == 2


@pytest.mark.parametrize(
    "at, edge",
    [
        (NOON, NOON + timedelta(minutes=15)),
        (NOON + timedelta(minutes=14, seconds=59.9), NOON + timedelta(minutes=15)),
        (
            datetime(2026, 3, 10, 23, 50, tzinfo=ZoneInfo("Asia/Kathmandu")),
            NOON.replace(hour=18, minute=15),
        ),
    ],
)
def test_the_next_edge_is_the_next_quarter_hour(at: datetime, edge: datetime) -> None:
    assert next_edge(at) == edge


def test_every_zone_is_a_multiple_of_a_quarter_hour_off_utc() -> None:
    """Until 2037, as far as zones are known to change their clocks."""
    months = [
        datetime(year, month, 1, tzinfo=UTC) for year in range(2020, 2038) for month in (1, 7)
    ]
    for name in available_timezones() - NOT_PLACES:
        zone = ZoneInfo(name)
        offsets = {month.astimezone(zone).utcoffset() for month in months}
        assert not any(offset % timedelta(minutes=15) for offset in offsets if offset), name
