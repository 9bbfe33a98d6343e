"""Money is exact: whole micros, no floats, nothing rounded in silence."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from budgets.rules.money import (
    MAX_MICROS,
    AmountTooLarge,
    BadAmount,
    TooManyDecimals,
    to_micros,
    to_units,
)


@pytest.mark.parametrize(
    "amount, micros",
    [
        ("0", 0),
        ("10.50", 10_500_000),
        (Decimal("0.000001"), 1),
        (Decimal("-3.25"), -3_250_000),
        (7, 7_000_000),
        ("1e3", 1_000_000_000),
        ("1.0000000000", 1_000_000),  # ten decimals, but nothing in them
        ("100000000000", MAX_MICROS),
        ("-100000000000", -MAX_MICROS),
    ],
)
def test_an_amount_is_read_to_the_micro(amount: Decimal | int | str, micros: int) -> None:
    assert to_micros(amount) == micros


@pytest.mark.parametrize("amount", [0.1, 10.0, True, None, "", "ten", "1,5", "NaN", "sNaN", "inf"])
def test_what_is_no_exact_amount_is_refused(amount: Any) -> None:
    with pytest.raises(BadAmount):
        to_micros(amount)


@pytest.mark.parametrize(
    "amount",
    ["0.0000001", "1e-7", "12345678901.0000000000000000000001", "1e-999999", "1e-1000100"],
)
def test_more_than_six_decimals_are_refused_not_rounded(amount: str) -> None:
    with pytest.raises(TooManyDecimals):
        to_micros(amount)


@pytest.mark.parametrize("amount", ["100000000000.000001", "-1e13", "1e999999", "1e1000000"])
def test_an_amount_beyond_the_ledger_is_refused(amount: str) -> None:
    with pytest.raises(AmountTooLarge):
        to_micros(amount)


@pytest.mark.parametrize(
    "micros, shown",
    [
        (0, "0.00"),
        (10_500_000, "10.50"),
        (1, "0.000001"),
        (-100_000, "-0.10"),
        (10**12, "1000000.00"),
    ],
)
def test_an_amount_is_shown_with_two_decimals_or_more(micros: int, shown: str) -> None:
    assert str(to_units(micros)) == shown


@given(st.integers(-MAX_MICROS, MAX_MICROS))
def test_micros_survive_the_way_there_and_back(micros: int) -> None:
    assert to_micros(to_units(micros)) == micros


def test_ten_dimes_are_a_dollar() -> None:
    assert sum([to_micros("0.10")] * 10) == to_micros("1.00")
