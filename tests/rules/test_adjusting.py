"""Budgets set, raised, lowered and cleared."""

from decimal import Decimal

import pytest

from budgets.rules.adjusting import Adjustment, BelowZero, How


@pytest.mark.parametrize(
    "how, by, before, after",
    [
        (How.KEEP, "0", "100", "100"),
        (How.SET, "80", "100", "80.00"),
        (How.SET, "80", None, "80.00"),
        (How.RAISE_BY_PERCENT, "10", "100", "110.00"),
        (How.LOWER_BY_PERCENT, "10", "100", "90.00"),
        (How.LOWER_BY_PERCENT, "100", "100", "0.00"),
        (How.RAISE_BY_AMOUNT, "25", "100", "125.00"),
        (How.LOWER_BY_AMOUNT, "25", "100", "75.00"),
        (How.RAISE_BY_PERCENT, "10", None, None),
        (How.LOWER_BY_AMOUNT, "10", None, None),
        (How.CLEAR, "0", "100", None),
    ],
)
def test_a_budget_is_adjusted(how: How, by: str, before: str | None, after: str | None) -> None:
    adjusted = Adjustment(how=how, by=Decimal(by)).of(amount(before), decimals=2)
    assert adjusted == amount(after)


@pytest.mark.parametrize("decimals, after", [(0, "33"), (2, "33.50"), (3, "33.495")])
def test_it_is_rounded_to_the_decimals_of_its_currency(decimals: int, after: str) -> None:
    raised = Adjustment(how=How.RAISE_BY_PERCENT, by=Decimal("1.5"))
    assert str(raised.of(Decimal("33"), decimals=decimals)) == after


def test_a_budget_is_never_lowered_below_zero() -> None:
    lowered = Adjustment(how=How.LOWER_BY_AMOUNT, by=Decimal("100.01"))
    with pytest.raises(BelowZero, match="cannot be lowered"):
        lowered.of(Decimal(100), decimals=2)


def amount(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
