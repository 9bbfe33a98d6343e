"""A box for an amount, as people type it in their language and currency."""

from decimal import Decimal
from typing import Any

from babel.numbers import get_decimal_symbol
from django import forms
from django.core.exceptions import ValidationError

from budgets.admin.base.widgets import AmountInput
from budgets.cells.refusal import UnreadableCell
from budgets.cells.typed import read_typed_number, refuse_decimals_beyond
from budgets.reports.words import locale, written_decimals


class AmountField(forms.DecimalField):
    """An amount; the form that holds it says in which currency before it is read."""

    widget = AmountInput
    currency: str | None = None

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]  # as of any DecimalField
        if isinstance(value, Decimal):
            return value
        text = "" if value is None else str(value).strip()
        return typed(text, currency=self.currency) if text else None


def typed(text: str, *, currency: str | None = None, percent: bool = False) -> Decimal:
    """Read a number that a person typed in the language of the page. Raises `ValidationError`."""
    sign = "," if get_decimal_symbol(locale()) == "," else "."
    try:
        return read_typed_number(text, decimal_sign=sign, currency=currency, percent=percent)
    except UnreadableCell as error:
        raise ValidationError(str(error), code=error.code) from None


def refuse_finer(currency: str, amount: Decimal) -> None:
    """Refuse an amount finer than its currency. Raises `ValidationError`."""
    try:
        refuse_decimals_beyond(currency, amount)
    except UnreadableCell as error:
        raise ValidationError(str(error), code=error.code) from None


def with_decimals(amount: Decimal, decimals: int) -> Decimal:
    """Return the amount with the decimals of its currency, or with all that it has.

    One with three where the currency has fewer gets a fourth: three could be taken for thousands.
    """
    needed = written_decimals(amount)
    shown = decimals if needed <= decimals else 4 if needed == 3 else needed
    return amount.quantize(Decimal(1).scaleb(-shown))
