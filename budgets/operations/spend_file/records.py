"""Read a CSV file record by record, in bounded memory whatever it holds."""

import codecs
import csv
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BufferedReader, TextIOWrapper
from itertools import islice
from pathlib import Path
from typing import NamedTuple, TextIO

from budgets.operations.spend_file.layout import BadFile, Layout, layout_of

LONGEST_LINE = 65_536
LINES_BEFORE_HEADER = 20
SAYS_DELIMITER = re.compile(r'"?sep=([,;\t|])"?', re.IGNORECASE)


class Record(NamedTuple):
    """One row of the file: the number of its first line, and its fields as they are written."""

    line: int
    fields: list[str]
    error: str = ""


@dataclass(frozen=True, slots=True)
class SpendFile:
    """An open file whose header was read."""

    layout: Layout
    encoding: str
    header_line: int
    text: TextIO
    raw: BufferedReader
    size_bytes: int

    def batches(self, rows: int) -> Iterator[list[Record]]:
        """Read the records that follow, so many at once. Raises `BadFile`."""
        records = self.records()
        while batch := list(islice(records, rows)):
            yield batch

    def records(self) -> Iterator[Record]:
        """Read the records that follow; one that is not CSV carries an error. Raises `BadFile`."""
        text = bounded_lines(self.text, after=self.header_line)
        reader = csv.reader(text, delimiter=self.layout.delimiter, strict=True)
        while True:
            first = self.header_line + reader.line_num + 1
            try:
                fields = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                if self.header_line + reader.line_num > first:
                    raise BadFile(
                        f"The quote that opens on line {first} is not closed as it should be "
                        f"({error}). What comes before that line was read; put it right and "
                        "start again."
                    ) from None
                yield Record(first, [], f"This is no CSV: {error}.")
            else:
                if any(map(str.strip, fields)):
                    yield Record(first, fields)

    @property
    def share_read(self) -> float:
        """How much of the file has been read, about: 0 to 1."""
        return self.raw.tell() / max(self.size_bytes, 1)


@contextmanager
def opened(path: Path) -> Iterator[SpendFile]:
    """Open a spend file and read its header. Raises `BadFile` and `OSError`."""
    with path.open("rb") as raw:
        encoding, errors = encoding_of(raw)
        # Bytes that are no text are carried along, so that only their rows are refused.
        text = TextIOWrapper(raw, encoding=encoding, errors=errors, newline="")
        header_line, header, delimiter = first_line(text)
        yield SpendFile(
            layout=layout_of(header, delimiter),
            encoding=encoding,
            header_line=header_line,
            text=text,
            raw=raw,
            size_bytes=path.stat().st_size,
        )


def encoding_of(raw: BufferedReader) -> tuple[str, str]:
    """Recognise the encoding by its byte order mark; say how its errors are kept."""
    start = raw.peek(4)[:4]
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16", "replace"
    return ("utf-8-sig" if start.startswith(codecs.BOM_UTF8) else "utf-8"), "surrogateescape"


def first_line(text: TextIO) -> tuple[int, str, str]:
    """Return the number of the header's line, the line, and the delimiter if a line says it.

    Excel writes `sep=;` before the header to tell itself the delimiter. Raises `BadFile`.
    """
    delimiter = ""
    for number, line in enumerate(islice(bounded_lines(text), LINES_BEFORE_HEADER), start=1):
        if said := SAYS_DELIMITER.fullmatch(line.strip("\r\n")):
            delimiter = said[1]
        elif line.strip():
            return number, line, delimiter
    raise BadFile("The file is empty; its first line must name the columns.")


def bounded_lines(text: TextIO, *, after: int = 0) -> Iterator[str]:
    """Read lines of bounded length. Raises `BadFile`."""
    number = after
    while line := text.readline(LONGEST_LINE):
        number += 1
        if len(line) == LONGEST_LINE:
            raise BadFile(
                f"Line {number} is longer than {LONGEST_LINE:,} characters; is this a CSV file?"
            )
        yield line
