"""Take a written number apart: its sign, its currency, its percent sign, and its digits."""

import re
from typing import NamedTuple

from budgets.cells.currencies import currencies_named
from budgets.cells.refusal import UnreadableCell, quoted

LONGEST = 100
SPACES = "\u00a0\u2002\u2003\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
INVISIBLE = "\u200b\u200e\u200f\u202a\u202b\u202c\u2060\u2066\u2067\u2068\u2069\ufeff\u061c"
ALIKE = str.maketrans(
    dict.fromkeys(SPACES, " ")
    | dict.fromkeys(INVISIBLE, "")
    | {"’": "'", "−": "-", "–": "-", "‒": "-", "﹣": "-"}
)

PARTS = re.compile(
    # A dot before the digits starts a fraction, but not where it ends a word: "kr.5".
    r"(?P<head>[^0-9]*?)(?P<body>(?:(?<![^\W\d_])[.,])?[0-9](?:[0-9.,' ]*[0-9])?[.,]?)"
    r"(?P<tail>[^0-9]*)"
)
SHORTENED = re.compile(r"[^0-9]*[0-9]+([.,][0-9]+)?[eE][+-]?[0-9]+[^0-9]*")
# Not “#N/A”: so a spreadsheet shows that it could not find the amount.
NO_VALUES = {"-", "--", "---", "—", "n/a", "n.a.", "na"}


class Written(NamedTuple):
    """A number as it is written, but for what its dots and commas mean."""

    text: str
    body: str
    """Digits with dots, commas, spaces and apostrophes between them."""
    is_negative: bool
    is_percent: bool
    currencies: frozenset[str] | None
    """The currencies that it may be in; `None` where it names none."""


def alike(text: str) -> str:
    """Return the text with one kind of space, minus and apostrophe, and nothing invisible."""
    return (text if text.isascii() else text.translate(ALIKE)).strip()


def is_no_value(text: str) -> bool:
    """Say whether the cell is a report's way of showing that there is nothing: “--” or “n/a”."""
    return alike(text).casefold() in NO_VALUES


def taken_apart(text: str) -> Written:
    """Return the parts of a written number. Raises `UnreadableCell`."""
    plain = alike(text)
    match = PARTS.fullmatch(plain) if len(plain) <= LONGEST else None
    if match is None:
        raise no_number(text)
    head, body, tail = match.group("head", "body", "tail")
    if body[-1] in ".," and "-" in tail:
        # Some countries write five as "5,-".
        raise UnreadableCell(
            "two_readings",
            f"{quoted(text)} can mean {body[:-1]} or -{body[:-1]}; write the number alone.",
        )
    in_brackets = head.count("(") == 1 == tail.count(")")
    if in_brackets:
        head, tail = head.replace("(", ""), tail.replace(")", "")
    around = head + tail
    if around.count("-") + around.count("+") + in_brackets > 1 or "+" in tail:
        raise no_number(text)
    if around.count("%") > 1:
        raise no_number(text)
    return Written(
        text=text,
        body=body,
        is_negative=in_brackets or "-" in around,
        is_percent="%" in around,
        currencies=currencies_around(head, tail, text),
    )


def currencies_around(head: str, tail: str, text: str) -> frozenset[str] | None:
    """Return the currencies that what stands around the digits can mean."""
    found: frozenset[str] | None = None
    for sign in (head.strip(" +-%"), tail.strip(" -%")):
        if sign:
            named = currencies_named(sign)
            if not named:
                raise no_number(text)
            found = named if found is None else found & named
    return found


def no_number(text: str) -> UnreadableCell:
    """Return what keeps the text from being a number, and what to write."""
    if not alike(text):
        return UnreadableCell("empty", "The cell is empty; write an amount like 1234.56.")
    if is_no_value(text):
        return UnreadableCell("no_value", f"{quoted(text)} is no amount; write 0 or leave it out.")
    if SHORTENED.fullmatch(alike(text)):
        return UnreadableCell(
            "shortened",
            f"{quoted(text)} was shortened by a spreadsheet; write all its digits: show the column "
            "there as a number with decimals.",
        )
    return UnreadableCell(
        "bad_amount",
        f"{quoted(text)} is not an amount; write the number alone, like 1234.56 or -1234.56.",
    )
