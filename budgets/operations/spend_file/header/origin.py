"""Origin: where the rows of a file come from, for people who look at what became of it."""

from collections.abc import Sequence
from typing import NamedTuple, Self

from budgets.operations.spend_file.header.finding import SpendFile
from budgets.operations.spend_file.header.inspection import Inspection, inspection
from budgets.operations.spend_file.header.memory import Remembered
from budgets.operations.spend_file.header.platforms import Platform


class Origin(NamedTuple):
    """Whose report a file is, and where in it the rows stand."""

    platform: Platform | None = None
    remembered: Remembered | None = None
    """Whose choice of columns was taken, if it was not made with this file."""
    header_line: int = 1
    sheet: str = ""
    unread_sheets: Sequence[str] = ()
    zone: str = ""
    """By which clock the report says that it dates."""
    seen: Inspection | None = None
    """Its first rows, for a person who wants it read in another way."""

    @classmethod
    def of(cls, file: SpendFile) -> Self:
        zone = file.preamble.zone or file.layout.zone
        return cls(
            file.platform,
            file.remembered,
            file.header_line,
            file.head.sheet,
            file.unread_sheets,
            zone,
            inspection(file.head, file.index, file, None),
        )
