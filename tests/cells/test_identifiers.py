"""Ids come through whole; what a spreadsheet shortened is refused, so that no two become one."""

from datetime import date

import pytest

from budgets.cells.identifiers import read_identifier
from budgets.cells.refusal import UnreadableCell


@pytest.mark.parametrize(
    "cell, text",
    [
        (None, ""),
        ("", ""),
        ("A-1", "A-1"),
        (" 120210000000000123 ", "120210000000000123"),
        ("\ufeff12\u200e", "12"),
        ("'120210000000000123", "120210000000000123"),
        ("'=1", "=1"),
        ("'abc", "'abc"),
        ("007", "007"),
        ("3E8", "3E8"),
        ("a b", "a b"),
        ("spring-2.0", "spring-2.0"),
        (12345, "12345"),
        (999999999999999, "999999999999999"),
        (12345678901.0, "12345678901"),
    ],
)
def test_an_id_is_kept_as_it_is(cell: object, text: str) -> None:
    assert read_identifier(cell) == text


@pytest.mark.parametrize(
    "cell",
    [
        "1.2021E+17",
        "1,2021E+17",
        "1.2021e17",
        "1E+17",
        "12345.0",
        1.2021e17,
        120210000000000123,
        10**15,
        1.5,
        float("nan"),
        float("inf"),
        True,
    ],
)
def test_what_may_stand_for_several_ids_is_refused(cell: object) -> None:
    with pytest.raises(UnreadableCell, match="show the column as text") as caught:
        read_identifier(cell)
    assert caught.value.code == "shortened_id"


def test_an_id_that_became_a_date_is_refused() -> None:
    with pytest.raises(UnreadableCell, match="took for a date"):
        read_identifier(date(2026, 3, 10))
