"""The refused rows of a file as a file: put right, it can be imported."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from io import TextIOWrapper
from pathlib import Path
from typing import Any, BinaryIO

from budgets.cells.dates import read_day
from budgets.cells.numbers import read_number
from budgets.cells.readings import decimals_written
from budgets.cells.refusal import UnreadableCell
from budgets.operations.spend_file.file_rows import RefusedRow
from budgets.operations.spend_file.header.names import FIRST_DAY, OURS, role_of
from budgets.operations.spend_file.layout import FileKind, Layout
from budgets.operations.spend_file.terms import Writing
from budgets.sheets.records import text_of
from budgets.sheets.written import CsvWriter

LINE, REASON = "line", "reason"
"""Columns that a file of refused rows adds; an import does not use them, so it can be imported."""


@contextmanager
def refused_file(
    path: Path,
) -> Iterator[Callable[[Sequence[RefusedRow], "Rewriting"], None]]:
    """Yield what appends refused rows, as they came and with the reason, below their header.

    Written as the file it comes from: the same delimiter, and the same bytes where they were no
    text; a formula is kept from being one, which reading the file undoes. What the whole file
    showed, or was said with it, is written into the rows: alone they mean the same. Raises
    `OSError`.
    """
    with path.open("wb") as raw, ExitStack() as stack:
        writers: list[CsvWriter] = []

        def write(refused: Sequence[RefusedRow], rewriting: Rewriting) -> None:
            if not writers:
                text = stack.enter_context(rewriting.opened(raw))
                writers.append(CsvWriter(text, delimiter=rewriting.layout.delimiter or ","))
                writers[0].write_row([*rewriting.header(), LINE, REASON])
            for row in refused:
                writers[0].write_row([*rewriting.fields(row.fields), row.line, row.message])

        yield write


class Rewriting:
    """Writes rows so that they mean the same without the file they come from."""

    def __init__(self, layout: Layout, writing: Writing, *, encoding: str) -> None:
        self.layout, self.writing, self.encoding = layout, writing, encoding
        self.roles = {at: role for role, at in layout.columns.items()}
        said = {"currency": writing.currency, "day": writing.day, "source": writing.source}
        self.said = {
            role: str(value) for role, value in said.items() if value and role not in layout.columns
        }
        # What an earlier refusal added is left out.
        self.kept = [at for at, text in enumerate(layout.header) if text not in (LINE, REASON)]

    def opened(self, raw: BinaryIO) -> TextIOWrapper:
        errors = "surrogateescape" if self.encoding.startswith("utf-8") else "replace"
        return TextIOWrapper(raw, encoding=self.encoding, errors=errors, newline="")

    def header(self) -> list[str]:
        """Return our names of the columns that are used, and of what is said of all rows."""
        return [*(self.name(at) for at in self.kept), *self.said]

    def name(self, at: int) -> str:
        role, text = self.roles.get(at, ""), self.layout.header[at]
        if role:
            return role if role in OURS else text
        return f"{text} (not used)" if text in OURS or role_of(text) == FIRST_DAY else text

    def fields(self, fields: Sequence[Any]) -> list[str]:
        """Return the cells under that header."""
        padded = [*fields, *[""] * (len(self.layout.header) - len(fields))]
        return [*(self.cell(padded[at], self.roles.get(at)) for at in self.kept),
                *self.said.values()]  # fmt: skip

    def cell(self, cell: Any, role: str | None) -> str:
        """Return a cell as it came, unless it has a meaning that others of its column showed."""
        try:
            if role == "day":
                return read_day(cell, order=self.writing.order).isoformat()
            if role == "total" and self.layout.kind == FileKind.TOTALS:
                return self.number(cell)
        except UnreadableCell:
            pass
        return cell if isinstance(cell, str) else text_of(cell)

    def number(self, cell: Any) -> str:
        """Return an amount with the file's decimal sign, never with three decimals."""
        number = read_number(cell.strip() if isinstance(cell, str) else cell, self.writing.amounts)
        plain = f"{number:f}" + "0" * (decimals_written(number) == 3)
        return plain.replace(".", self.writing.amounts.decimal or ".")
