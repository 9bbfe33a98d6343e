"""What the header of a spend file says: its kind, its columns and how it is written."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

DELIMITERS = (",", ";", "\t")


class BadFile(Exception):
    """A file that cannot be read on; the message says where, why and what to do."""


class FileKind(StrEnum):
    """What the rows of a file are."""

    ENTRIES = "entries"
    TOTALS = "day totals"


REQUIRED = {
    FileKind.ENTRIES: ("occurred_at", "amount", "currency"),
    FileKind.TOTALS: ("day", "total", "currency"),
}
CAMPAIGN = ("campaign_id", "external_id", "brand_id", "brand", "campaign")
OPTIONAL = {
    FileKind.ENTRIES: (*CAMPAIGN, "source", "key"),
    FileKind.TOTALS: (*CAMPAIGN, "source", "as_of"),
}
OUR_ID = "campaign_id"
"""Only so written it is our own id; the “Campaign ID” of a platform's report is its own."""
OTHER_NAMES = {
    "campaign_id": "external_id",
    "campaignid": "external_id",
    "campaign_name": "campaign",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """How the rows of a file are to be read."""

    kind: FileKind
    delimiter: str
    header: tuple[str, ...]
    columns: dict[str, int]
    """Where each column that is used stands."""
    unused: tuple[str, ...]

    @property
    def amount_column(self) -> str:
        return "amount" if self.kind == FileKind.ENTRIES else "total"

    def cell(self, column: str, fields: Sequence[str]) -> str:
        """Return a cell without blanks around it; empty where there is no such column."""
        position = self.columns.get(column)
        return "" if position is None or position >= len(fields) else fields[position].strip()


def layout_of(header_line: str, delimiter: str = "") -> Layout:
    """Read the header line, whose delimiter may be known. Raises `BadFile`."""
    delimiters = (delimiter,) if delimiter else DELIMITERS
    headers = {each: split(header_line, each) for each in delimiters}
    delimiter = max(delimiters, key=lambda each: len(known(headers[each])))
    header = headers[delimiter]
    names = [normalised(field) for field in header]
    kind = kind_of(names)
    used = {*REQUIRED[kind], *OPTIONAL[kind]}
    check_header(names, kind)
    return Layout(
        kind=kind,
        delimiter=delimiter,
        header=tuple(header),
        columns={name: position for position, name in enumerate(names) if name in used},
        unused=tuple(
            field.encode(errors="replace").decode()
            for field, name in zip(header, names, strict=True)
            if name not in used
        ),
    )


def split(line: str, delimiter: str) -> list[str]:
    """Split one line into fields, whatever its quotes."""
    return next(csv.reader([line], delimiter=delimiter), [])


def normalised(field: str) -> str:
    """Return a column's name as we know it: `External ID` is `external_id`."""
    if field.strip() == OUR_ID:
        return OUR_ID
    name = field.strip().lower().replace(" ", "_").replace("-", "_")
    return OTHER_NAMES.get(name, name)


def known(header: Sequence[str]) -> set[str]:
    names = {name for kind in FileKind for name in (*REQUIRED[kind], *OPTIONAL[kind])}
    return names & {normalised(field) for field in header}


def kind_of(names: Sequence[str]) -> FileKind:
    """Recognise the kind by the columns that only it has. Raises `BadFile`."""
    distinctive = {*names} - {"currency"}
    found = {kind: len(distinctive & {*REQUIRED[kind]}) for kind in FileKind}
    if all(found.values()):
        raise BadFile(
            "The header has columns of entries (occurred_at, amount) and of day totals (day, "
            "total); make one file of each."
        )
    if not any(found.values()):
        raise BadFile(
            "The first line is no header we know. Entries need occurred_at, amount, currency; day "
            "totals need day, total, currency; both need campaign_id or external_id."
        )
    return max(FileKind, key=lambda kind: found[kind])


def check_header(names: Sequence[str], kind: FileKind) -> None:
    """Refuse a header in which something is missing or there twice. Raises `BadFile`."""
    missing = [name for name in REQUIRED[kind] if name not in names]
    if "campaign_id" not in names and "external_id" not in names:
        missing.append("campaign_id or external_id")
    if missing:
        raise BadFile(f"The header of these {kind} lacks {', '.join(missing)}.")
    twice = sorted({name for name in names if name and names.count(name) > 1})
    if twice:
        raise BadFile(f"The header has {', '.join(twice)} twice; leave one of them.")
