"""A cell that cannot be read for certain."""

LONGEST_SHOWN = 80


class UnreadableCell(ValueError):
    """What is wrong with a cell: a code for programs, words for the person who must mend it."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def quoted(cell: object) -> str:
    """Return the cell in quotes, in a form that every terminal and page can show."""
    printable = str(cell).encode(errors="replace").decode()
    cut = printable if len(printable) <= LONGEST_SHOWN else printable[:LONGEST_SHOWN] + "…"
    return f"“{cut}”"
