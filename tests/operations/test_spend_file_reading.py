"""A spend file is read exactly or not at all: its header, its cells, and where each row stands."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from budgets.operations.ingest.validation import Refused
from budgets.operations.spend_file.file_rows import BadCell, Cells
from budgets.operations.spend_file.header.finding import opened, place_of_header
from budgets.operations.spend_file.instants import read_instant
from budgets.operations.spend_file.layout import FileKind, Layout, layout_of
from budgets.rules.clock import LocalClock
from budgets.sheets import text
from budgets.sheets.records import BadFile, Record

UTC_CLOCK, PARIS = LocalClock.of("UTC"), LocalClock.of("Europe/Paris")
ENTRIES = "campaign_id,occurred_at,amount,currency"


def a_layout(header: str) -> Layout:
    head, index = place_of_header(text.heads_of([header]), {})
    return layout_of(head.records[index].fields, head.delimiter)


# --- The header ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "header, kind, delimiter",
    [
        ("source,key,campaign_id,occurred_at,amount,currency", FileKind.ENTRIES, ","),
        ("currency;amount;occurred_at;external_id;brand", FileKind.ENTRIES, ";"),
        ("Campaign ID\tOccurred at\tAmount\tCurrency", FileKind.ENTRIES, "\t"),
        ('"External-ID","Day","Total","Currency","As of"', FileKind.TOTALS, ","),
        ("campaign_id,day,total,currency", FileKind.TOTALS, ","),
    ],
)
def test_the_header_tells_the_kind_and_the_delimiter(
    header: str, kind: FileKind, delimiter: str
) -> None:
    layout = a_layout(header + "\r\n")
    assert (layout.kind, layout.delimiter) == (kind, delimiter)


def test_columns_nobody_uses_are_named() -> None:
    layout = a_layout(f"Note,{ENTRIES},reason")
    assert layout.unused == ("Note", "reason")
    assert layout.columns["campaign_id"] == 1


@pytest.mark.parametrize(
    "header, words",
    [
        ("occurred_at,amount,currency", "lacks a campaign"),
        ("campaign_id,day,currency", "lacks total"),
        (f"{ENTRIES},amount", "has amount twice"),
        (f"{ENTRIES},day,total,as_of", "one file of each"),
        ("name,cost", "is a header we know"),
        ('a,"b', "is a header we know"),
    ],
)
def test_a_header_that_lacks_something_says_what(header: str, words: str) -> None:
    with pytest.raises(BadFile, match=words):
        a_layout(header)


# --- Lines --------------------------------------------------------------------------------------


@contextmanager
def a_file(tmp_path: Path, content: str | bytes) -> Iterator[list[Record]]:
    path = tmp_path / "spend.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with opened(path) as file:
        yield list(file.records())


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_byte_order_mark_is_no_part_of_the_header(tmp_path: Path, encoding: str) -> None:
    with a_file(tmp_path, f"{ENTRIES}\r\n1,é,3,4\r\n".encode(encoding)) as rows:
        assert rows == [Record(2, ["1", "é", "3", "4"])]


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_a_row_is_known_by_the_number_of_its_first_line(tmp_path: Path, ending: str) -> None:
    lines = ["", ENTRIES, "", '1,"two', 'lines",3,4', "5,6,7,8", ",,,", "9,9,9,9"]
    with a_file(tmp_path, ending.join(lines)) as rows:
        assert [(row.line, row.fields[0]) for row in rows] == [(4, "1"), (6, "5"), (8, "9")]


def test_bytes_that_are_no_text_reach_their_own_row_only(tmp_path: Path) -> None:
    with a_file(tmp_path, f"{ENTRIES}\n".encode() + b"caf\xe9,2,3,4\n5,6,7,8\n") as rows:
        assert [row.fields[0] for row in rows] == ["caf\udce9", "5"]


def test_a_stray_quote_spoils_its_own_row_only(tmp_path: Path) -> None:
    with a_file(tmp_path, f'{ENTRIES}\n"1"x,2,3,4\n5,6,7,8\n') as rows:
        assert [(row.line, bool(row.error)) for row in rows] == [(2, True), (3, False)]


def test_a_quote_that_is_never_closed_ends_the_reading_with_its_line(tmp_path: Path) -> None:
    with (
        pytest.raises(BadFile, match="opens on line 3"),
        a_file(tmp_path, f'{ENTRIES}\n1,2,3,4\n"5,6,7,8\n9,9,9,9\n'),
    ):
        pass


def test_a_line_without_end_is_no_csv(tmp_path: Path) -> None:
    long = "x" * (text.LONGEST_LINE + 1)
    with (
        pytest.raises(BadFile, match="Line 2 is longer than"),
        a_file(tmp_path, f"{ENTRIES}\n{long}"),
    ):
        pass


@pytest.mark.parametrize("content", ["", "\n\n\n", "\ufeff"])
def test_an_empty_file_says_so(tmp_path: Path, content: str) -> None:
    with pytest.raises(BadFile, match="empty"), a_file(tmp_path, content):
        pass


# --- Which id ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "header, column",
    [("campaign_id", "campaign_id"), ("Campaign ID", "external_id"), ("CampaignId", "external_id")],
)
def test_only_our_own_spelling_is_our_own_id(header: str, column: str) -> None:
    assert a_layout(f"{header},occurred_at,amount,currency").columns[column] == 0


# --- Times and days -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "2026-03-31T12:30:00Z",
        "2026-03-31T14:30:00+02:00",
        "2026-03-31 14:30+0200",
        "2026-03-31 14:30:00.000000 +02",
        "2026-03-31 12:30:00,0z",
    ],
)
def test_an_offset_says_the_instant(text: str) -> None:
    assert read_instant(text, PARIS) == (datetime(2026, 3, 31, 12, 30, tzinfo=UTC), False)


@pytest.mark.parametrize(
    "text, instant",
    [
        ("2026-03-31 14:30", datetime(2026, 3, 31, 12, 30, tzinfo=UTC)),
        ("2026-03-31", datetime(2026, 3, 30, 22, tzinfo=UTC)),
        ("2026-10-25 02:30", datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),  # comes twice: the first
    ],
)
def test_a_time_without_offset_is_on_the_clock_of_the_brand(text: str, instant: datetime) -> None:
    read, on_brand_clock = read_instant(text, PARIS)
    assert (read.astimezone(UTC), on_brand_clock) == (instant, True)


@pytest.mark.parametrize(
    "text",
    [
        "03/10/2026",
        "10.03.2026",
        "2026-3-1",
        "2026-02-30",
        "2026-03-10 25:00",
        "0001-01-01",
        "9999-12-31",
        "1773144000",
        "2026-W10-2",
        "",
        "noon",
    ],
)
def test_a_time_that_can_mean_two_is_refused(text: str) -> None:
    with pytest.raises(Refused) as refusal:
        read_instant(text, PARIS)
    assert refusal.value.code in {"bad_time", "bad_day"}


def test_a_layout_gives_cells_by_name() -> None:
    layout: Layout = a_layout(ENTRIES)
    assert layout.cell("amount", ["1", "2", " 3 ", "4"]) == "3"
    assert layout.cell("key", ["1", "2", "3", "4"]) == ""
    assert layout.cell("currency", ["1"]) == ""


# --- What is wrong, by its true name ------------------------------------------------------------


def test_excels_line_that_says_the_delimiter_is_read(tmp_path: Path) -> None:
    header = ENTRIES.replace(",", ";")
    with a_file(tmp_path, f"sep=;\r\n{header}\r\n1;2;3;4\r\n") as rows:
        assert rows == [Record(3, ["1", "2", "3", "4"])]


def why_refused(fields: list[str]) -> tuple[str, str]:
    with pytest.raises(BadCell) as refusal:
        Cells(a_layout(ENTRIES), Record(2, fields))
    return refusal.value.code, str(refusal.value)


def test_a_comma_that_splits_an_amount_is_named() -> None:
    code, words = why_refused(["7", "2026-03-10", "$1", "234.56", "USD"])
    assert code == "bad_row"
    assert "$1,234.56" in words


def test_a_row_that_is_too_short_is_not_called_a_split_amount() -> None:
    _, words = why_refused(["7", "2026-03-10", "1"])
    assert "splits" not in words


def test_bytes_of_another_encoding_are_named() -> None:
    code, words = why_refused(["caf\udce9", "2026-03-10", "1", "USD"])
    assert code == "bad_encoding"
    assert "0xE9" in words
