"""Find the header of a table: below a preamble, between other sheets, in whatever delimiter."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from budgets.operations.spend_file.given import NOTHING_GIVEN, Given, Question, Unanswered
from budgets.operations.spend_file.header.memory import Remembered, recalled
from budgets.operations.spend_file.header.names import role_of
from budgets.operations.spend_file.header.platforms import Platform, recognised
from budgets.operations.spend_file.header.positions import same
from budgets.operations.spend_file.header.preamble import Preamble, read_preamble
from budgets.operations.spend_file.layout import (
    NAMES_A_CAMPAIGN,
    NO_HEADER,
    Layout,
    UnknownColumns,
    layout_of,
)
from budgets.sheets.opening import opened_table
from budgets.sheets.records import BadFile, Head, Record, Table, text_of


@dataclass(frozen=True, slots=True)
class SpendFile:
    """An open file whose header was found."""

    table: Table
    head: Head
    index: int
    """Which record of the head is the header."""
    layout: Layout
    preamble: Preamble
    platform: Platform | None
    remembered: Remembered | None
    """Whose choice of columns was taken, if it was not made with this file."""

    @property
    def header_line(self) -> int:
        return self.head.records[self.index].line

    def is_of(self, source: str) -> bool:
        """Say whether it was recognised as a report of this platform."""
        return self.platform is not None and self.platform.source == source

    @property
    def unread_sheets(self) -> list[str]:
        """The other sheets of a workbook in which something is written."""
        return [head.sheet for head in self.table.heads if head.sheet != self.head.sheet]

    @property
    def encoding(self) -> str:
        return self.table.encoding

    @property
    def share_read(self) -> float:
        return self.table.share_read

    def records(self) -> Iterator[Record]:
        """Read the records that follow, each time anew. Raises `BadFile`."""
        return self.table.records_after(self.head, self.index)

    def batches(self, rows: int) -> Iterator[list[Record]]:
        """Read the records that follow, so many at once. Raises `BadFile`."""
        records = self.records()
        while batch := list(islice(records, rows)):
            yield batch


@contextmanager
def opened(path: Path, given: Given = NOTHING_GIVEN) -> Iterator[SpendFile]:
    """Open a spend file and read its header. Raises `BadFile` and `OSError`."""
    with opened_table(path) as table:
        yield with_header(table, given)


def with_header(table: Table, given: Given) -> SpendFile:
    """Find the header. Raises `Unanswered` where somebody must say what the columns are."""
    chosen = {role: text for role, text in given.columns.items() if text}
    try:
        return read_header(table, chosen, None)
    except UnknownColumns as unknown:
        records = [record for head in table.heads for record in head.records]
        remembered = None if chosen else recalled(records)
        if remembered is None:
            raise Unanswered(str(unknown), Question.COLUMNS) from None
    return read_header(table, remembered.columns, remembered)


def read_header(
    table: Table, chosen: Mapping[str, str], remembered: Remembered | None
) -> SpendFile:
    """Find and read the header with these choices. Raises `BadFile`."""
    head, index = place_of_header(table.heads, chosen)
    above = head.records[:index]
    layout = layout_of(head.records[index].fields, head.delimiter, chosen=chosen)
    preamble = read_preamble(above)
    return SpendFile(
        table=table,
        head=head,
        index=index,
        layout=layout,
        preamble=preamble,
        platform=recognised(preamble.text, layout.header),
        remembered=remembered,
    )


def place_of_header(heads: Sequence[Head], chosen: Mapping[str, str]) -> tuple[Head, int]:
    """Return where the header stands. Raises `BadFile` where that is not certain."""
    found = [(head, places) for head in heads if (places := headers_in(head, chosen))]
    if not found:
        raise UnknownColumns(why_none(heads, chosen))
    if len(sheets := [head.sheet for head, _ in found if head.sheet]) > 1:
        raise BadFile(
            f"The sheets {', '.join(sheets)} all hold spend; make one file of each, or delete all "
            "but one."
        )
    head, places = max(found, key=lambda each: columns_known(each[0].records[each[1][0]]))
    if len(places) > 1:
        lines = " and ".join(str(head.records[at].line) for at in places[:2])
        raise BadFile(f"Lines {lines} are headers both, of two tables; make one file of each.")
    return head, places[0]


def headers_in(head: Head, chosen: Mapping[str, str]) -> list[int]:
    """Return which records of a head name an amount and a campaign, as chosen or as we know."""
    return [at for at, record in enumerate(head.records) if is_header(record, chosen)]


def is_header(record: Record, chosen: Mapping[str, str]) -> bool:
    """Say whether a record names an amount and a campaign, and all columns that were chosen."""
    texts = [text_of(field) for field in record.fields if isinstance(field, str)]
    if not all(any(same(text, each) for text in texts) for each in chosen.values()):
        return False
    roles = {role_of(text) for text in texts} | {*chosen}
    return bool(roles & {"total", "amount"} and roles & {*NAMES_A_CAMPAIGN})


def columns_known(record: Record) -> int:
    """Return how many of our columns a record names."""
    return len({role for field in record.fields if (role := role_of(text_of(field)))})


def likeliest(heads: Sequence[Head]) -> tuple[Head, int]:
    """Return the record that may be the header: the first that names most of our columns.

    Where none names any, the first row of the widest table.
    """
    places = [(head, at) for head in heads for at in range(len(head.records))]
    return max(places, key=lambda place: (columns_known(place[0].records[place[1]]), width(*place)))


def width(head: Head, at: int) -> int:
    """Return how many cells are filled both in a record and in the one below it."""
    pair = head.records[at : at + 2]
    return min(sum(bool(text_of(field)) for field in record.fields) for record in pair)


def why_none(heads: Sequence[Head], chosen: Mapping[str, str]) -> str:
    """Say what keeps the likeliest header from being one."""
    if chosen:
        return f"No line has all of the columns {', '.join(chosen.values())}."
    head, at = likeliest(heads)
    if columns_known(head.records[at]) > 1:
        try:
            layout_of(head.records[at].fields)
        except BadFile as error:
            return f"Line {head.records[at].line}: {error}"
    return NO_HEADER
