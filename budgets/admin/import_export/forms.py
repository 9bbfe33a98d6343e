"""The forms and formats of imports and exports: CSV as spreadsheets write it, and XLSX."""

from pathlib import PurePath
from typing import Any
from zipfile import BadZipFile, ZipFile

import tablib
from django import forms
from django.core import signing
from django.utils.translation import gettext as _
from import_export.formats.base_formats import CSV, XLSX
from import_export.forms import ConfirmImportForm
from unfold.contrib.import_export.forms import ImportForm

from budgets.sheets.text import SAYS_DELIMITER

MOST_BYTES = 2_000_000
MOST_BYTES_UNPACKED = 50_000_000
SECONDS_TO_CONFIRM = 24 * 60 * 60
SALT = "budgets.import"


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
        if suffix == ".xlsx":
            check_unpacked(file)
        return file

    def clean(self) -> Any:
        file = self.cleaned_data.get("import_file")
        if file:
            self.cleaned_data["format"] = str(SUFFIXES.index(PurePath(file.name).suffix.lower()))
        return self.cleaned_data


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


def check_unpacked(file: Any) -> None:
    """Refuse a spreadsheet that is none, or that unpacks to far more than it seems."""
    try:
        with ZipFile(file) as archive:
            size = sum(part.file_size for part in archive.infolist())
    except BadZipFile:
        raise forms.ValidationError(_("This is no XLSX file; save it as one again.")) from None
    if size > MOST_BYTES_UNPACKED:
        raise forms.ValidationError(_("The spreadsheet is too large; split it."))
    file.seek(0)


class ConfirmForm(ConfirmImportForm):
    """Which uploaded file is meant. Its name is signed: no other file of the server is read."""

    @staticmethod
    def signed(name: str) -> str:
        return signing.dumps(name, salt=SALT)

    def clean_import_file_name(self) -> str:
        try:
            signed = self.cleaned_data["import_file_name"]
            name: str = signing.loads(signed, salt=SALT, max_age=SECONDS_TO_CONFIRM)
        except signing.BadSignature:
            raise forms.ValidationError(_("Choose the file once more.")) from None
        return name
