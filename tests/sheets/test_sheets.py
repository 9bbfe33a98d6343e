"""Tables are opened by what they are, within bounds, or refused with what to do."""

import io
import zipfile
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from budgets.sheets import bounds
from budgets.sheets.opening import opened_table
from budgets.sheets.records import BadFile, text_of

SHEET = "xl/worksheets/sheet1.xml"
Change = Callable[[str], str]


def a_workbook(path: Path, *rows: Sequence[object]) -> Path:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(list(row))
    book.save(path)
    return path


def changed(path: Path, *, sheet: Change) -> Path:
    """Write the workbook anew with its sheet changed."""
    content = io.BytesIO(path.read_bytes())
    with zipfile.ZipFile(content) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            data = old.read(info)
            if info.filename == SHEET:
                data = sheet(data.decode()).encode()
            new.writestr(info.filename, data)
    return path


MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


def sharing_its_text(path: Path, text: str, *, cells: int) -> Path:
    """Write a workbook as Excel does: cells give the number of a text that they share."""
    rows = '<row><c t="s"><v>0</v></c></row>' * cells
    parts = {
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}">'
        f'<Relationship Id="r0" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/>'
        "</Relationships>",
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>'
        '<sheet name="A" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}">'
        f'<Relationship Id="r1" Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="r2" Type="{OFFICE}/sharedStrings" Target="sharedStrings.xml"/>'
        "</Relationships>",
        "xl/sharedStrings.xml": f'<sst xmlns="{MAIN}"><si><t>{text}</t></si></sst>',
        SHEET: f'<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>',
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


@pytest.fixture
def book(tmp_path: Path) -> Path:
    return a_workbook(tmp_path / "book.xlsx", ["Campaign", "Cost"], ["Spring", 12.5])


def why_refused(path: Path) -> str:
    with pytest.raises(BadFile) as refused, opened_table(path) as table:
        list(table.records_after(table.heads[0], 0))
    return str(refused.value)


@pytest.mark.parametrize(
    "content, words",
    [
        (b"%PDF-1.7 ...", "PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "old XLS format"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
            "has a password",
        ),
        (b"\xef\xbb\xbf\n <html><table>", "web page"),
        (b"<?xml version='1.0'?><Workbook/>", "XML"),
        (b"\x1f\x8b\x08\x00", "gzip"),
        (b"PK\x03\x04 and no more", "damaged or was cut off"),
        (b"", "empty"),
    ],
)
def test_what_is_no_table_is_refused_with_what_to_do(
    tmp_path: Path, content: bytes, words: str
) -> None:
    path = tmp_path / "report.xls"
    path.write_bytes(content)
    assert words in why_refused(path)


@pytest.mark.parametrize(
    "member, words",
    [("content.xml", "OpenDocument"), ("xl/workbook.bin", "XLSB"), ("report.csv", "unpack it")],
)
def test_another_zip_is_refused_with_what_to_do(tmp_path: Path, member: str, words: str) -> None:
    path = tmp_path / "report.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(member, "x")
    assert words in why_refused(path)


def test_a_workbook_is_read_with_its_own_numbers_and_days(tmp_path: Path) -> None:
    path = a_workbook(tmp_path / "a.csv", [None], ["Day", "Cost"], [date(2026, 3, 9), 0.1])
    with opened_table(path) as table:
        [head] = table.heads
        assert [(record.line, record.fields) for record in head.records] == [
            (2, ["Day", "Cost"]),
            (3, [date(2026, 3, 9), 0.1]),
        ]
        for _ in range(2):
            assert [record.line for record in table.records_after(head, 0)] == [3]


def test_hidden_sheets_are_left_out(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    made = openpyxl.Workbook()
    made.active.append(["seen"])
    made.create_sheet("secret").append(["hidden"])
    made["secret"].sheet_state = "hidden"
    made.save(path)
    with opened_table(path) as table:
        assert [head.sheet for head in table.heads] == ["Sheet"]


@pytest.mark.parametrize(
    "change, words",
    [
        (lambda xml: xml.replace('r="B2"', 'r="XFD2"'), "16,384 columns"),
        (lambda xml: xml.replace('r="B2"', 'r="IU1048576"'), "1,048,576 rows"),
        (lambda xml: xml.replace("<sheetData>", "<!-- --><sheetData><wrong>"), "damaged"),
        (lambda xml: xml.replace('r="B2"', 'r="B-2"'), "cannot be read"),
        (lambda xml: xml.replace("<worksheet", "<!DOCTYPE x><worksheet", 1), "DOCTYPE"),
    ],
)
def test_a_workbook_that_would_take_all_memory_is_refused(
    book: Path, change: Change, words: str
) -> None:
    assert words in why_refused(changed(book, sheet=change))


def test_a_text_that_many_cells_repeat_counts_in_each(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bounds, "MOST_TEXT", 10_000)
    few = sharing_its_text(tmp_path / "few.xlsx", "x" * 1_000, cells=10)
    with opened_table(few) as table:
        assert len(list(table.records_after(table.heads[0], 0))) == 9
    many = sharing_its_text(tmp_path / "many.xlsx", "x" * 1_000, cells=11)
    assert "more than 10,000 characters" in why_refused(many)


def test_a_cell_longer_than_a_spreadsheet_takes_is_refused(tmp_path: Path) -> None:
    path = sharing_its_text(tmp_path / "a.xlsx", "x" * 40_000, cells=1)
    assert "longer than 32,767" in why_refused(path)


def test_what_a_zip_says_of_its_sizes_is_not_believed(
    book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bounds, "MOST_BYTES", 50_000)
    changed(book, sheet=lambda xml: xml.replace("<sheetData>", " " * 100_000 + "<sheetData>"))
    content = bytearray(book.read_bytes())
    with zipfile.ZipFile(book) as archive:
        size = archive.getinfo(SHEET).file_size.to_bytes(4, "little")
    book.write_bytes(content.replace(size, (1_000).to_bytes(4, "little")))
    assert "larger than 50,000 bytes" in why_refused(book)


def test_a_part_that_is_there_twice_is_refused(book: Path) -> None:
    with zipfile.ZipFile(book, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr(SHEET, "<worksheet/>")
    assert "twice" in why_refused(book)


@pytest.mark.parametrize(
    "cell, text",
    [(12.0, "12"), (12.5, "12.5"), (1.234, "1.2340"), (date(2026, 3, 9), "2026-03-09"), (None, "")],
)
def test_cells_are_written_so_that_they_have_one_reading(cell: object, text: str) -> None:
    assert text_of(cell) == text


def test_an_id_that_lost_digits_does_not_look_whole_again() -> None:
    assert text_of(120210000000000001.0) == "1.2021e+17"


def test_every_csv_that_leaves_is_written_in_one_place() -> None:
    budgets = Path(__file__).parents[2] / "budgets"
    writing = [path for path in budgets.rglob("*.py") if "csv.writer(" in path.read_text()]
    assert writing == [budgets / "sheets" / "written.py"]
