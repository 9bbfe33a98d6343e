"""Numbers of a column are read exactly, or refused with what they could mean."""

from decimal import Decimal

import pytest

from budgets.cells.numbers import (
    UNDETERMINED,
    WITH_COMMA,
    WITH_POINT,
    NumberEvidence,
    NumberStyle,
    read_number,
)
from budgets.cells.refusal import UnreadableCell


def style_of(*cells: object, currency: str | None = None) -> NumberStyle:
    """Return the style that the cells of a column show."""
    evidence = NumberEvidence()
    for line, cell in enumerate(cells, start=2):
        evidence.observe(cell, currency=currency, line=line)
    return evidence.style()


def refusal(cell: object, style: NumberStyle = UNDETERMINED, **facts: str) -> UnreadableCell:
    """Return why the cell is refused."""
    with pytest.raises(UnreadableCell) as caught:
        read_number(cell, style, currency=facts.get("currency"))
    return caught.value


@pytest.mark.parametrize(
    "text, amount",
    [
        ("1234.56", "1234.56"),
        ("1,234.56", "1234.56"),
        ("1.234,56", "1234.56"),
        ("12,50", "12.50"),
        ("1,5", "1.5"),
        ("0,123", "0.123"),
        ("1234,567", "1234.567"),
        ("1.234.567", "1234567"),
        ("1,234,567", "1234567"),
        ("1,23,456.78", "123456.78"),
        ("12,34,567", "1234567"),
        ("1 234,56", "1234.56"),
        ("1\u00a0234,56", "1234.56"),
        ("1\u202f234\u202f567,89", "1234567.89"),
        ("1'234.50", "1234.50"),
        ("1’234’567.50", "1234567.50"),
        ("1 234", "1234"),
        (".5", "0.5"),
        (",5", "0.5"),
        ("5.", "5"),
        ("+5", "5"),
        ("-5.00", "-5.00"),
        ("−5.00", "-5.00"),
        ("5.00-", "-5.00"),
        ("(5.00)", "-5.00"),
        ("( 1,234.50 )", "-1234.50"),
        (" 12 ", "12"),
        ("\u200f-12.50", "-12.50"),
        ("0.000001", "0.000001"),
        ("1.0000000000", "1"),
    ],
)
def test_what_has_one_reading_is_read_without_a_column(text: str, amount: str) -> None:
    assert read_number(text) == Decimal(amount)


@pytest.mark.parametrize(
    "text, currency, amount",
    [
        ("$1,234.56", "USD", "1234.56"),
        ("$1,234.56", "CAD", "1234.56"),
        ("$12.50", "MXN", "12.50"),
        ("US$ 12.50", "USD", "12.50"),
        ("-$12.50", "USD", "-12.50"),
        ("$-12.50", "USD", "-12.50"),
        ("($12.50)", "USD", "-12.50"),
        ("$12.50 USD", "USD", "12.50"),
        ("€1000", "EUR", "1000"),
        ("1000 EUR", "EUR", "1000"),
        ("USD 12.50", "USD", "12.50"),
        ("1.234,56 €", "EUR", "1234.56"),
        ("kr.5", "DKK", "5"),
        ("5,50 kr.", "SEK", "5.50"),
        ("CHF 1’234.50", "CHF", "1234.50"),
        ("1 234,50 zł", "PLN", "1234.50"),
        ("₹1,23,456.78", "INR", "123456.78"),
        ("¥2,345", "JPY", "2345"),
        ("2.345", "JPY", "2345"),
        ("JPY 2,345", "JPY", "2345"),
        ("R$ 1.234,50", "BRL", "1234.50"),
    ],
)
def test_a_currency_may_stand_beside_its_amount(text: str, currency: str, amount: str) -> None:
    assert read_number(text, currency=currency) == Decimal(amount)


@pytest.mark.parametrize(
    "text, currency",
    [("€5", "USD"), ("5 EUR", "USD"), ("$5", "EUR"), ("CA$5", "USD"), ("$5 EUR", "USD")],
)
def test_another_currency_than_the_rows_is_refused(text: str, currency: str) -> None:
    assert refusal(text, currency=currency).code == "wrong_currency"


def test_a_currency_is_refused_where_none_is_known() -> None:
    assert refusal("€5").code == "wrong_currency"


@pytest.mark.parametrize("currency", ["USD", "KWD", None])
@pytest.mark.parametrize(
    "text, both",
    [
        ("1,234", "1234 or 1.234"),
        ("1.234", "1234 or 1.234"),
        ("(1.500)", "-1500 or -1.500"),
        ("12.345", "12345 or 12.345"),
    ],
)
def test_two_readings_are_both_named(text: str, both: str, currency: str | None) -> None:
    with pytest.raises(UnreadableCell, match=both) as caught:
        read_number(text, currency=currency)
    assert caught.value.code == "two_readings"


def test_what_a_refusal_says_to_write_can_be_read() -> None:
    assert "write 1500 or 1.5000" in str(refusal("1,500"))
    assert (read_number("1500"), read_number("1.5000")) == (Decimal(1500), Decimal("1.5"))


@pytest.mark.parametrize(
    "proof, text, amount",
    [
        ("1,234.56", "1,234", "1234"),
        ("1.234,56", "1.234", "1234"),
        ("12.50", "1,234", "1234"),
        ("12.50", "1.234", "1.234"),
        ("12,50", "1.234", "1234"),
        ("12,50", "1,234", "1.234"),
        ("1.234.567", "1,234", "1.234"),
        ("0,123", "1,234", "1.234"),
        ("$1,234.56", "1,234", "1234"),
        ("1 234,56", "1,234", "1.234"),
    ],
)
def test_any_cell_of_the_column_decides_for_all(proof: str, text: str, amount: str) -> None:
    assert read_number(text, style_of("17", text, proof)) == Decimal(amount)


