"""Read an uploaded file of brands, schedules or campaigns, within bounds."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import openpyxl
import tablib
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from budgets.admin.import_export.columns import FIRST_LINE
from budgets.admin.import_export.forms import CsvFile, why_unreadable
from budgets.cells.formulas import as_meant
from budgets.sheets.bounds import check_bounds
from budgets.sheets.records import BadFile

ENCODING = "utf-8-sig"
MOST_LINES = 5_000
"""Blank ones at the end, too."""
MOST_COLUMNS = 50
MOST_CHARACTERS = 2_000


def read_file(path: Path, suffix: str) -> Any:
    """Return the rows of a file with their headers. Raises `ValidationError`."""
    try:
        rows = workbook_rows(path) if suffix == ".xlsx" else csv_rows(path)
    except BadFile as refusal:
        raise ValidationError(str(refusal)) from None
    except Exception as error:  # noqa: BLE001  # whatever a parser says of a file
        raise ValidationError(why_unreadable(error)) from None
    require_bounds(rows)
    return as_meant_by(rows)


def as_meant_by(rows: Any) -> Any:
    """Undo what our own files do to text that a spreadsheet would compute."""
    return tablib.Dataset(*map(as_meant, rows), headers=as_meant(rows.headers))


def csv_rows(path: Path) -> Any:
    return CsvFile(encoding=ENCODING).create_dataset(path.read_bytes())


def workbook_rows(path: Path) -> Any:
    """Read the first sheet of a workbook that is bounded, and no further than it may be filled."""
    check_bounds(path)
    with path.open("rb") as file:
        sheet = openpyxl.load_workbook(file, read_only=True, data_only=True).active
        sheet.reset_dimensions()  # as far as its cells go, whatever it says of itself
        return table_of(sheet.iter_rows(max_row=MOST_LINES + FIRST_LINE, values_only=True))


def table_of(cells: Iterable[tuple[Any, ...]]) -> Any:
    """Return the rows below the header, without what is empty beside them."""
    rows = tablib.Dataset()
    for line, row in enumerate(cells, start=1):
        if line == 1:
            rows.headers = without_blanks(row)
            continue
        width = len(rows.headers or ())
        if any(cell not in {None, ""} for cell in row[width:]):
            text = _("Line %(line)s has something in a column without a name.")
            raise BadFile(text % {"line": line})
        rows.append([*row[:width], *[None] * (width - len(row))])
    return rows


def without_blanks(header: tuple[Any, ...]) -> list[Any]:
    """Leave out what a sheet has beside its table."""
    names = list(header)
    while names and names[-1] in {None, ""}:
        names.pop()
    return names


def require_bounds(rows: Any) -> None:
    """Refuse what would take long to read."""
    if not rows:
        raise ValidationError(_("There are no rows in the file; its first line names the columns."))
    if len(rows) > MOST_LINES:
        text = _("The file has more than %(most)s lines. Delete what stands below the table.")
        raise ValidationError(text % {"most": f"{MOST_LINES:,}"})
    if len(rows.headers) > MOST_COLUMNS:
        text = _("The file has more than %(most)s columns. Delete those beside the table.")
        raise ValidationError(text % {"most": MOST_COLUMNS})
    for line, cells in enumerate(rows, start=FIRST_LINE):
        if any(isinstance(cell, str) and len(cell) > MOST_CHARACTERS for cell in cells):
            text = _("Line %(line)s: a cell has more than %(most)s characters; shorten it.")
            raise ValidationError(text % {"line": line, "most": f"{MOST_CHARACTERS:,}"})
