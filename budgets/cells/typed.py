"""Numbers that a person types alone, in a form: their language stands in for a column."""

from decimal import Decimal

from budgets.cells.currencies import decimals_of, decimals_or_two
from budgets.cells.numbers import UNDETERMINED, checked, chosen, signed, two_readings
from budgets.cells.readings import decimals_written, finest_decimal, readings_of
from budgets.cells.refusal import UnreadableCell


def read_typed_number(
    text: str, *, decimal_sign: str, currency: str | None = None, percent: bool = False
) -> Decimal:
    """Return a number that a person typed alone, whose language writes decimals with a sign.

    The language decides between two readings (1,000 is a thousand in English), unless what it
    says has more decimals than the currency: 1.000 dollars are refused. Raises `UnreadableCell`.
    """
    written = checked(text, currency, percent=percent)
    readings = readings_of(written.body)
    number = readings.of(decimal_sign)
    if not readings.are_two or number is None:
        return signed(written, chosen(written, readings, UNDETERMINED, currency))
    if decimals_written(number) > decimals_or_two(currency):
        raise two_readings(written, readings)
    return signed(written, number)


def refuse_decimals_beyond(currency: str, amount: Decimal) -> None:
    """Refuse an amount finer than its currency. Raises `UnreadableCell`."""
    decimals = decimals_of(currency)
    if finest_decimal(amount) > decimals:
        has = f"has {decimals} decimals" if decimals else "has no decimals"
        raise UnreadableCell(
            "too_many_decimals", f"{currency} {has}; {amount:f} is finer than that. Round it."
        )
