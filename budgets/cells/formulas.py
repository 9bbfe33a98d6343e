"""Text that a spreadsheet would compute: an apostrophe in front keeps it text."""

import re
from collections.abc import Iterable
from typing import Any

from budgets.cells.writing import INVISIBLE

# Full-width and small forms are read as the signs they stand for; blanks in front do not help.
SIGN = r"[=+\-@\uff1d\uff0b\uff0d\uff20\ufe66\ufe62\ufe63\ufe6b]"
COMPUTED = re.compile(rf"'*(?:[\t\r\n]|[\s{INVISIBLE}]*{SIGN})")
"""How text begins that is computed; with apostrophes in front it would be read back as that."""

# A program that splits lines at semicolons or tabs makes cells of what stands behind them.
WITHIN = rf"(?<=.)([;\t\r\n][\s{INVISIBLE}]*)"
SPLIT_OFF = re.compile(rf"{WITHIN}('*{SIGN})", re.DOTALL)
SPLIT_OFF_KEPT = re.compile(rf"{WITHIN}'('*{SIGN})", re.DOTALL)

NUMBER = re.compile(r"[+-]?[0-9][0-9,. ]*")


def kept_as_text(text: str) -> str:
    """Return text so that a spreadsheet shows it as it is instead of computing it."""
    kept = f"'{text}" if COMPUTED.match(text) else text
    return SPLIT_OFF.sub(r"\1'\2", kept)


def harmless(cell: str) -> str:
    """Return the text of any cell of a file that leaves: numbers stay numbers."""
    return cell if NUMBER.fullmatch(cell) else kept_as_text(cell)


def as_meant(cells: Iterable[Any]) -> list[Any]:
    """Return the cells of a row as they were before text was kept as text."""
    return [text_as_meant(cell) if type(cell) is str else cell for cell in cells]


def text_as_meant(text: str) -> str:
    if "'" not in text:
        return text
    kept = SPLIT_OFF_KEPT.sub(r"\1\2", text)
    return kept[1:] if kept[:1] == "'" and COMPUTED.match(kept[1:]) else kept