@pytest.mark.parametrize(
    "cells", [(), ("1,234", "2.345"), ("17", "--", "n/a", "Total", ""), (1.5, 3, None), ("1 234",)]
)
def test_a_column_that_proves_nothing_has_no_style(cells: tuple[object, ...]) -> None:
    assert style_of(*cells).decimal is None


def test_a_group_in_a_currency_without_decimals_shows_the_style() -> None:
    assert style_of("2,345", currency="JPY").decimal == "."
    assert style_of("2,345", "1,5", currency="JPY").decimal == ","
    assert style_of("JPY 2,345").decimal == "."
    assert style_of("2,345", currency="USD").decimal is None


def test_two_styles_in_one_column_are_refused_with_both_cells_named() -> None:
    with pytest.raises(UnreadableCell, match=r"“1,234\.56” in line 2.*“12,50” in line 4") as caught:
        style_of("1,234.56", "7", "12,50")
    assert caught.value.code == "two_styles"


def test_yen_grouped_in_two_ways_are_refused() -> None:
    with pytest.raises(UnreadableCell, match="two ways"):
        style_of("2,345", "2.345", currency="JPY")


def test_a_cell_in_another_style_than_its_column_is_refused() -> None:
    assert refusal("12,50", style_of("1,234.56")).code == "two_styles"
    assert "as in “1,234.56” in line 2" in str(refusal("12,50", style_of("1,234.56")))


def test_a_comma_is_no_group_in_a_column_that_groups_by_spaces() -> None:
    assert refusal("1,234", style_of("1 234.56")).code == "two_readings"


def test_groups_seen_in_a_long_column_are_all_known() -> None:
    style = style_of("1 234.56", "1,234.56", "12.50")
    assert style.groups == {" ", ","}
    assert read_number("1,234", style) == 1234


def test_the_columns_beside_it_show_the_style_where_they_agree() -> None:
    nothing = NumberEvidence()
    assert nothing.style(beside=[WITH_COMMA, UNDETERMINED]).decimal == ","
    assert nothing.style(beside=[WITH_COMMA, WITH_POINT]).decimal is None
    own = NumberEvidence()
    own.observe("12.50")
    assert own.style(beside=[WITH_COMMA]).decimal == "."


@pytest.mark.parametrize(
    "text, code",
    [
        ("", "empty"),
        (" \u00a0", "empty"),
        ("--", "no_value"),
        ("—", "no_value"),
        ("n/a", "no_value"),
        ("1.2E+05", "shortened"),
        ("1,2E+05", "shortened"),
        ("1e11", "shortened"),
        ("0.0000001", "too_many_decimals"),
        ("5,-", "two_readings"),
        ("5.–", "two_readings"),
        ("20 %", "bad_amount"),
        ("lots", "bad_amount"),
        ("１２", "bad_amount"),
        ("١٢", "bad_amount"),
        ("1,23.4", "bad_amount"),
        ("1,,234", "bad_amount"),
        ("1.234.56", "bad_amount"),
        ("1 23", "bad_amount"),
        ("1,234'567", "bad_amount"),
        ("0,001,234", "bad_amount"),
        ("001,234", "bad_amount"),
        ("--5", "bad_amount"),
        ("-(5)", "bad_amount"),
        ("(5", "bad_amount"),
        ("5)", "bad_amount"),
        ("5+", "bad_amount"),
        ("5 apples", "bad_amount"),
        ("5 EUR 6", "bad_amount"),
        ("0x10", "bad_amount"),
        ("1_000", "bad_amount"),
        ("NaN", "bad_amount"),
        ("9" * 101, "bad_amount"),
    ],
)
def test_what_is_no_amount_is_refused_with_its_cause(text: str, code: str) -> None:
    assert refusal(text, currency="EUR").code == code


def test_a_percent_sign_is_read_where_it_belongs() -> None:
    assert read_number("20 %", percent=True) == 20
    assert read_number("%12,5", percent=True) == Decimal("12.5")
    assert read_number("20", percent=True) == 20


@pytest.mark.parametrize(
    "number, amount",
    [
        (5, "5"),
        (0.1, "0.1"),
        (0.30000000000000004, "0.3"),
        (1234.5600000000002, "1234.56"),
        (1234.5600000000291, "1234.56"),
        (12345678901.25, "12345678901.25"),
        (0.000001, "0.000001"),
        (-2.5, "-2.5"),
        (Decimal("1.25"), "1.25"),
    ],
)
def test_a_spreadsheets_number_is_what_was_typed(number: object, amount: str) -> None:
    assert read_number(number, WITH_COMMA, currency="USD") == Decimal(amount)


@pytest.mark.parametrize(
    "number, code",
    [
        (100 / 3, "bad_amount"),
        (123456789012.12346, "bad_amount"),
        (1.7976931348623157e308, "bad_amount"),
        (0.1234567, "too_many_decimals"),
        (float("nan"), "bad_amount"),
        (float("inf"), "bad_amount"),
        (True, "bad_amount"),
        (None, "bad_amount"),
        (Decimal("NaN"), "bad_amount"),
    ],
)
def test_a_spreadsheets_real_decimals_are_never_lost(number: object, code: str) -> None:
    assert refusal(number).code == code
