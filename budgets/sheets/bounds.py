"""Look through a workbook before it is opened: how much memory would it take?

A reader of workbooks keeps a place for each cell from the first to the last that is used, and a
copy of each text wherever a cell repeats it: a file of some kilobytes can take all memory. What a
zip says of its own sizes is not believed; it is unpacked, in small pieces.
"""

import zlib
from array import array
from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any
from xml.parsers import expat
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from budgets.sheets.records import BadFile

MOST_BYTES = 250_000_000
"""Of all that is in the zip, unpacked."""
MOST_COLUMNS = 256
MOST_CELLS = 3_000_000
"""Rows × columns of all sheets."""
MOST_TEXT = 100_000_000
"""Characters in all cells, of texts that several may repeat."""
LONGEST_CELL = 32_767
"""As in the spreadsheets themselves."""
MOST_PARTS = 1_000
PIECE_BYTES = 65_536
ANY_SIZE = 2**60
"""In place of what the zip says, at which reading would stop."""
SMALLER = "Export fewer columns or days at once, or save it as CSV: a CSV file may have any length."


def check_bounds(path: Path) -> None:
    """Refuse a workbook that would take too much memory. Raises `BadFile`."""
    try:
        with ZipFile(path) as archive:
            parts = archive.infolist()
            names = {part.filename.lower() for part in parts}
            if len(parts) > MOST_PARTS or len(names) < len(parts):
                raise BadFile("The workbook has parts without end or twice; save it anew as XLSX.")
            look_through(archive, parts)
    except (BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise BadFile(
            f"The workbook is damaged or was cut off ({error}); download it again."
        ) from None


def look_through(archive: ZipFile, parts: list[ZipInfo]) -> None:
    """Unpack each part in pieces; texts first, for the cells that repeat them."""
    bytes_left, sizes = MOST_BYTES, Sizes()
    for part in sorted(parts, key=lambda part: "sharedstrings" not in part.filename.lower()):
        if part.flag_bits & 1 or part.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
            raise BadFile("The workbook is encrypted; save it without a password.")
        part.file_size = ANY_SIZE
        parser = Parser(sizes)
        for piece in pieces(archive, part):
            bytes_left -= len(piece)
            if bytes_left < 0:
                raise BadFile(f"The workbook is larger than {MOST_BYTES:,} bytes. {SMALLER}")
            parser.feed(piece)
        parser.close()


def pieces(archive: ZipFile, part: ZipInfo) -> Iterator[bytes]:
    with archive.open(part) as file:
        while piece := file.read(PIECE_BYTES):
            yield piece


class Sizes:
    """How large the sheets of a workbook are, together."""

    def __init__(self) -> None:
        self.texts = array("l")
        """The length of each shared text."""
        self.cells = self.characters = 0

    def add_sheet(self, rows: int, columns: int) -> None:
        """Count a sheet, or as much of it as has been read. Raises `BadFile`."""
        if columns > MOST_COLUMNS:
            raise BadFile(
                f"The sheet has {columns:,} columns, more than {MOST_COLUMNS}: is there a cell far "
                f"to the right of the table? Delete it. {SMALLER}"
            )
        if self.cells + rows * columns > MOST_CELLS:
            raise BadFile(
                f"The sheets have {rows:,} rows and {columns:,} columns, more than "
                f"{MOST_CELLS:,} cells: is there a cell far below the table? Delete it. {SMALLER}"
            )

    def add_text(self, characters: int) -> None:
        self.characters += characters
        if self.characters > MOST_TEXT:
            raise BadFile(f"The cells have more than {MOST_TEXT:,} characters. {SMALLER}")


class Parser:
    """Follows one part, if it is the XML of a sheet or of shared texts."""

    def __init__(self, sizes: Sizes) -> None:
        self.sizes = sizes
        self.xml: expat.XMLParserType | None = None
        self.root = ""
        self.row = self.column = self.rows = self.columns = 0
        self.text = ""
        self.is_shared = False

    def feed(self, piece: bytes) -> None:
        """Read on; what is no XML is left. Raises `BadFile`."""
        if self.xml is None:
            if self.root or piece.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n\0")[:1] != b"<":
                self.root = self.root or "none"
                return
            self.xml = expat.ParserCreate()
            self.xml.buffer_text = True
            self.xml.StartElementHandler = self.start
            self.xml.EndElementHandler = self.end
            self.xml.StartDoctypeDeclHandler = self.refuse_doctype
        self.parse(piece, last=False)

    def close(self) -> None:
        """Count what was read. Raises `BadFile`."""
        self.parse(b"", last=True)
        if self.root == "worksheet":
            self.sizes.add_sheet(self.rows, self.columns)
            self.sizes.cells += self.rows * self.columns

    def parse(self, piece: bytes, *, last: bool) -> None:
        if self.xml is None:
            return
        try:
            self.xml.Parse(piece, last)
        except (expat.ExpatError, ValueError, OverflowError) as error:
            if self.root in ("worksheet", "sst"):
                raise BadFile(f"The workbook is damaged ({error}); download it again.") from None
            self.xml = None  # a drawing, or what else is nearly XML

    def refuse_doctype(self, *_: Any) -> None:
        raise BadFile("The workbook has a DOCTYPE, as no spreadsheet writes it; save it anew.")

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag.rpartition(":")[2] if ":" in tag else tag
        if name == "c":
            self.start_cell(attributes)
        elif name == "row":
            self.row, self.column = int(attributes.get("r") or self.row + 1), 0
        elif (name == "v" and self.is_shared) or (name == "t" and self.root == "sst"):
            self.text = ""
            self.follow_text(self.characters)
        elif name == "si":
            self.sizes.texts.append(0)
        elif not self.root:
            self.root = name

    def start_cell(self, attributes: dict[str, str]) -> None:
        self.row, self.column = place(attributes.get("r", ""), self.row, self.column)
        if self.row > self.rows or self.column > self.columns:
            self.rows, self.columns = max(self.rows, self.row), max(self.columns, self.column)
            self.sizes.add_sheet(self.rows, self.columns)
        self.is_shared = attributes.get("t") == "s"

    def follow_text(self, handler: Callable[[str], None] | None) -> None:
        if self.xml:
            self.xml.CharacterDataHandler = handler

    def characters(self, text: str) -> None:
        self.text += text
        if len(self.text) > LONGEST_CELL:
            raise BadFile(f"A cell is longer than {LONGEST_CELL:,} characters. {SMALLER}")

    def end(self, tag: str) -> None:
        name = tag.rpartition(":")[2] if ":" in tag else tag
        if name == "t" and self.root == "sst" and self.sizes.texts:
            self.sizes.texts[-1] += len(self.text)
        elif name == "v" and self.is_shared:
            number = int(self.text) if self.text.strip().isdecimal() else -1
            if 0 <= number < len(self.sizes.texts):
                self.sizes.add_text(self.sizes.texts[number])
        else:
            return
        self.follow_text(None)


def place(reference: str, row: int, column: int) -> tuple[int, int]:
    """Return row and column of a cell: `C7` is 7 and 3; without a reference the next one."""
    letters = reference.rstrip("0123456789")
    if not letters:
        return row, column + 1
    return int(reference[len(letters) :] or row), column_number(letters)


@lru_cache(maxsize=1_000)
def column_number(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number
