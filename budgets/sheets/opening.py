"""Open a table, whatever kind of file it is in; say what to do with the kinds that are not read."""

from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedReader
from pathlib import Path
from zipfile import BadZipFile, ZipFile

from budgets.sheets.records import BadFile, Table
from budgets.sheets.text import read_text
from budgets.sheets.workbook import read_workbook

START_BYTES = 512
ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
NO_TABLES = {
    b"%PDF": "This is a PDF; download the report as CSV or XLSX.",
    b"\x1f\x8b": "This is packed with gzip; unpack it first.",
    b"{\\rtf": "This is a text document; download the report as CSV or XLSX.",
    b"PK\x05\x06": "This is an empty zip file; download the report again.",
}
HTML = (b"<html", b"<!doctype", b"<table", b"<head", b"<body", b"<meta", b"<style")
PASSWORD = "EncryptedPackage".encode("utf-16-le")
OLE_BYTES = 8_000_000


@contextmanager
def opened_table(path: Path) -> Iterator[Table]:
    """Open a table by what the file is, not by its name. Raises `BadFile` and `OSError`."""
    with path.open("rb") as raw:
        start = raw.peek(START_BYTES)[:START_BYTES]
        if start.startswith(ZIP):
            refuse_other_zip(path)
            yield read_workbook(path)
        else:
            refuse_other_file(raw, start)
            yield read_text(raw, path)


def refuse_other_file(raw: BufferedReader, start: bytes) -> None:
    """Refuse what is neither text nor XLSX. Raises `BadFile`."""
    if start.startswith(OLE):
        if PASSWORD in raw.read(OLE_BYTES):
            raise BadFile("The workbook has a password; save it without one.")
        raise BadFile(
            "This is a workbook in the old XLS format, or no table at all; open it and save it "
            "as XLSX or CSV."
        )
    for magic, words in NO_TABLES.items():
        if start.startswith(magic):
            raise BadFile(words)
    text = start.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if text.startswith(HTML):
        raise BadFile(
            "This is a web page, whatever its name ends in; open it in a spreadsheet and save it "
            "as XLSX or CSV."
        )
    if text.startswith(b"<?xml"):
        raise BadFile("This is XML; open it in a spreadsheet and save it as XLSX or CSV.")


def refuse_other_zip(path: Path) -> None:
    """Refuse a zip that is no XLSX workbook. Raises `BadFile`."""
    try:
        with ZipFile(path) as archive:
            names = {name.lower() for name in archive.namelist()}
    except BadZipFile as error:
        raise BadFile(
            f"The workbook is damaged or was cut off ({error}); download it again."
        ) from None
    if "xl/workbook.xml" in names:
        return
    if "xl/workbook.bin" in names:
        raise BadFile("This is a workbook in the XLSB format; open it and save it as XLSX or CSV.")
    if "content.xml" in names:
        raise BadFile("This is an OpenDocument file; open it and save it as XLSX or CSV.")
    raise BadFile("This is a zip file; unpack it and import the report that is in it.")
