"""Workbooks are bounded before anything parses them, whatever they claim of themselves."""

import io
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import openpyxl
import pytest

from budgets.cells.workbook import BadWorkbook, WorkbookBounds, check_workbook

BOUNDS = WorkbookBounds(rows=10, columns=5, characters=20, unpacked_bytes=200_000)


def check(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "rows.xlsx"
    path.write_bytes(content)
    check_workbook(path, BOUNDS)


def a_workbook(**cells: object) -> bytes:
    book, stream = openpyxl.Workbook(), io.BytesIO()
    for place, value in cells.items():
        book.active[place] = value
    book.save(stream)
    return stream.getvalue()


def with_part(name: str, content: str) -> bytes:
    stream = io.BytesIO()
    with ZipFile(stream, "w", ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return stream.getvalue()


def a_sheet(rows: str, head: str = "") -> bytes:
    xml = f"<?xml version='1.0'?>{head}<worksheet><sheetData>{rows}</sheetData></worksheet>"
    return with_part("xl/worksheets/sheet1.xml", xml)


def test_a_small_workbook_is_taken(tmp_path: Path) -> None:
    check(tmp_path, a_workbook(A1="name", E10="x" * 20))


@pytest.mark.parametrize(
    "content, words",
    [
        (b"PK", "no XLSX file"),
        (a_workbook(A1="name", A11="far"), "something in row 11; the last that can be is 10"),
        (a_workbook(F1="far"), "more than 5 columns"),
        (a_workbook(A1=" " * 21), "more than 20 characters"),
        (a_sheet("<row/>" * 11), "something in row 11"),
        (a_sheet("<row r='1000000'/>"), "something in row 1,000,000"),
        (a_sheet("<row><c r='A1000000'/></row>"), "something in row 1,000,000"),
        (a_sheet(f"<row>{'<c/>' * 6}</row>"), "more than 5 columns"),
        (a_sheet(f"<row><c><is><t>{'x' * 21}</t></is></c></row>"), "more than 20 characters"),
        (a_sheet("", head="<!DOCTYPE a [<!ENTITY b 'c'>]>"), "declares types of its own"),
        (a_sheet("<row>"), "no XLSX file"),
        (with_part("xl/other.xml", "<worksheet><row r='11'/></worksheet>"), "row 11"),
        (with_part("docProps/app.txt", "x" * 200_001), "too large"),
    ],
)
def test_what_is_beyond_a_bound_is_refused(tmp_path: Path, content: bytes, words: str) -> None:
    with pytest.raises(BadWorkbook, match=words):
        check(tmp_path, content)


def test_texts_of_two_cells_are_not_added_up(tmp_path: Path) -> None:
    check(tmp_path, a_workbook(A1="x" * 15, A2="y" * 15))
