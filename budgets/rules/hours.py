"""Keep the weekly hours in which a campaign may run, and read and write them (rules H1 and T2)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Self

from budgets.rules.clock import QUARTERS_PER_DAY, QUARTERS_PER_WEEK, LocalClock

MAX_CHARACTERS = 5_000  # `format` writes up to 4,400: every other quarter, no day like another
# A search meets at most one change of UTC offset a week, and ends in the first week without one.
MAX_JUMPS = 16

CLOSED, OPEN = b"\x00", b"\x01"
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

_DAY_RANGE = re.compile(r"([A-Za-z]+)(?:\s*[-–]\s*([A-Za-z]+))?")
_WINDOW = re.compile(r"([0-9]{1,2}:[0-9]{2})\s*[-–]\s*([0-9]{1,2}:[0-9]{2})")


class BadHours(ValueError):
    """Hours that cannot be read: `position` is the 0-based column, `reason` what to do there."""

    def __init__(self, position: int, reason: str) -> None:
        super().__init__(position, reason)
        self.position = position
        self.reason = reason

    def __str__(self) -> str:
        return f"At character {self.position + 1}: {self.reason}."


@dataclass(frozen=True, slots=True)
class WeekHours:
    """The open quarter hours of a local wall-clock week.

    `week` has one byte a quarter, Monday 00:00 first: 0 closed, 1 open; anything else raises
    `ValueError`. `parse` refuses a week that never opens, but one can be built.
    """

    week: bytes

    def __post_init__(self) -> None:
        if len(self.week) != QUARTERS_PER_WEEK or self.week.strip(CLOSED + OPEN):
            raise ValueError(
                f"a week is {QUARTERS_PER_WEEK} bytes of 0 or 1, not {self.week!r:.40}"
            )

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read text such as `Mon-Fri 09:00-17:30; Sat 22:00-02:00`; raise `BadHours`."""
        if len(text) > MAX_CHARACTERS:
            raise BadHours(MAX_CHARACTERS, f"write at most {MAX_CHARACTERS} characters")
        week = bytearray(QUARTERS_PER_WEEK)
        for first, length in _read_windows(text):
            for quarter in range(first, first + length):
                week[quarter % QUARTERS_PER_WEEK] = 1
        if not any(week):
            raise BadHours(0, "write at least one window, for example Mon-Fri 09:00-17:30")
        return cls(week=bytes(week))

    def format(self) -> str:
        """Write the hours the one canonical way; `parse` reads exactly this week back."""
        hours: dict[int, list[str]] = {}
        for first, length in sorted(self._windows()):
            hours.setdefault(first // QUARTERS_PER_DAY, []).append(window_text(first, length))
        days: dict[str, list[int]] = {}
        for day, windows in hours.items():
            days.setdefault(", ".join(windows), []).append(day)
        return "; ".join(f"{_days_text(alike)} {windows}" for windows, alike in days.items())

    def is_open(self, slot: int, _day: date | None = None, /) -> bool:
        """Say whether a quarter of the week, 0 to 671, is open; on a local day, if days differ."""
        return self.week[slot] == 1

    def on(self, day: date) -> bytes:
        """Return the 96 quarters of a local day as its clock shows them."""
        first = day.weekday() * QUARTERS_PER_DAY
        return self.week[first : first + QUARTERS_PER_DAY]

    @property
    def open_quarters(self) -> int:
        """Count the open quarter hours of a week."""
        return self.week.count(OPEN)

    @property
    def always_open(self) -> bool:
        """Say whether no quarter is closed."""
        return CLOSED not in self.week

    def next_opening(self, at: datetime, clock: LocalClock) -> datetime | None:
        """Return the first instant from `at` (aware) on, in UTC, at which the hours are open."""
        return self._next(OPEN, at, clock)

    def next_closing(self, at: datetime, clock: LocalClock) -> datetime | None:
        """Return the first instant from `at` on, in UTC, at which they are closed, or `None`."""
        return self._next(CLOSED, at, clock)

    def _next(self, wanted: bytes, at: datetime, clock: LocalClock) -> datetime | None:
        if wanted not in self.week:
            return None
        for _ in range(MAX_JUMPS):
            slot = clock.slot(at)
            quarters = (self.week * 2).find(wanted, slot) - slot
            if quarters == 0:
                return at.astimezone(UTC)
            at = clock.after_quarters(at, quarters)
        return None

    def _windows(self) -> Iterator[tuple[int, int]]:
        """Yield each window as (first quarter, quarters), cut where a person would cut it."""
        # Turned to begin at a closed quarter, no stretch runs over the end of the week.
        turn = max(self.week.find(CLOSED), 0)
        for stretch in re.finditer(OPEN + b"+", self.week[turn:] + self.week[:turn]):
            first, length = stretch.start() + turn, stretch.end() - stretch.start()
            # A night that ends within a day of its start is one window; longer is whole days.
            while length >= QUARTERS_PER_DAY:
                until_midnight = QUARTERS_PER_DAY - first % QUARTERS_PER_DAY
                yield first % QUARTERS_PER_WEEK, until_midnight
                first, length = first + until_midnight, length - until_midnight
            if length:
                yield first % QUARTERS_PER_WEEK, length


def _read_windows(text: str) -> Iterator[tuple[int, int]]:
    """Yield each window of the text as (first quarter of the week, quarters)."""
    for clause, column in _split("[;\n]", text, 0):
        if not clause:
            continue
        cut = len(re.split("[0-9]", clause)[0])
        days = {day for item in _split(",", clause[:cut], column) for day in _read_days(*item)}
        for item in _split(",", clause[cut:], column + cut):
            start, length = read_window(*item)
            yield from ((day * QUARTERS_PER_DAY + start, length) for day in days)


def _split(separator: str, text: str, column: int) -> Iterator[tuple[str, int]]:
    """Yield each stripped piece with its column; a separator is one character."""
    for piece in re.split(separator, text):
        yield piece.strip(), column + len(piece) - len(piece.lstrip())
        column += len(piece) + 1


def _read_days(text: str, column: int) -> Iterator[int]:
    """Yield the days, Monday 0, of `Mon` or `Sat-Mon`."""
    names = _DAY_RANGE.fullmatch(text)
    if not names:
        fix = "write days such as Mon-Fri or Mon,Wed, then hours"
        raise BadHours(column, f"found {_shown(text)} where days belong; {fix}")
    first = _read_day(names[1], column)
    last = _read_day(names[2], column + names.start(2)) if names[2] else first
    yield from ((first + n) % 7 for n in range((last - first) % 7 + 1))


def _read_day(name: str, column: int) -> int:
    for day, full_name in enumerate(DAYS):
        if len(name) >= len("Mon") and full_name.startswith(name.capitalize()):
            return day
    raise BadHours(
        column, f"{_shown(name)} is not a day; write Mon, Tue, Wed, Thu, Fri, Sat or Sun"
    )


def read_window(text: str, column: int) -> tuple[int, int]:
    """Return (first quarter of the day, quarters) of `09:00-17:30`."""
    times = _WINDOW.fullmatch(text)
    if not times:
        fix = "write hours such as 09:00-17:30, ',' before more hours, ';' before other days"
        raise BadHours(column, f"found {_shown(text)} where hours belong; {fix}")
    start = _read_time(times[1], column, latest=QUARTERS_PER_DAY - 1)
    end = _read_time(times[2], column + times.start(2), latest=QUARTERS_PER_DAY)
    return start, end - start + (QUARTERS_PER_DAY if end <= start else 0)


def _read_time(time: str, column: int, *, latest: int) -> int:
    hour, minute = map(int, time.split(":"))
    if minute not in (0, 15, 30, 45):
        raise BadHours(column, f"'{time}' is not on a quarter hour; write minutes 00, 15, 30 or 45")
    if hour * 4 + minute // 15 > latest:
        raise BadHours(column, f"'{time}' is too late; start by 23:45 and end by 24:00")
    return hour * 4 + minute // 15


def _shown(piece: str) -> str:
    return repr(piece if len(piece) <= 30 else f"{piece[:29]}…") if piece else "nothing"


def window_text(first: int, length: int) -> str:
    start = first % QUARTERS_PER_DAY
    end = (start + length - 1) % QUARTERS_PER_DAY + 1
    return f"{start // 4:02}:{start % 4 * 15:02}-{end // 4:02}:{end % 4 * 15:02}"


def _days_text(days: list[int]) -> str:
    """Write days in order as ranges and single days: `Mon-Wed,Sat`."""
    firsts = [day for day in days if day - 1 not in days]
    lasts = [day for day in days if day + 1 not in days]
    ranges = [(DAYS[first][:3], DAYS[last][:3]) for first, last in zip(firsts, lasts, strict=True)]
    return ",".join(first if first == last else f"{first}-{last}" for first, last in ranges)
