"""A CSV file sent line by line."""

from collections.abc import Iterable, Iterator

from budgets.sheets.written import CsvWriter

BYTE_ORDER_MARK = "\ufeff"
"""Without it Excel takes the file for one in its country's old encoding."""


class Echo:
    """Gives back what a writer would write."""

    def write(self, text: str, /) -> str:
        return text


def csv_lines(header: list[str], rows: Iterable[list[str]]) -> Iterator[str]:
    """Yield the lines of a file, the header first."""
    writer = CsvWriter(Echo())
    yield BYTE_ORDER_MARK + str(writer.write_row(header))
    for row in rows:
        yield str(writer.write_row(row))
