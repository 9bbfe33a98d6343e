"""Budgets that were likely mistyped."""

from decimal import Decimal

import pytest

from budgets.rules.jumps import is_jump


@pytest.mark.parametrize(
    "before, after, asks",
    [
        ("100", "500", False),
        ("100", "500.01", True),
        ("100", "20", False),
        ("100", "19.99", True),
        ("100", "100", False),
        ("100", "0", False),
        ("0", "1000", False),
        ("100", None, True),
        ("0", None, True),
        (None, None, False),
        (None, "100", False),
    ],
)
def test_a_budget_jumps_above_five_times_below_a_fifth_or_to_no_limit(
    before: str | None, after: str | None, asks: bool
) -> None:
    amounts = (Decimal(text) if text is not None else None for text in (before, after))
    assert is_jump(*amounts, times=Decimal(5)) == asks


def test_nothing_is_a_jump_when_the_check_is_off() -> None:
    assert not is_jump(Decimal(1), Decimal(1000), times=Decimal(0))
    assert not is_jump(Decimal(1), None, times=Decimal(0))
