"""The forms and formats of imports and exports: CSV as spreadsheets write it, and XLSX."""

from pathlib import PurePath
from typing import Any

import tablib
from django import forms
from django.utils.translation import gettext as _
from import_export.formats.base_formats import CSV, XLSX
from unfold.contrib.import_export.forms import ImportForm

from budgets.sheets.text import SAYS_DELIMITER

MOST_BYTES = 2_000_000


class CsvFile(CSV):
    """CSV with commas, semicolons or tabs: which of them is a matter of one's country."""

    def create_dataset(self, in_stream: Any, **kwargs: Any) -> Any:
        text = in_stream.decode(self.encoding) if isinstance(in_stream, bytes) else in_stream
        header, _, rest = text.partition("\n")
        if said := SAYS_DELIMITER.fullmatch(header.strip("\r\n")):
            return tablib.import_set(rest, format="csv", delimiter=said[1])
        delimiter = max(",;\t", key=header.count)
        return tablib.import_set(text, format="csv", delimiter=delimiter)


FORMATS = [CsvFile, XLSX]
SUFFIXES = [".csv", ".xlsx"]


class ImportFileForm(ImportForm):
    """A file; its name tells its format."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["format"].required = False
        self.fields["format"].widget = forms.HiddenInput()
        self.fields["import_file"].widget.attrs["accept"] = ",".join(SUFFIXES)
        self.fields["import_file"].label = _("CSV or XLSX file")

    def clean_import_file(self) -> Any:
        file = self.cleaned_data["import_file"]
        suffix = PurePath(file.name).suffix.lower()
        if suffix not in SUFFIXES:
            raise forms.ValidationError(_("Choose a file that ends in .csv or .xlsx."))
        if file.size > MOST_BYTES:
            text = _("The file has %(size)s bytes; split it into files of %(most)s at most.")
            raise forms.ValidationError(text % {"size": file.size, "most": MOST_BYTES})
        return file

    def suffix(self) -> str:
        """Return how the name of the valid form's file ends."""
        return PurePath(self.cleaned_data["import_file"].name).suffix.lower()


def why_unreadable(error: Exception) -> str:
    """Say what keeps a file from being read, and what to do."""
    if isinstance(error, UnicodeDecodeError):
        byte = f"0x{error.object[error.start]:02X}"
        line = error.object[: error.start].count(b"\n") + 1
        text = _(
            "The file is not in UTF-8: line %(line)s has the byte %(byte)s. It may have been saved "
            "as Windows-1252. Save it as “CSV UTF-8”, or as XLSX, and choose it again."
        )
        return text % {"line": line, "byte": byte}
    text = _("The file cannot be read: %(why)s. Put it right, or save it as XLSX.")
    return text % {"why": str(error).rstrip(".") or type(error).__name__}
