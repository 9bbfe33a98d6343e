"""Amounts as Meta writes budgets: whole numbers of a currency's smallest unit, by its own list.

https://developers.facebook.com/docs/marketing-api/currencies
"""

from decimal import Decimal

WHOLE = frozenset(["CLP", "COP", "CRC", "HUF", "ISK", "IDR", "JPY", "KRW", "PYG", "TWD", "VND"])
"""Currencies without a smaller unit there; all others have hundredths."""


def smallest(currency: str) -> Decimal:
    return Decimal(1) if currency in WHOLE else Decimal("0.01")


def in_smallest(amount: Decimal, currency: str) -> int:
    """Return an amount as Meta writes it; a part of the smallest unit is left out."""
    return int(amount / smallest(currency))


def in_units(number: str | int, currency: str) -> Decimal:
    """Return what Meta writes as an amount in units of the currency."""
    return int(number) * smallest(currency)
