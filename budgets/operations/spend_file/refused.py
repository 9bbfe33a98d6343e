"""A file of the rows that were refused: as they came, with the reason, to be put right and sent."""

import csv
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from budgets.operations.spend_file.layout import Layout
from budgets.operations.spend_file.records import opened
from budgets.operations.spend_file.rows import RefusedRow

LINE, REASON = "line", "reason"
"""Columns that are added; an import does not use them, so the file can be imported as it is."""


@contextmanager
def refused_file(path: Path, *, of: Path) -> Iterator[Callable[[Sequence[RefusedRow]], None]]:
    """Write the header and yield what appends refused rows. Raises `BadFile` and `OSError`.

    Written as the file it comes from: the same delimiter, and the same bytes where they were no
    text.
    """
    with opened(of) as file:
        layout = file.layout
        encoding = file.encoding
    errors = "surrogateescape" if encoding.startswith("utf-8") else "replace"
    with path.open("w", encoding=encoding, errors=errors, newline="") as text:
        rows = csv.writer(text, delimiter=layout.delimiter)
        rows.writerow([*header_of(layout), LINE, REASON])

        def write(refused: Sequence[RefusedRow]) -> None:
            for row in refused:
                rows.writerow([*fitted(row.fields, layout), row.line, row.message])

        yield write


def header_of(layout: Layout) -> list[str]:
    """Return the header without what an earlier refusal added."""
    return [name for name in layout.header if name not in (LINE, REASON)]


def fitted(fields: Sequence[str], layout: Layout) -> list[str]:
    """Return the fields under the columns of the header, whatever their number."""
    width = len(layout.header)
    padded = [*fields[:width], *[""] * (width - len(fields))]
    return [
        field
        for field, name in zip(padded, layout.header, strict=True)
        if name not in (LINE, REASON)
    ]
