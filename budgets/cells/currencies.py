"""Currencies as cells name them: codes and signs, some of which several currencies share."""

from functools import lru_cache

from babel import Locale
from babel.numbers import get_currency_precision, list_currencies

from budgets.cells.refusal import UnreadableCell, quoted

OF_ONE = {
    "US$": "USD", "$US": "USD", "A$": "AUD", "AU$": "AUD", "$AU": "AUD", "C$": "CAD",
    "CA$": "CAD", "$CA": "CAD", "NZ$": "NZD", "HK$": "HKD", "S$": "SGD", "SG$": "SGD",
    "NT$": "TWD", "MX$": "MXN", "R$": "BRL", "€": "EUR", "EURO": "EUR", "円": "JPY", "元": "CNY",
    "CN¥": "CNY", "₹": "INR", "₩": "KRW", "원": "KRW", "₽": "RUB", "₺": "TRY", "TL": "TRY",
    "₴": "UAH", "₪": "ILS", "₫": "VND", "฿": "THB", "₱": "PHP", "zł": "PLN", "Kč": "CZK",
    "Ft": "HUF", "lei": "RON", "лв": "BGN", "R": "ZAR", "RM": "MYR", "Rp": "IDR", "₦": "NGN",
    "GH₵": "GHS", "₡": "CRC", "₲": "PYG", "₸": "KZT", "₾": "GEL", "৳": "BDT",
}  # fmt: skip

OF_SEVERAL = {
    "¥": ("JPY", "CNY"), "￥": ("JPY", "CNY"), "kr": ("SEK", "NOK", "DKK", "ISK"),
    "Fr": ("CHF",), "SFr": ("CHF",), "Rs": ("INR", "PKR", "LKR", "NPR", "MUR"),
}  # fmt: skip

SHARED_NAMES = {"$": ("Dollar", "Peso"), "£": ("Pound",)}
"""A bare sign stands for any of the currencies that are called so."""


@lru_cache(maxsize=1_000)
def currencies_named(sign: str) -> frozenset[str]:
    """Return the currencies that a code or sign can stand for; none if it is neither."""
    return _all_signs().get(sign.replace(" ", "").rstrip(".").casefold(), frozenset())


@lru_cache(maxsize=1)
def _all_signs() -> dict[str, frozenset[str]]:
    codes = list_currencies()
    names = Locale("en").currencies
    signs = {code: {code} for code in codes}
    signs |= {sign: {code} for sign, code in OF_ONE.items()}
    signs |= {sign: set(several) for sign, several in OF_SEVERAL.items()}
    for sign, words in SHARED_NAMES.items():
        signs[sign] = {code for code in codes if any(w in names.get(code, "") for w in words)}
    return {sign.casefold(): frozenset(several) for sign, several in signs.items()}


def check_currency(named: frozenset[str] | None, currency: str | None, text: str) -> None:
    """Refuse a cell that names another currency than its row's, or any where none belongs."""
    if named is None or currency in named:
        return
    if currency is None:
        message = f"{quoted(text)} names a currency where none is expected; write the number alone."
    else:
        message = f"{quoted(text)} names another currency; amounts here are in {currency}."
    raise UnreadableCell("wrong_currency", message)


@lru_cache(maxsize=1_000)
def decimals_of(currency: str) -> int:
    """Return how many decimals amounts of the currency are written with."""
    return get_currency_precision(currency)


def decimals_or_two(currency: str | None) -> int:
    """Return the decimals of the currency, or the usual number where none is known."""
    return decimals_of(currency) if currency else 2
