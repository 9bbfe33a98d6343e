"""Read the instants of a spend file, exactly or not at all; other cells are read by `cells`."""

import re
from datetime import date, datetime

from budgets.cells.refusal import quoted
from budgets.operations.ingest.validation import Refused
from budgets.rules.clock import LocalClock

INSTANT = re.compile(
    r"(?P<day>\d{4}-\d\d-\d\d)"
    r"([ T]\d\d:\d\d(:\d\d([.,]\d{1,6})?)?(?P<offset> ?([Zz]|[+-]\d\d(:?\d\d)?))?)?",
    re.ASCII,
)

# Outside these years, instants leave what a calendar can hold; the ledger refuses far less.
FIRST_YEAR, LAST_YEAR = "2000", "2999"


def read_instant(text: str, clock: LocalClock) -> tuple[datetime, bool]:
    """Return the instant, and whether the brand's clock had to say which.

    A time without an offset is on the brand's wall clock (of an hour that comes twice, the first),
    a date alone is where that day begins. Raises `Refused`.
    """
    match = INSTANT.fullmatch(text)
    if match is None:
        raise Refused(
            "bad_time",
            f"{quoted(text)} is no time we read for certain; write it like "
            "2026-03-31T14:30:00+02:00, or 2026-03-31 14:30 on the brand's clock.",
        )
    if not FIRST_YEAR <= text[:4] <= LAST_YEAR:
        raise Refused("bad_time", f"{quoted(text)} is not of this century; is the year right?")
    if match["day"] == text:
        return clock.start_of(a_date(text)), True
    try:
        instant = datetime.fromisoformat(text.upper().replace(" ", "T", 1).replace(" ", ""))
    except ValueError:
        raise Refused("bad_time", f"There is no such time: {quoted(text)}.") from None
    if match["offset"]:
        return instant, False
    return instant.replace(tzinfo=clock.zone), True


def a_date(text: str) -> date:
    """Return the date. Raises `Refused`."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Refused("bad_time", f"There is no such day: {quoted(text)}.") from None
