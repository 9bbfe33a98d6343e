"""Amounts and lengths of time as people write them."""

from decimal import Decimal

import pytest
from django.utils.translation import override

from budgets.reports.words import duration, money, money_in_short


@pytest.mark.parametrize(
    "amount, currency, language, text",
    [
        ("0", "SAR", "en", "SAR 0.00"),
        ("-1234.5", "SAR", "en", "-SAR 1,234.50"),
        ("5", "CHF", "en", "CHF 5.00"),
        ("5", "USD", "en", "$5.00"),
        ("5", "AUD", "en", "A$5.00"),
        ("0.125", "SAR", "en", "SAR 0.125"),
        ("5", "SAR", "de", "5,00 SAR"),
        ("5", "SAR", "pt-br", "SAR 5,00"),
    ],
)
def test_a_currency_that_is_letters_stands_apart(
    amount: str, currency: str, language: str, text: str
) -> None:
    with override(language):
        assert money(Decimal(amount), currency).replace("\u00a0", " ") == text


def test_the_axis_of_a_chart_writes_it_alike() -> None:
    assert money_in_short(Decimal(15_000), "SAR").replace("\u00a0", " ") == "SAR 15K"
    assert money_in_short(Decimal(15_000), "USD") == "$15K"


@pytest.mark.parametrize(
    "minutes, text",
    [(0, "0 min"), (59, "59 min"), (60, "1 h"), (1230, "20 h 30 min"), (44_640, "744 h")],
)
def test_minutes_are_told_in_hours(minutes: int, text: str) -> None:
    assert duration(minutes) == text
