"""Rate limit: so many requests a minute and key, counted by all processes together in Redis."""

import logging
from collections import Counter
from datetime import datetime, timedelta

import redis
from django.conf import settings

from budgets.models import ApiKey

logger = logging.getLogger(__name__)

WINDOW_SECONDS = 60
TIMEOUT_SECONDS = 0.25
"""A count is worth no more waiting than this."""

LOOK_AGAIN_AFTER = timedelta(seconds=30)
"""For how long an unreachable Redis is left alone, so that not every request waits for it."""


class RateLimit:
    """Counts requests in windows of a minute.

    While Redis does not answer each process counts its own: too many requests do less harm than
    spend that cannot be reported.
    """

    def __init__(self, url: str) -> None:
        self._redis = redis.Redis.from_url(
            url, socket_timeout=TIMEOUT_SECONDS, socket_connect_timeout=TIMEOUT_SECONDS
        )
        self._own = Counter[str]()
        self._window = 0
        self._away_until: datetime | None = None

    def wait_seconds(self, key: ApiKey, *, now: datetime) -> int:
        """Count a request; return 0 if it may pass, else the seconds until the next may."""
        window, elapsed = divmod(int(now.timestamp()), WINDOW_SECONDS)
        count = self._count(f"abm:rate:{key.pk}:{window}", window, now=now)
        return 0 if count <= key.requests_per_minute else WINDOW_SECONDS - elapsed

    def _count(self, name: str, window: int, *, now: datetime) -> int:
        if self._away_until is None or self._away_until <= now:
            try:
                count = self._count_together(name)
            except redis.RedisError as error:
                self._leave_alone(error, now=now)
            else:
                self._away_until = None
                return count
        return self._count_alone(name, window)

    def _count_together(self, name: str) -> int:
        with self._redis.pipeline() as pipeline:
            pipeline.incr(name)
            pipeline.expire(name, 2 * WINDOW_SECONDS)
            count: int = pipeline.execute()[0]
        return count

    def _count_alone(self, name: str, window: int) -> int:
        if window != self._window:
            self._own.clear()
            self._window = window
        self._own[name] += 1
        return self._own[name]

    def _leave_alone(self, error: Exception, *, now: datetime) -> None:
        if self._away_until is None:
            logger.warning("Redis does not answer, so each process limits rates alone: %s", error)
        self._away_until = now + LOOK_AGAIN_AFTER


rate_limit = RateLimit(settings.REDIS_URL)
