"""Numbers: learn from a whole column how they are written, then read each exactly."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from budgets.cells.currencies import check_currency, decimals_of, decimals_or_two
from budgets.cells.readings import Readings, finest_decimal, group_sign, readings_of
from budgets.cells.refusal import UnreadableCell, quoted
from budgets.cells.spreadsheet import FINEST, exact_number
from budgets.cells.writing import Written, taken_apart

# What most columns consist of, read at a glance: one group or none, and one reading in the style.
USUAL = {
    ".": re.compile(
        r"-?(?:0|[1-9][0-9]{0,14}|[1-9][0-9]{0,2}(?P<group>(?:,[0-9]{3}){1,4})(?=\.))"
        r"(?:\.[0-9]{1,6})?"
    ),
    ",": re.compile(
        r"-?(?:0|[1-9][0-9]{0,14}|[1-9][0-9]{0,2}(?P<group>(?:\.[0-9]{3}){1,4})(?=,))"
        r"(?:,[0-9]{1,6})?"
    ),
}
OTHER = {".": ",", ",": "."}
WORDS = {".": "decimal points", ",": "decimal commas"}


@dataclass(frozen=True, slots=True)
class NumberStyle:
    """How the numbers of a column are written."""

    decimal: str | None = None
    """What stands before the decimals, “.” or “,”; `None` where no cell showed it."""
    groups: frozenset[str] = frozenset()
    """What was seen between the thousands."""
    proof: str = ""
    """The cell that showed it."""


UNDETERMINED = NumberStyle()
WITH_POINT, WITH_COMMA = NumberStyle("."), NumberStyle(",")


@dataclass(slots=True)
class NumberEvidence:
    """What the cells of a column show of how its numbers are written, seen one by one."""

    proofs: dict[str, str] = field(default_factory=dict)
    """For each decimal sign the first cell that can only be read with it."""
    signs_of_groups: dict[str, str] = field(default_factory=dict)
    """The same from cells of currencies without decimals, where no cell proves it."""
    groups: set[str] = field(default_factory=set)

    def observe(
        self, cell: object, *, currency: str | None = None, line: int | None = None
    ) -> None:
        """Look at a cell; whatever is no number shows nothing.

        Give the currency where it is known: in one without decimals, 2,345 shows a group.
        """
        if not isinstance(cell, str) or self.shows_nothing_new(cell):
            return
        try:
            written = taken_apart(cell)
        except UnreadableCell:
            return
        readings = readings_of(written.body)
        where = quoted(cell) if line is None else f"{quoted(cell)} in line {line}"
        if sign := readings.proves:
            self.proofs.setdefault(sign, where)
            if group := group_sign(written.body, sign):
                self.groups.add(group)
        elif readings.are_two and has_no_decimals(written, currency):
            self.signs_of_groups.setdefault("." if "," in written.body else ",", where)

    def shows_nothing_new(self, cell: str) -> bool:
        """Say at a glance that the cell is one more of what was seen; most of a column are."""
        for sign in self.proofs:
            if usual := USUAL[sign].fullmatch(cell):
                return usual["group"] is None or OTHER[sign] in self.groups
        return cell.isdecimal()

    def style(self, *, beside: Iterable[NumberStyle] = ()) -> NumberStyle:
        """Return how the column's numbers are written.

        Where its own cells do not show it, the columns of numbers `beside` it in the same file
        may, if they agree. Raises `UnreadableCell` where two cells contradict each other.
        """
        for shown in (self.proofs, self.signs_of_groups):
            if len(shown) == 2:
                raise UnreadableCell(
                    "two_styles",
                    f"One column is written in two ways: {shown['.']} has a decimal point or "
                    f"grouping commas, {shown[',']} a decimal comma or grouping points; "
                    "write all of it in one way.",
                )
            if shown:
                [(sign, proof)] = shown.items()
                return NumberStyle(sign, frozenset(self.groups), proof)
        agreed = {style.decimal: style for style in beside if style.decimal}
        return agreed.popitem()[1] if len(agreed) == 1 else UNDETERMINED


def read_number(
    cell: object,
    style: NumberStyle = UNDETERMINED,
    *,
    currency: str | None = None,
    percent: bool = False,
) -> Decimal:
    """Return the number of a cell in a column of this style, in currency units or percent.

    Numbers of a spreadsheet are taken as they were typed. A cell that names a currency is taken
    where it can be `currency`, one with a percent sign where `percent` is set. Raises
    `UnreadableCell` for whatever has two readings, is finer than 0.000001, or is no number.
    """
    if not isinstance(cell, str):
        return not_too_fine(exact_number(cell, decimals=decimals_or_two(currency)), cell)
    sign = style.decimal
    if sign and USUAL[sign].fullmatch(cell):
        return Decimal(cell.replace(OTHER[sign], "").replace(sign, "."))
    written = checked(cell, currency, percent=percent)
    return signed(written, chosen(written, readings_of(written.body), style, currency))


def checked(text: str, currency: str | None, *, percent: bool) -> Written:
    """Return the parts of a number with nothing around it that does not belong there."""
    written = taken_apart(text)
    check_currency(written.currencies, currency, text)
    if written.is_percent and not percent:
        raise UnreadableCell("bad_amount", f"{quoted(text)} is a percentage; write an amount.")
    return written


def chosen(
    written: Written, readings: Readings, style: NumberStyle, currency: str | None
) -> Decimal:
    """Return the reading that the style allows. Raises `UnreadableCell`."""
    known = [number for number in readings if number is not None]
    if not known:
        raise UnreadableCell(
            "bad_amount",
            f"{quoted(written.text)} is not an amount: its dots, commas or spaces do not stand "
            "where thousands or decimals are separated; write it like 1234.56.",
        )
    if style.decimal is None:
        if readings.are_two and not has_no_decimals(written, currency):
            raise two_readings(written, readings)
        return max(known)  # of two, the whole one
    number = readings.of(style.decimal)
    if number is None:
        own, others = WORDS[OTHER[style.decimal]], WORDS[style.decimal]
        shown = f", as in {style.proof}" if style.proof else ""
        raise UnreadableCell(
            "two_styles",
            f"{quoted(written.text)} is written with {own}, its column with {others}{shown}; "
            "write all of it in one way.",
        )
    group = group_sign(written.body, style.decimal)
    if readings.are_two and group and style.groups and group not in style.groups:
        raise two_readings(written, readings)
    return number


def two_readings(written: Written, readings: Readings) -> UnreadableCell:
    """Return the refusal that names both readings, and how to write each for certain."""
    sign = "-" if written.is_negative else ""
    fraction, whole = (f"{sign}{number}" for number in sorted(filter(None, readings)))
    return UnreadableCell(
        "two_readings",
        f"{quoted(written.text)} is {whole} or {fraction}, and nothing shows which; "
        f"write {whole} or {fraction}0.",
    )


def signed(written: Written, number: Decimal) -> Decimal:
    # Not `-number`, which would round to the digits of the context.
    return not_too_fine(number.copy_negate() if written.is_negative else number, written.text)


def not_too_fine(number: Decimal, cell: object) -> Decimal:
    if finest_decimal(number) > FINEST:
        raise UnreadableCell(
            "too_many_decimals",
            f"{quoted(cell)} has more than {FINEST} decimals; round it to 0.000001.",
        )
    return number


def has_no_decimals(written: Written, currency: str | None) -> bool:
    """Say whether the number is of a currency without decimals, such as yen."""
    named = {currency} if currency else written.currencies
    return bool(named) and all(decimals_of(code) == 0 for code in named or ())
