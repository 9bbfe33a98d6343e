"""Money: whole micros at rest (10⁻⁶ of the currency's unit), `Decimal` in Python, no floats."""

from decimal import MAX_EMAX, MAX_PREC, MIN_EMIN, Context, Decimal, InvalidOperation

MICROS_PER_UNIT = 1_000_000
MAX_UNITS = Decimal(10) ** 11
"""Largest amount of an entry, a budget or a campaign's month: sums of it stay in 64 bits."""

MIN_UNITS = -MAX_UNITS
MAX_MICROS = int(MAX_UNITS) * MICROS_PER_UNIT

# The default context rounds at 28 digits, which would hide decimals, and overflows.
EXACT = Context(prec=MAX_PREC, Emax=MAX_EMAX, Emin=MIN_EMIN)


class BadAmount(ValueError):
    """An amount that cannot be money; the message says why and what to write instead."""


class AmountTooLarge(BadAmount):
    """An amount beyond what a total can hold."""


class TooManyDecimals(BadAmount):
    """An amount finer than a micro."""


def to_micros(amount: Decimal | int | str) -> int:
    """Return the amount, in currency units, as whole micros.

    Raises `BadAmount` for floats, text that is no number, NaN and infinities,
    `TooManyDecimals` beyond 6, and `AmountTooLarge` beyond `MAX_UNITS` either way.
    """
    units = parse_amount(amount)
    if not MIN_UNITS <= units <= MAX_UNITS:
        raise AmountTooLarge(f"{amount} is beyond the largest amount, {MAX_UNITS:,}.")
    micros = units.scaleb(6, EXACT)
    whole = int(micros)
    if whole != micros:
        raise TooManyDecimals(f"{amount} has more than 6 decimals; round it to 0.000001.")
    return whole


def sum_to_micros(total: Decimal) -> int:
    """Return a sum of amounts, in currency units, as whole micros, however large it is."""
    return int(total.scaleb(6, EXACT))


def parse_amount(amount: Decimal | int | str) -> Decimal:
    """Read an amount in currency units. Raises `BadAmount`."""
    if isinstance(amount, (float, bool)):
        raise BadAmount(f"{amount!r} is not exact money; give a Decimal, an int or text.")
    if isinstance(amount, str) and not (amount.isascii() and "_" not in amount):
        raise BadAmount(f"{amount!r} is not in plain digits; write it like 1234.56.")
    try:
        units = Decimal(amount)
    except (InvalidOperation, TypeError, ValueError):
        raise BadAmount(f"{amount!r} is not an amount; write it like 1234.56.") from None
    if not units.is_finite():
        raise BadAmount(f"{amount!r} is not an amount; write it like 1234.56.")
    return units


def to_units(micros: int) -> Decimal:
    """Return whole micros as an exact amount in currency units, with at least 2 decimals."""
    units = Decimal(micros).scaleb(-6, EXACT).normalize(EXACT)
    exponent = units.as_tuple().exponent
    if isinstance(exponent, int) and exponent < -2:
        return units
    return units.quantize(CENT, context=EXACT)


CENT = Decimal("0.01")
