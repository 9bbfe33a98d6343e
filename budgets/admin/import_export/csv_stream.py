"""A CSV file sent line by line, in which no cell is a formula."""

import csv
import re
from collections.abc import Iterable, Iterator

STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
NUMBER = re.compile(r"[+-]?\d[\d,. ]*")
BYTE_ORDER_MARK = "\ufeff"
"""Without it Excel takes the file for one in its country's old encoding."""


class Echo:
    """Gives back what a writer would write."""

    def write(self, text: str) -> str:
        return text


def csv_lines(header: list[str], rows: Iterable[list[str]]) -> Iterator[str]:
    """Yield the lines of a file, the header first."""
    writer = csv.writer(Echo())
    yield BYTE_ORDER_MARK + str(writer.writerow(header))
    for row in rows:
        yield str(writer.writerow([harmless(cell) for cell in row]))


def harmless(cell: str) -> str:
    """Return a cell that a spreadsheet shows as it is instead of computing it."""
    is_formula = cell.startswith(STARTS_A_FORMULA) and not NUMBER.fullmatch(cell)
    return f"'{cell}" if is_formula else cell
