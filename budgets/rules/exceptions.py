"""Exception dates: local days on which other hours count than those of the week.

Written as text, a date a line: `2026-12-25 closed # Christmas Day`, `2026-12-31 open`, or
`2027-01-02 10:00-14:00, 16:00-18:00`. Each stands for its whole local day, from midnight to
midnight: nothing of the night before runs into it.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from budgets.rules.clock import QUARTERS_PER_DAY, QUARTERS_PER_WEEK, LocalClock
from budgets.rules.hours import (
    CLOSED,
    MAX_JUMPS,
    OPEN,
    BadHours,
    WeekHours,
    read_window,
    window_text,
)

MAX_CHARACTERS = 20_000
ALL_DAY = {"closed": CLOSED * QUARTERS_PER_DAY, "open": OPEN * QUARTERS_PER_DAY}

NO_DATE = "begin with a date such as 2026-12-25"

_LINE = re.compile(r"(?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2})(?:\s(?P<hours>[^#]*))?(?:#(?P<name>.*))?")

Quarters = bytes
"""The 96 quarter hours of a local day as its clock shows them: 0 closed, 1 open."""


class BadExceptions(ValueError):
    """Exception dates that cannot be read: `line` counts from 1, `reason` says what to do there."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(line, reason)
        self.line = line
        self.reason = reason

    def __str__(self) -> str:
        return f"Line {self.line}: {self.reason}."


@dataclass(frozen=True, slots=True, kw_only=True)
class ExceptionDate:
    """A local day with its own hours, and what it is called, perhaps nothing."""

    day: date
    quarters: Quarters
    name: str = ""


def parse_exceptions(text: str) -> list[ExceptionDate]:
    """Read the dates, in order; raise `BadExceptions`."""
    if len(text) > MAX_CHARACTERS:
        raise BadExceptions(1, f"write at most {MAX_CHARACTERS:,} characters in all")
    found: dict[date, ExceptionDate] = {}
    lines: dict[date, int] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        read = _read_line(line.strip(), number)
        if read.day in found:
            raise BadExceptions(number, f"{read.day} is on line {lines[read.day]} too; keep one")
        found[read.day], lines[read.day] = read, number
    return [found[day] for day in sorted(found)]


def _read_line(line: str, number: int) -> ExceptionDate:
    parts = _LINE.fullmatch(line)
    if parts is None:
        raise BadExceptions(number, NO_DATE)
    try:
        day = date.fromisoformat(parts["day"])
    except ValueError:
        raise BadExceptions(number, NO_DATE) from None
    quarters = _read_quarters((parts["hours"] or "").strip(), number)
    return ExceptionDate(day=day, quarters=quarters, name=(parts["name"] or "").strip())


def _read_quarters(text: str, number: int) -> Quarters:
    if text.lower() in ALL_DAY:
        return ALL_DAY[text.lower()]
    quarters = bytearray(QUARTERS_PER_DAY)
    for window in text.split(","):
        if not window.strip():
            fix = "write closed, open, or hours such as 10:00-14:00 after the date"
            raise BadExceptions(number, fix)
        try:
            start, length = read_window(window.strip(), 0)
        except BadHours as error:
            raise BadExceptions(number, error.reason) from None
        if start + length > QUARTERS_PER_DAY:
            fix = "end at 24:00, and give the next date a line of its own"
            raise BadExceptions(number, f"'{window.strip()}' runs past midnight; {fix}")
        quarters[start : start + length] = OPEN * length
    return bytes(quarters)


def format_quarters(quarters: Quarters) -> str:
    """Write the hours of a day as they are read."""
    for word, all_day in ALL_DAY.items():
        if quarters == all_day:
            return word
    windows = re.finditer(OPEN + b"+", quarters)
    return ", ".join(window_text(each.start(), each.end() - each.start()) for each in windows)


@dataclass(frozen=True, slots=True)
class ExceptedHours(WeekHours):
    """Weekly hours with dates on which others count."""

    exceptions: Mapping[date, Quarters] = field(default_factory=dict)

    def is_open(self, slot: int, day: date | None = None, /) -> bool:
        own = self.exceptions.get(day) if day else None
        return self.week[slot] == 1 if own is None else own[slot % QUARTERS_PER_DAY] == 1

    def on(self, day: date) -> Quarters:
        own = self.exceptions.get(day)
        return WeekHours.on(self, day) if own is None else own

    @property
    def always_open(self) -> bool:
        return not any(CLOSED in quarters for quarters in (self.week, *self.exceptions.values()))

    def _next(self, wanted: bytes, at: datetime, clock: LocalClock) -> datetime | None:
        days = sorted(self.exceptions)
        for _ in range(MAX_JUMPS * (len(days) + 1)):
            day = clock.day(at)
            if day in self.exceptions:
                quarter = clock.slot(at) % QUARTERS_PER_DAY
                found = self.exceptions[day].find(wanted, quarter)
                if found == quarter:
                    return at.astimezone(UTC)
                tomorrow = clock.next_day(at)
                later = tomorrow if found < 0 else clock.after_quarters(at, found - quarter)
                at = min(later, tomorrow)
                continue
            by_week = WeekHours._next(self, wanted, at, clock)
            excepted = next((clock.start_of(later) for later in days if later > day), None)
            if excepted is None or (by_week is not None and by_week < excepted):
                return by_week
            at = excepted
        return None


def with_exceptions(
    hours: WeekHours | None, exceptions: Mapping[date, Quarters]
) -> WeekHours | None:
    """Return weekly hours, none for always, with the dates on which others count."""
    if not exceptions:
        return hours
    week = OPEN * QUARTERS_PER_WEEK if hours is None else hours.week
    return ExceptedHours(week, exceptions)


def any_of(schedules: Iterable[WeekHours | None]) -> WeekHours | None:
    """Return when at least one of the schedules is open; `None` is always, as one without any."""
    distinct = list(schedules)
    weeks = [hours.week for hours in distinct if hours is not None]
    if not weeks or any(hours is None or hours.always_open for hours in distinct):
        return None
    known = [hours for hours in distinct if hours is not None]
    excepted = {day for each in known if isinstance(each, ExceptedHours) for day in each.exceptions}
    return with_exceptions(
        WeekHours(week=_merged(weeks)),
        {day: _merged(each.on(day) for each in known) for day in excepted},
    )


def _merged(quarters: Iterable[Quarters]) -> Quarters:
    """Return what is open in any of them."""
    return bytes(map(max, zip(*quarters, strict=True)))
