"""Read CSV and its kin record by record, in bounded memory whatever the file holds."""

import codecs
import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BufferedReader, TextIOWrapper
from itertools import islice
from pathlib import Path
from typing import TextIO

from budgets.cells.formulas import as_meant
from budgets.sheets.records import HEAD_RECORDS, BadFile, Head, Record, is_blank

DELIMITERS = (",", ";", "\t")
LONGEST_LINE = 65_536
SAYS_DELIMITER = re.compile(r'"?sep=([,;\t|])"?', re.IGNORECASE)


@dataclass(slots=True)
class TextTable:
    """An open text, whose delimiter is found together with its header."""

    encoding: str
    heads: Sequence[Head]
    text: TextIO
    raw: BufferedReader
    size_bytes: int

    def records_after(self, head: Head, index: int) -> Iterator[Record]:
        """Read the records after one of the head; what is not CSV carries an error.

        Raises `BadFile`.
        """
        before = head.ends[index]
        self.text.seek(0)
        lines = bounded_lines(self.text)
        for _ in islice(lines, before):
            pass
        reader = csv.reader(lines, delimiter=head.delimiter, strict=True)
        while True:
            first = before + reader.line_num + 1
            try:
                fields = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                if before + reader.line_num > first:
                    raise BadFile(
                        f"The quote that opens on line {first} is not closed as it should be "
                        f"({error}). What comes before that line was read; put it right and "
                        "start again."
                    ) from None
                yield Record(first, [], f"This is no CSV: {error}.")
            else:
                if any(map(str.strip, fields)):
                    yield Record(first, as_meant(fields))

    @property
    def share_read(self) -> float:
        """How much of the file has been read, about: 0 to 1."""
        return self.raw.tell() / max(self.size_bytes, 1)


def read_text(raw: BufferedReader, path: Path) -> TextTable:
    """Open a text and read how it begins. Raises `BadFile`."""
    encoding, errors = encoding_of(raw)
    # Bytes that are no text are carried along, so that only their rows are refused.
    text = TextIOWrapper(raw, encoding=encoding, errors=errors, newline="")
    heads = heads_of(list(islice(bounded_lines(text), HEAD_RECORDS)))
    return TextTable(encoding, heads, text, raw, path.stat().st_size)


def encoding_of(raw: BufferedReader) -> tuple[str, str]:
    """Recognise the encoding by its byte order mark; say how its errors are kept."""
    start = raw.peek(4)[:4]
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16", "replace"
    if b"\0" in start:  # the mark is missing, and letters of our alphabets have a zero beside them
        return ("utf-16-le" if start[1:2] == b"\0" else "utf-16-be"), "replace"
    return ("utf-8-sig" if start.startswith(codecs.BOM_UTF8) else "utf-8"), "surrogateescape"


def heads_of(lines: Sequence[str]) -> list[Head]:
    """Return how the text begins with each delimiter it may have. Raises `BadFile`.

    Excel writes `sep=;` before the header to tell itself the delimiter.
    """
    for skipped, line in enumerate(lines, start=1):
        if said := SAYS_DELIMITER.fullmatch(line.strip("\r\n")):
            return [head_of(lines, said[1], after=skipped)]
        if line.strip():
            return [head_of(lines, delimiter) for delimiter in DELIMITERS]
    raise BadFile("The file is empty; its first line must name the columns.")


def head_of(lines: Sequence[str], delimiter: str, *, after: int = 0) -> Head:
    """Read the first records, whatever their quotes: a preamble is no CSV."""
    head = Head(delimiter, "", [], [])
    reader = csv.reader(lines[after:], delimiter=delimiter)
    while True:
        first = after + reader.line_num + 1
        try:
            fields = next(reader)
        except (StopIteration, csv.Error):
            return head
        if not is_blank(fields):
            head.records.append(Record(first, as_meant(fields)))
            head.ends.append(after + reader.line_num)


def bounded_lines(text: TextIO) -> Iterator[str]:
    """Read lines of bounded length. Raises `BadFile`."""
    number = 0
    while line := text.readline(LONGEST_LINE):
        number += 1
        if len(line) == LONGEST_LINE:
            raise BadFile(
                f"Line {number} is longer than {LONGEST_LINE:,} characters; is this a CSV file?"
            )
        yield line
