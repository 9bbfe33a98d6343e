"""The refused rows of a file as a file: put right, it can be imported."""

import csv
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from budgets.operations.spend_file.file_rows import RefusedRow
from budgets.operations.spend_file.layout import Layout
from budgets.operations.spend_file.records import opened

LINE, REASON = "line", "reason"
"""Columns that a file of refused rows adds; an import does not use them, so it can be imported."""


@contextmanager
def refused_file(path: Path, *, of: Path) -> Iterator[Callable[[Sequence[RefusedRow]], None]]:
    """Write the header and yield what appends refused rows, as they came and with the reason.

    Written as the file it comes from: the same delimiter, and the same bytes where they were no
    text. Raises `BadFile` and `OSError`.
    """
    with opened(of) as file:
        layout = file.layout
        encoding = file.encoding
    errors = "surrogateescape" if encoding.startswith("utf-8") else "replace"
    with path.open("w", encoding=encoding, errors=errors, newline="") as text:
        rows = csv.writer(text, delimiter=layout.delimiter)
        rows.writerow([*own_fields(layout.header, layout), LINE, REASON])

        def write(refused: Sequence[RefusedRow]) -> None:
            for row in refused:
                rows.writerow([*own_fields(row.fields, layout), row.line, row.message])

        yield write


def own_fields(fields: Sequence[str], layout: Layout) -> list[str]:
    """Return the fields under the columns of the header, without what an earlier refusal added."""
    width = len(layout.header)
    padded = [*fields[:width], *[""] * (width - len(fields))]
    return [
        field
        for field, name in zip(padded, layout.header, strict=True)
        if name not in (LINE, REASON)
    ]
