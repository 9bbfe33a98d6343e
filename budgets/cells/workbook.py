"""Bounds of a spreadsheet file, checked by streaming through it before anything parses it.

A small file can unpack to gigabytes, or claim a cell in row 1,000,000; a parser believes it.
"""

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.parsers import expat
from zipfile import BadZipFile, ZipFile, ZipInfo

UNREADABLE = (BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError)
CHUNK_BYTES = 64 * 1024
MOST_PARTS = 1_000
REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})", re.ASCII)
TEXTS = {"c", "si"}
"""Elements that hold the text of one cell: in a sheet, and among the texts that sheets share."""


class BadWorkbook(ValueError):
    """A file that is no XLSX file, or is beyond a bound; the message says what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkbookBounds:
    """How large a workbook may be."""

    rows: int
    columns: int
    characters: int
    """Of a cell."""
    unpacked_bytes: int


def check_workbook(path: Path, bounds: WorkbookBounds) -> None:
    """Raise `BadWorkbook` unless the file is an XLSX file within its bounds.

    Nothing is held in memory, and no size is believed that the file itself claims.
    """
    try:
        with ZipFile(path) as archive:
            check_parts(archive, bounds)
    except (*UNREADABLE, expat.ExpatError):
        raise BadWorkbook("This is no XLSX file; save it as one again.") from None


def check_parts(archive: ZipFile, bounds: WorkbookBounds) -> None:
    parts = archive.infolist()
    if len(parts) > MOST_PARTS or len({part.filename for part in parts}) < len(parts):
        raise BadWorkbook("The spreadsheet is made in an unusual way; save it as XLSX again.")
    unpacked = 0
    for part in parts:
        # A sheet may be under any name: every part is read as if it were one.
        check = PartCheck(bounds)
        for chunk in chunks_of(archive, part):
            unpacked += len(chunk)
            if unpacked > bounds.unpacked_bytes:
                raise BadWorkbook("The spreadsheet is too large; split it.")
            if part.filename.lower().endswith((".xml", ".rels")):
                check.feed(chunk)


def chunks_of(archive: ZipFile, part: ZipInfo) -> Iterator[bytes]:
    with archive.open(part) as unpacked:
        while chunk := unpacked.read(CHUNK_BYTES):
            yield chunk


class PartCheck:
    """Counts the rows and columns of an XML part, as they are and as they are numbered."""

    def __init__(self, bounds: WorkbookBounds) -> None:
        self.bounds = bounds
        self.rows = self.columns = self.characters = 0
        self.is_in_text = False
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.StartDoctypeDeclHandler = self.refuse_declarations
        parser.StartElementHandler = self.start
        parser.EndElementHandler = self.end
        parser.CharacterDataHandler = self.text
        self.feed = parser.Parse

    def refuse_declarations(self, *_: object) -> None:
        """Refuse entities, which may grow when they are read."""
        raise BadWorkbook("The spreadsheet declares types of its own; save it as XLSX again.")

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag.rpartition(" ")[2]
        if name in TEXTS:  # a text may come in several pieces
            self.is_in_text, self.characters = True, 0
        if name == "row":
            self.columns = 0
            self.rows = max(self.rows + 1, number(attributes.get("r")))
        elif name == "c":
            column, row = place(attributes.get("r", ""))
            self.columns = max(self.columns + 1, column)
            self.rows = max(self.rows, row)
        self.require_bounds()

    def end(self, tag: str) -> None:
        if tag.rpartition(" ")[2] in TEXTS:
            self.is_in_text = False

    def text(self, text: str) -> None:
        self.characters += len(text) if self.is_in_text else 0
        if self.characters > self.bounds.characters:
            raise BadWorkbook(
                f"A cell has more than {self.bounds.characters:,} characters; shorten it."
            )

    def require_bounds(self) -> None:
        if self.rows > self.bounds.rows:
            raise BadWorkbook(
                f"A sheet has something in row {self.rows:,}; the last that can be is "
                f"{self.bounds.rows:,}. Delete what stands below the table, or split it."
            )
        if self.columns > self.bounds.columns:
            raise BadWorkbook(
                f"A sheet has more than {self.bounds.columns:,} columns; delete those beside the "
                "table."
            )


def number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 10 else 0


def place(reference: str) -> tuple[int, int]:
    """Return column and row of a cell that is named like “BC12”; zeros where it is not."""
    found = REFERENCE.fullmatch(reference)
    if not found:
        return 0, 0
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - ord("A") + 1
    return column, int(found[2])
