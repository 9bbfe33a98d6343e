"""Write CSV in which no cell is a formula: the one way in which files leave."""

import csv
from collections.abc import Iterable
from typing import Any, Protocol

from budgets.cells.formulas import harmless


class TakesText(Protocol):
    """What the lines are written to."""

    def write(self, text: str, /) -> Any: ...


class CsvWriter:
    """Writes rows; reading them undoes what is done to a cell."""

    def __init__(self, file: TakesText, *, delimiter: str = ",") -> None:
        self._writer = csv.writer(file, delimiter=delimiter)

    def write_row(self, cells: Iterable[object]) -> Any:
        """Write a row and return what the file returns."""
        return self._writer.writerow(
            [harmless(cell) if isinstance(cell, str) else cell for cell in cells]
        )
