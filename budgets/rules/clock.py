"""Tell a brand's local days, months and quarter hours (rules T1 and T2).

Every instant that goes in is an aware `datetime`; every instant that comes out is in UTC.
Dates are local dates. A naive instant raises `ValueError`.
"""

from __future__ import annotations

import logging
from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache, lru_cache
from zoneinfo import ZoneInfo, available_timezones

log = logging.getLogger(__name__)

Clock = Callable[[], datetime]
"""Tells the instant, aware. Doors own it; what waits for locks reads it once it holds them."""

QUARTER = timedelta(minutes=15)
QUARTERS_PER_DAY = 96
QUARTERS_PER_WEEK = 7 * QUARTERS_PER_DAY

DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)

CLOCKS_APART = timedelta(minutes=5)
"""As far as the clocks of our machines may differ; one that is further off is wrong."""

# Names that some hosts list among the zones; the first means another zone on each of them.
NOT_PLACES = {"localtime", "Factory"}


class UnknownZone(ValueError):
    """A name that is not an IANA time zone."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name

    def __str__(self) -> str:
        return f"{self.name!r} is not a time zone; use an IANA name such as Europe/Paris."


@dataclass(frozen=True, slots=True)
class LocalClock:
    """The wall clock and calendar of one time zone."""

    zone: ZoneInfo

    @classmethod
    def of(cls, name: str) -> LocalClock:
        """Return the clock of an IANA zone name; raise `UnknownZone` for any other text."""
        return _clock_named(name)

    def local(self, at: datetime) -> datetime:
        """Return the same instant in local time, to show to people."""
        if at.utcoffset() is None:
            raise ValueError(f"{at!r} has no time zone; pass an aware datetime")
        return at.astimezone(self.zone)

    def day(self, at: datetime) -> date:
        """Return the local day that `at` belongs to: the `d` whose `day_bounds(d)` hold it."""
        wall = self.local(at)
        shown = wall.date()
        # A clock set back over midnight shows the old date again, but the new day has begun.
        if wall.fold and self.start_of(shown + DAY) <= at:
            return shown + DAY
        return shown

    def month(self, at: datetime) -> date:
        """Return the first day of the local month that `at` belongs to."""
        return month_of(self.day(at))

    def slot(self, at: datetime) -> int:
        """Return the quarter of the local wall-clock week, 0 (Monday 00:00) to 671."""
        wall = self.local(at)
        return wall.weekday() * QUARTERS_PER_DAY + wall.hour * 4 + wall.minute // 15

    def start_of(self, day: date) -> datetime:
        """Return the first instant of a local date.

        Where midnight is missing it is the instant of the jump, where midnight comes twice the
        first of the two; a date that was skipped whole starts, and ends, with the next one.
        """
        midnight = datetime.combine(day, time(), tzinfo=self.zone)
        first = midnight.astimezone(UTC)
        if first.astimezone(self.zone).replace(tzinfo=None) == datetime.combine(day, time()):
            return first
        before_the_jump = midnight.replace(fold=1).astimezone(UTC)
        return self._offset_change(before_the_jump, first) or first

    def day_bounds(self, day: date) -> tuple[datetime, datetime]:
        """Return the half-open bounds of a local day."""
        return _bounds_of(self, day)

    def next_day(self, at: datetime) -> datetime:
        """Return the first instant of the next local day, always later than `at`."""
        return self.start_of(self.day(at) + DAY)

    def next_month(self, at: datetime) -> datetime:
        """Return the first instant of the next local month, always later than `at`."""
        return self.start_of(next_month_of(self.day(at)))

    def after_quarters(self, at: datetime, quarters: int) -> datetime:
        """Return when the wall clock will have entered `quarters` (1 or more) further quarters.

        If the UTC offset changes before that, return the instant of the change: from there the
        wall clock reads otherwise and the caller must look again.
        """
        wall = self.local(at)
        elapsed = timedelta(
            minutes=wall.minute % 15, seconds=wall.second, microseconds=wall.microsecond
        )
        edge = at.astimezone(UTC) - elapsed + quarters * QUARTER
        return self._offset_change(at.astimezone(UTC), edge) or edge

    def _offset_change(self, after: datetime, until: datetime) -> datetime | None:
        """Return the first instant in (after, until] with another UTC offset than at `after`."""
        offset = self.local(after).utcoffset()
        # Offsets change on whole seconds, so none changed since the second of `after` began.
        low = after.replace(microsecond=0)
        while low < until:
            # In steps of a day: no zone has ever changed its offset twice within six.
            high = min(low + DAY, until)
            if self.local(high).utcoffset() != offset:
                return self._first_second_off(offset, low, high)
            low = high
        return None

    def _first_second_off(
        self, offset: timedelta | None, low: datetime, high: datetime
    ) -> datetime:
        """Return the first second in (low, high] at which the UTC offset is not `offset`."""
        seconds = range((high - low) // SECOND)
        return low + SECOND * bisect_left(
            seconds, x=True, key=lambda s: self.local(low + SECOND * s).utcoffset() != offset
        )


def next_edge(at: datetime) -> datetime:
    """Return the next instant after `at` at which any wall clock enters a quarter hour, in UTC.

    Every zone is a multiple of a quarter hour off UTC: schedules, days and jumps of clocks have
    their edges at no other instants.
    """
    into = timedelta(minutes=at.minute % 15, seconds=at.second, microseconds=at.microsecond)
    return (at - into + QUARTER).astimezone(UTC)


def month_of(day: date) -> date:
    """Return the first day of the month of `day`."""
    return day.replace(day=1)


def next_month_of(day: date) -> date:
    """Return the first day of the month after the month of `day`."""
    return month_of(month_of(day) + timedelta(days=32))


def clock_of(zone_name: str) -> LocalClock:
    """Return the clock of a zone; UTC for a name that came in past every check.

    One bad row must not stop the decisions of every other brand.
    """
    try:
        return LocalClock.of(zone_name)
    except UnknownZone as error:
        log.error("A brand has a broken time zone and runs on UTC: %s", error)
        return LocalClock.of("UTC")


@cache
def _clock_named(name: str) -> LocalClock:
    if name not in _zone_names():
        raise UnknownZone(name)
    return LocalClock(zone=ZoneInfo(name))


@lru_cache(maxsize=10_000)  # days of zones: a batch of reports asks for few of them, often
def _bounds_of(clock: LocalClock, day: date) -> tuple[datetime, datetime]:
    return clock.start_of(day), clock.start_of(day + DAY)


@cache
def _zone_names() -> frozenset[str]:
    # Reading the list opens every zone file of the host, so read it once.
    return frozenset(available_timezones()) - NOT_PLACES
