"""A number typed alone is read as its language writes it, unless the currency contradicts."""

from decimal import Decimal

import pytest

from budgets.cells.refusal import UnreadableCell
from budgets.cells.typed import read_typed_number, refuse_decimals_beyond


@pytest.mark.parametrize(
    "text, currency, amount",
    [
        ("1,000", "USD", "1000"),
        ("1,234", "USD", "1234"),
        ("€1000", "EUR", "1000"),
        ("1,000.50", "USD", "1000.50"),
        ("1.000,50", "EUR", "1000.50"),
        ("12,50", "EUR", "12.50"),
        ("1,000", "JPY", "1000"),
        ("1.000", "KWD", "1"),
        ("60000.000", "KWD", "60000"),
        ("0.000001", "USD", "0.000001"),
    ],
)
def test_english_reads_a_comma_as_thousands(text: str, currency: str, amount: str) -> None:
    assert read_typed_number(text, decimal_sign=".", currency=currency) == Decimal(amount)


@pytest.mark.parametrize("currency", ["USD", "JPY", None])
def test_a_point_before_three_digits_may_be_thousands(currency: str | None) -> None:
    with pytest.raises(UnreadableCell, match=r"1000 or 1\.000") as caught:
        read_typed_number("1.000", decimal_sign=".", currency=currency)
    assert caught.value.code == "two_readings"


def test_german_reads_a_point_as_thousands() -> None:
    assert read_typed_number("1.000", decimal_sign=",", currency="EUR") == 1000
    with pytest.raises(UnreadableCell, match="nothing shows which"):
        read_typed_number("1,000", decimal_sign=",", currency="EUR")


@pytest.mark.parametrize(
    "currency, amount", [("JPY", "10.50"), ("USD", "10.505"), ("KWD", "1.2345")]
)
def test_decimals_that_a_currency_lacks_are_refused(currency: str, amount: str) -> None:
    with pytest.raises(UnreadableCell, match=currency) as caught:
        refuse_decimals_beyond(currency, Decimal(amount))
    assert caught.value.code == "too_many_decimals"


@pytest.mark.parametrize(
    "currency, amount", [("JPY", "10.00"), ("USD", "10.50"), ("KWD", "1.234"), ("USD", "10.500")]
)
def test_zeros_are_no_decimals(currency: str, amount: str) -> None:
    refuse_decimals_beyond(currency, Decimal(amount))
