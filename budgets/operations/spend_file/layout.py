"""What the header of a spend file says: its kind, its columns and how it is written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from budgets.cells.refusal import quoted
from budgets.operations.spend_file.header.names import (
    FIRST_DAY,
    LAST_DAY,
    heading_of,
    is_period,
    may_be_total,
    role_of,
)
from budgets.operations.spend_file.header.positions import positions
from budgets.sheets.records import BadFile, text_of


class FileKind(StrEnum):
    """What the rows of a file are."""

    ENTRIES = "entries"
    TOTALS = "day totals"


REQUIRED = {
    FileKind.ENTRIES: ("occurred_at", "amount", "currency"),
    FileKind.TOTALS: ("day", "total", "currency"),
}
CAMPAIGN = ("campaign_id", "external_id", "brand_id", "brand", "campaign")
NAMES_A_CAMPAIGN = ("campaign_id", "external_id", "campaign")
OPTIONAL = {
    FileKind.ENTRIES: (*CAMPAIGN, "source", "key"),
    FileKind.TOTALS: (*CAMPAIGN, "source", "as_of", LAST_DAY),
}
MAY_BE_SAID = ("day", "currency")
"""Columns without which a file is read, if somebody or something else says it for all rows."""


NO_HEADER = (
    "No line is a header we know. Entries need occurred_at, amount, currency; day totals need day, "
    "total, currency; both need campaign_id, external_id or campaign."
)


class UnknownColumns(BadFile):
    """A header in which it is not certain what the columns are; somebody can say it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """How the rows of a file are to be read."""

    kind: FileKind
    delimiter: str
    """What separates the fields; empty in a spreadsheet."""
    header: tuple[str, ...]
    columns: dict[str, int]
    """Where each column that is used stands."""
    unused: tuple[str, ...]
    currency: str = ""
    """Of all rows, where the header says it."""
    zone: str = ""
    lone_first_day: bool = False
    """Whether days stand under the first of the days that a row covers, without the last."""

    @property
    def amount_column(self) -> str:
        return "amount" if self.kind == FileKind.ENTRIES else "total"

    def field(self, column: str, fields: Sequence[Any]) -> Any:
        """Return a cell as it is; “” where there is no such column."""
        position = self.columns.get(column)
        return "" if position is None or position >= len(fields) else fields[position]

    def cell(self, column: str, fields: Sequence[Any]) -> str:
        """Return a cell as text without blanks around it; “” where there is no such column."""
        return text_of(self.field(column, fields))


def layout_of(
    fields: Sequence[Any], delimiter: str = "", *, chosen: Mapping[str, str] | None = None
) -> Layout:
    """Read a header, whose columns may be `chosen`: the text over each of ours.

    Raises `BadFile`, and `UnknownColumns` where somebody can say what is not certain.
    """
    header = [text_of(field) for field in fields]
    places = positions(header, chosen or {})
    kind = kind_of(places, chosen or {})
    columns = used_columns(header, places, kind)
    check_columns(header, columns, kind)
    if kind == FileKind.TOTALS and "total" not in (chosen or {}):
        refuse_two_totals(header, columns["total"])
    used = {header[at]: heading_of(header[at]) for at in columns.values()}
    return Layout(
        kind=kind,
        delimiter=delimiter,
        header=tuple(header),
        columns=columns,
        unused=tuple(
            text.encode(errors="replace").decode()
            for at, text in enumerate(header)
            if at not in columns.values() and text
        ),
        currency=heading_of(header[columns["total" if "total" in columns else "amount"]]).currency,
        zone=next((heading.zone for heading in used.values() if heading.zone), ""),
        lone_first_day=stands_alone(header, columns, chosen or {}),
    )


def kind_of(places: Mapping[str, list[int]], chosen: Mapping[str, str]) -> FileKind:
    """Recognise the kind by columns that only it has, chosen ones first. Raises `BadFile`."""
    for roles in ({*places} & {*chosen}, {*places}):
        entries, totals = roles & {"occurred_at", "amount"}, roles & {"day", "total", FIRST_DAY}
        if entries and totals:
            raise UnknownColumns(
                "The header has columns of entries (occurred_at, amount) and of day totals (day, "
                "total); make one file of each."
            )
        if entries or totals:
            return FileKind.ENTRIES if entries else FileKind.TOTALS
    raise UnknownColumns(NO_HEADER)


def used_columns(
    header: Sequence[str], places: Mapping[str, list[int]], kind: FileKind
) -> dict[str, int]:
    """Return where each column that is used stands. Raises `UnknownColumns` for one twice."""
    wanted = dict(places)
    if kind == FileKind.TOTALS and "day" not in wanted and FIRST_DAY in wanted:
        wanted["day"] = wanted[FIRST_DAY]
    elif LAST_DAY in wanted:
        del wanted[LAST_DAY]  # the days that the report covers, or a campaign's own
    used = {*REQUIRED[kind], *OPTIONAL[kind]}
    for role, found in wanted.items():
        if len(found) > 1 and role in used:
            named = " and ".join(quoted(header[at]) for at in found)
            raise UnknownColumns(
                f"The header has {role} twice, as {named}; leave one of them, or say which it is."
            )
    return {role: found[0] for role, found in wanted.items() if role in used}


def check_columns(header: Sequence[str], columns: Mapping[str, int], kind: FileKind) -> None:
    """Refuse a header in which something is missing. Raises `UnknownColumns`."""
    missing = [name for name in REQUIRED[kind] if name not in (*columns, *MAY_BE_SAID)]
    if not columns.keys() & {*NAMES_A_CAMPAIGN}:
        missing.append("a campaign (campaign_id, external_id or campaign)")
    if missing:
        rivals = [quoted(text) for text in header if may_be_total(text)] * ("total" in missing)
        may_be = f" What was spent may be {' or '.join(rivals)}; say which it is." if rivals else ""
        raise UnknownColumns(f"The header of these {kind} lacks {', '.join(missing)}.{may_be}")
    period = next((text for text in header if is_period(text)), "")
    if kind == FileKind.TOTALS and period and "day" not in columns:
        raise UnknownColumns(
            f"The header has {quoted(period)} and no column of days; export the report by day."
        )


def refuse_two_totals(header: Sequence[str], at: int) -> None:
    """Refuse two columns that could be what was spent. Raises `UnknownColumns`."""
    others = [text for text in header if may_be_total(text)]
    if others and header[at] != "total":
        raise UnknownColumns(
            f"What was spent may be {quoted(header[at])} or {quoted(others[0])}; say which it is."
        )


def stands_alone(
    header: Sequence[str], columns: Mapping[str, int], chosen: Mapping[str, str]
) -> bool:
    is_first_day = "day" in columns and role_of(header[columns["day"]]) == FIRST_DAY
    return is_first_day and LAST_DAY not in columns and "day" not in chosen
