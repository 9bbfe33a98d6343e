"""Text that a spreadsheet would compute: an apostrophe in front keeps it text."""

import re
from collections.abc import Iterable
from typing import Any

from budgets.cells.writing import INVISIBLE

# Full-width and small forms are read as the signs they stand for; blanks in front do not help.
COMPUTED = re.compile(
    rf"'*(?:[\t\r\n]|[\s{INVISIBLE}]*[=+\-@\uff1d\uff0b\uff0d\uff20\ufe66\ufe62\ufe63\ufe6b])"
)
"""How text begins that is computed; with apostrophes in front it would be read back as that."""

NUMBER = re.compile(r"[+-]?[0-9][0-9,. ]*")


def kept_as_text(text: str) -> str:
    """Return text so that a spreadsheet shows it as it is instead of computing it."""
    return f"'{text}" if COMPUTED.match(text) else text


def harmless(cell: str) -> str:
    """Return the text of any cell of a file that leaves: numbers stay numbers."""
    return cell if NUMBER.fullmatch(cell) else kept_as_text(cell)


def as_meant(cells: Iterable[Any]) -> list[Any]:
    """Return the cells of a row as they were before text was kept as text."""
    return [
        cell[1:] if type(cell) is str and cell[:1] == "'" and COMPUTED.match(cell[1:]) else cell
        for cell in cells
    ]
