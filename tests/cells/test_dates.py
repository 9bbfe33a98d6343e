"""Days are read in the order that their column shows, or refused with both readings."""

from datetime import UTC, date, datetime

import pytest

from budgets.cells.dates import DayEvidence, DayOrder, read_day
from budgets.cells.refusal import UnreadableCell

THE_31ST = date(2026, 3, 31)


@pytest.mark.parametrize(
    "cell",
    [
        "2026-03-31",
        " 2026-03-31 ",
        "2026/03/31",
        "2026/3/31",
        "2026.03.31",
        "20260331",
        20260331,
        "2026-03-31 00:00:00",
        "2026-03-31T00:00:00",
        "31.03.2026",
        "31.3.2026",
        "31. 3. 2026",
        "3/31/2026",
        "31/03/2026",
        "31-03-2026",
        "Mar 31, 2026",
        "March 31, 2026",
        "Mar. 31, 2026",
        "31 Mar 2026",
        "31-Mar-2026",
        "31. März 2026",
        "31. Mär. 2026",
        "31 mars 2026",
        "31 de marzo de 2026",
        "31 marca 2026",
        THE_31ST,
        datetime(2026, 3, 31),  # noqa: DTZ001  # as a spreadsheet has it
    ],
)
def test_a_day_is_read_however_it_is_written(cell: object) -> None:
    assert read_day(cell) == THE_31ST


@pytest.mark.parametrize("order, day", [("dmy", date(2026, 3, 2)), ("mdy", date(2026, 2, 3))])
def test_a_known_order_decides_between_two_readings(order: DayOrder, day: date) -> None:
    assert read_day("2/3/2026", order=order) == day
    assert read_day("02-03-2026", order=order) == day


def test_two_readings_are_both_named() -> None:
    with pytest.raises(UnreadableCell, match="2026-03-02 or 2026-02-03") as caught:
        read_day("2/3/2026")
    assert caught.value.code == "two_readings"


def test_the_same_day_in_both_orders_needs_none() -> None:
    assert read_day("2/2/2026") == date(2026, 2, 2)


def test_dots_put_the_day_first() -> None:
    assert read_day("02.03.2026", order="mdy") == date(2026, 3, 2)


@pytest.mark.parametrize(
    "cells, order",
    [
        (["2/3/2026", "2/13/2026"], "mdy"),
        (["2/3/2026", "13/2/2026"], "dmy"),
        (["2/3/2026", "2026-02-13", "13.02.2026", "Total", None, THE_31ST], None),
    ],
)
def test_a_value_over_12_shows_the_order(cells: list[object], order: DayOrder | None) -> None:
    evidence = DayEvidence()
    for cell in cells:
        evidence.observe(cell)
    assert evidence.order() == order


def test_two_orders_in_one_column_are_refused_with_both_cells_named() -> None:
    evidence = DayEvidence()
    evidence.observe("13/2/2026", line=2)
    evidence.observe("2/14/2026", line=3)
    with pytest.raises(UnreadableCell, match=r"“13/2/2026” in line 2.*“2/14/2026” in line 3"):
        evidence.order()


def test_a_day_against_its_columns_order_is_refused() -> None:
    with pytest.raises(UnreadableCell, match="There is no such day: “2/14/2026”"):
        read_day("2/14/2026", order="dmy")


@pytest.mark.parametrize(
    "cell, words",
    [
        ("", "is empty"),
        ("soon", "is no day"),
        ("31.03.26", "all four"),
        ("3/31/26", "all four"),
        ("2026-02-30", "There is no"),
        ("03.31.2026", "There is no"),
        ("2006-03", "is no day"),
        ("1926-03-31", "is the year right"),
        ("31 Foo 2026", "is no day"),
        ("46112", "spreadsheet's number for a day"),
        (46112, "spreadsheet's number for a day"),
        ("2026-03-31 14:30", "is no day"),
        (datetime(2026, 3, 31, 14, 30), "is a time"),  # noqa: DTZ001  # as a spreadsheet has it
        (datetime(2026, 3, 31, tzinfo=UTC), "is a time"),
        (date(1899, 12, 30), "is the year right"),
    ],
)
def test_what_is_no_day_for_certain_is_refused(cell: object, words: str) -> None:
    with pytest.raises(UnreadableCell, match=words):
        read_day(cell)
