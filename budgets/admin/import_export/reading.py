"""Read an uploaded file of brands, schedules or campaigns, within bounds checked beforehand."""

from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from budgets.admin.import_export.forms import FORMATS, SUFFIXES, why_unreadable
from budgets.cells.workbook import BadWorkbook, WorkbookBounds, check_workbook

ENCODING = "utf-8-sig"
BOUNDS = WorkbookBounds(rows=5_000, columns=50, characters=2_000, unpacked_bytes=50_000_000)


def read_file(path: Path, suffix: str) -> Any:
    """Return the rows of a file with their headers. Raises `ValidationError`."""
    file_format = FORMATS[SUFFIXES.index(suffix)](encoding=ENCODING)
    try:
        if suffix == ".xlsx":
            check_workbook(path, BOUNDS)
        rows = file_format.create_dataset(path.read_bytes())
    except BadWorkbook as refusal:
        raise ValidationError(str(refusal)) from None
    except Exception as error:  # noqa: BLE001  # whatever a parser says of a file
        raise ValidationError(why_unreadable(error)) from None
    require_bounds(rows)
    return rows


def require_bounds(rows: Any) -> None:
    """Refuse what takes long to read, as `check_workbook` does before it is parsed."""
    if not rows:
        raise ValidationError(_("There are no rows in the file; its first line names the columns."))
    if len(rows.headers) > BOUNDS.columns:
        text = _("The file has %(columns)s columns; %(most)s is the most.")
        raise ValidationError(text % {"columns": len(rows.headers), "most": BOUNDS.columns})
    for line, cells in enumerate(rows, start=2):
        if any(isinstance(cell, str) and len(cell) > BOUNDS.characters for cell in cells):
            text = _("Line %(line)s: a cell has more than %(most)s characters; shorten it.")
            raise ValidationError(text % {"line": line, "most": BOUNDS.characters})
