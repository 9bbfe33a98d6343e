"""The lines of a file that were refused, each with the reason: for the page, and as a file."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from itertools import chain
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError

from budgets.admin.import_export.columns import FIRST_LINE, LINE, WHY, written
from budgets.admin.import_export.csv_stream import csv_lines
from budgets.admin.import_export.edit_resource import ImportResult

SHOWN = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """What is wrong with a line, or without one with the file."""

    line: int | None
    column: str
    why: str


def refused_lines(result: ImportResult) -> list[Refused]:
    """Return all that is wrong, the file's own faults first."""
    of_file = [
        Refused(line=None, column="", why=text)
        for error in result.base_errors
        for text in texts_of(error.error)
    ]
    return [*of_file, *sorted(of_lines(result), key=lambda refused: refused.line or 0)]


def of_lines(result: ImportResult) -> Iterator[Refused]:
    for row in result.error_rows:
        texts = chain.from_iterable(texts_of(error.error) for error in row.errors)
        yield from (Refused(line=line_of(row), column="", why=text) for text in texts)
    for row in result.invalid_rows:
        line = line_of(row)
        for column, texts in row.field_specific_errors.items():
            yield from (Refused(line=line, column=column, why=text) for text in texts)
        for text in row.non_field_specific_errors:
            yield Refused(line=line, column="", why=text)


def line_of(row: Any) -> int:
    number: int = row.number  # of the rows, which begin below the header
    return number - 1 + FIRST_LINE


def texts_of(error: Exception) -> list[str]:
    return error.messages if isinstance(error, ValidationError) else [str(error)]


def refused_facts(refused: list[Refused]) -> dict[str, Any]:
    """Return what the page of the job shows of them."""
    return {
        "refused": [asdict(each) for each in refused[:SHOWN]],
        "refused_count": len(refused),
        "brand_ids": [],
    }


def write_refused(path: Path, dataset: Any, refused: list[Refused]) -> None:
    """Write the refused lines as they came, each with what is wrong, to be mended there."""
    why: dict[int, list[str]] = {}
    for each in refused:
        if each.line:
            why.setdefault(each.line, []).append(": ".join(filter(None, (each.column, each.why))))
    rows = (
        [str(line), " ".join(why[line]), *map(written, cells)]
        for line, cells in enumerate(dataset, start=FIRST_LINE)
        if line in why
    )
    header = [LINE, WHY, *map(written, dataset.headers)]
    with path.open("w", encoding="utf-8", newline="") as file:
        file.writelines(csv_lines(header, rows))
