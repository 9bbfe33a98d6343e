"""What a spreadsheet would compute is kept as text, and read back as what it was."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from budgets.cells.formulas import as_meant, harmless, kept_as_text

TRICKY = st.text(alphabet=";'=+-@＝＋－＠﹦\t\r\n \u00a0\u200b\ufeff1a", max_size=6)


@pytest.mark.parametrize(
    "cell",
    [
        "=1+1",
        "+cmd|' /C calc'!A0",
        "-1+2",
        "@A1",
        "\rtext",
        "\ntext",
        "  =1",
        "\u00a0=1",
        "\u200b=1",
        "＝1+1",
        "＋1+1",
        "－1+1",
        "＠A1",
        "﹦1",
        "'=1",
    ],
)
def test_what_would_be_computed_gets_an_apostrophe(cell: str) -> None:
    assert harmless(cell) == f"'{cell}"


@pytest.mark.parametrize(
    "cell", ["-12.50", "-12,50", "+12", "-1,234.56", "Acme", "", "'Amour", "a=b", "5 - 3"]
)
def test_numbers_and_other_text_stay_as_they_are(cell: str) -> None:
    assert harmless(cell) == cell


@pytest.mark.parametrize(
    "cell, kept",
    [
        ("x;=HYPERLINK(1);y", "x;'=HYPERLINK(1);y"),
        ("a note\n=2+2", "a note\n'=2+2"),
        ("a\t @A1", "a\t '@A1"),
        ("x;'=1", "x;''=1"),
        ("=1;=2", "'=1;'=2"),
        ("\t=1", "'\t'=1"),
    ],
)
def test_what_is_split_off_by_a_semicolon_or_a_line_is_kept_as_text(cell: str, kept: str) -> None:
    assert kept_as_text(cell) == kept
    assert as_meant([kept]) == [cell]


def test_a_name_that_is_a_number_stays_text() -> None:
    assert kept_as_text("+1") == "'+1"


def test_an_apostrophe_that_keeps_nothing_from_being_computed_stays() -> None:
    assert as_meant(["'Amour"]) == ["'Amour"]


@given(TRICKY)
def test_reading_undoes_what_writing_did(text: str) -> None:
    assert as_meant([kept_as_text(text)]) == [text]


@given(TRICKY)
def test_nothing_that_leaves_starts_a_formula(text: str) -> None:
    sent = kept_as_text(text)
    assert sent.lstrip("\u00a0\u200b\ufeff \t\r\n")[:1] not in set("=+-@＝＋－＠﹦")
    assert not sent.startswith(("\t", "\r", "\n"))
