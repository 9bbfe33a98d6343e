"""The amounts that digits with dots and commas can mean."""

import re
from decimal import Decimal
from typing import NamedTuple

GROUPED = re.compile(
    r"[1-9][0-9]{0,2}(?P<sign>[.,' ])[0-9]{3}(?:(?P=sign)[0-9]{3})*"
    r"|[1-9][0-9]?(?:,[0-9]{2})+,[0-9]{3}"  # as in India: 1,23,456
)
GROUP_SIGN = re.compile(r"[^0-9]")


class Readings(NamedTuple):
    """What a number is with a decimal point and with a decimal comma, `None` where it is none."""

    dot: Decimal | None
    comma: Decimal | None

    def of(self, sign: str) -> Decimal | None:
        return self.dot if sign == "." else self.comma

    @property
    def proves(self) -> str | None:
        """The decimal sign that the number can only have been written with."""
        if (self.dot is None) == (self.comma is None):
            return None
        return "," if self.dot is None else "."

    @property
    def are_two(self) -> bool:
        return None not in self and self.dot != self.comma


def readings_of(body: str) -> Readings:
    """Return what digits with dots, commas, spaces and apostrophes can mean."""
    return Readings(reading(body, "."), reading(body, ","))


def reading(body: str, sign: str) -> Decimal | None:
    """Return the amount where `sign` separates the decimals, `None` where it cannot."""
    whole, found, fraction = body.partition(sign)
    if fraction and not fraction.isdigit():
        return None
    if found and not (whole or fraction):
        return None
    if whole and not whole.isdigit():
        if not GROUPED.fullmatch(whole):
            return None
        whole = GROUP_SIGN.sub("", whole)
    elif len(fraction) == 3 and len(whole) > 1 and whole[0] == "0":
        return None  # 001,234: filled up with zeros, it may be groups after all
    return Decimal(f"{whole or 0}.{fraction or 0}" if fraction else whole)


def group_sign(body: str, sign: str) -> str | None:
    """Return what separates the thousands, where `sign` separates the decimals."""
    found = GROUP_SIGN.search(body.partition(sign)[0])
    return found[0] if found else None


def decimals_written(number: Decimal) -> int:
    """Return how many decimals the number is written with, zeros included."""
    exponent = number.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def finest_decimal(number: Decimal) -> int:
    """Return how many decimals the number needs, zeros at its end left out."""
    return len(f"{number:f}".partition(".")[2].rstrip("0"))
