"""Identifiers: long numbers that a spreadsheet shortens, so that two of them become one."""

import re
from datetime import date

from budgets.cells.refusal import UnreadableCell, quoted
from budgets.cells.spreadsheet import DIGITS
from budgets.cells.writing import alike

SHORTENED = re.compile(r"[0-9]+([.,][0-9]+[eE][+-]?|[eE][+-])[0-9]+")
FROM_A_FLOAT = re.compile(r"[0-9]+\.0+")
QUOTED = re.compile(r"'[0-9=+@'\t\r\n-]")
MOST_DIGITS = 18
"""All of which fit into 64 bits."""
HOW = (
    "In the spreadsheet show the column as text before the file is opened or pasted, or take the "
    "file as it was downloaded."
)


def read_identifier(cell: object) -> str:
    """Return an identifier exactly as it was given, empty where the cell is.

    A spreadsheet's apostrophe in front of text is dropped. Raises `UnreadableCell` where digits
    may be lost: two identifiers that read alike would count as one.
    """
    if cell is None:
        return ""
    if isinstance(cell, date):
        raise UnreadableCell(
            "bad_id", f"{quoted(cell)} was an id that a spreadsheet took for a date. {HOW}"
        )
    if not isinstance(cell, str):
        return whole_number(cell)
    text = alike_outside(cell)
    if QUOTED.match(text):
        text = text[1:]
    if SHORTENED.fullmatch(text) or FROM_A_FLOAT.fullmatch(text):
        raise shortened(text)
    return text


def whole_number(cell: object) -> str:
    """Return a number cell as its digits, where a spreadsheet keeps all of them."""
    if not isinstance(cell, (int, float)) or isinstance(cell, bool):
        raise shortened(cell)
    # Not a number differs from itself; infinities are beyond any number of digits.
    if cell != cell or abs(cell) >= 10**DIGITS or cell != int(cell):
        raise shortened(cell)
    return str(int(cell))


def alike_outside(text: str) -> str:
    """Return the text without spaces and invisible marks around it; inside it nothing changes."""
    first, end = 0, len(text)
    while first < end and not alike(text[first]):
        first += 1
    while first < end and not alike(text[end - 1]):
        end -= 1
    return text[first:end]


def shortened(cell: object) -> UnreadableCell:
    return UnreadableCell(
        "shortened_id",
        f"{quoted(cell)} was shortened by a spreadsheet, and may stand for several ids. {HOW}",
    )


def number_in(text: str) -> int | None:
    """Return the number of a row or page that is written, `None` where there can be none such."""
    is_one = text.isascii() and text.isdecimal() and len(text) <= MOST_DIGITS
    return int(text) if is_one else None
