"""Read what a cell says: amounts, instants and days, exactly or not at all."""

import re
from datetime import date, datetime
from decimal import Decimal

from budgets.operations.ingest.validation import Refused
from budgets.rules.clock import LocalClock

PLAIN = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)", re.ASCII)
WITH_COMMA = re.compile(r"[+-]?(\d+,\d*|,\d+)", re.ASCII)
GROUPED = re.compile(r"[+-]?\d{1,3}([.,'’\s]\d{3})+([.,]\d+)?")  # \s: spaces of every kind
SHORTENED = re.compile(r"[+-]?\d+([.,]\d+)?[eE][+-]?\d+", re.ASCII)
THOUSAND_OR_FRACTION = re.compile(r"[+-]?[1-9]\d{0,2}\.\d{3}", re.ASCII)

INSTANT = re.compile(
    r"(?P<day>\d{4}-\d\d-\d\d)"
    r"([ T]\d\d:\d\d(:\d\d([.,]\d{1,6})?)?(?P<offset> ?([Zz]|[+-]\d\d(:?\d\d)?))?)?",
    re.ASCII,
)
DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
LONGEST_SHOWN = 80

# Outside these years, instants leave what a calendar can hold; the ledger refuses far less.
FIRST_YEAR, LAST_YEAR = "2000", "2999"


def quoted(text: str) -> str:
    """Return the text in quotes, in a form that every terminal and page can show."""
    printable = text.encode(errors="replace").decode()
    cut = printable if len(printable) <= LONGEST_SHOWN else printable[:LONGEST_SHOWN] + "…"
    return f"“{cut}”"


def read_amount(text: str, *, decimal_comma: bool) -> Decimal:
    """Return the amount. Raises `Refused` for whatever could mean two amounts."""
    if decimal_comma:
        if WITH_COMMA.fullmatch(text):
            return Decimal(text.replace(",", "."))
        if THOUSAND_OR_FRACTION.fullmatch(text):
            raise Refused(
                "bad_amount",
                f"{quoted(text)} can mean thousands or a fraction in a file separated by "
                "semicolons; write 1234 or 1,234.",
            )
    if PLAIN.fullmatch(text):
        return Decimal(text)
    raise Refused("bad_amount", f"{quoted(text)} {why_no_amount(text)}")


def why_no_amount(text: str) -> str:
    """Say what keeps the text from being an amount, and what to write."""
    if not text:
        return "is empty; write an amount like 1234.56."
    if GROUPED.fullmatch(text):
        return "has thousands separators; write the digits without them, like 1234.56."
    if WITH_COMMA.fullmatch(text):
        return "has a decimal comma, which only files separated by semicolons have; write 12.50."
    if SHORTENED.fullmatch(text):
        return "was shortened by a spreadsheet; show the column as a number with decimals."
    return "is not an amount; write the number alone, like 1234.56 or -1234.56."


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
        return clock.start_of(read_day(text)), True
    try:
        instant = datetime.fromisoformat(text.upper().replace(" ", "T", 1).replace(" ", ""))
    except ValueError as error:
        raise Refused("bad_time", f"There is no {quoted(text)}: {error}.") from None
    if match["offset"]:
        return instant, False
    return instant.replace(tzinfo=clock.zone), True


def read_day(text: str) -> date:
    """Return the local day. Raises `Refused`."""
    if not DAY.fullmatch(text):
        raise Refused(
            "bad_day", f"{quoted(text)} is no day we read for certain; write it like 2026-03-31."
        )
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Refused("bad_day", f"There is no {quoted(text)}: {error}.") from None
