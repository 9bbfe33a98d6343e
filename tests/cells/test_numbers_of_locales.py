"""Amounts written in any locale are read back as they were, or refused; never as another."""

from decimal import Decimal

from babel.numbers import format_currency, format_decimal, get_currency_precision
from hypothesis import example, given
from hypothesis import strategies as st

from budgets.cells.numbers import NumberEvidence, read_number
from budgets.cells.refusal import UnreadableCell
from budgets.cells.typed import read_typed_number

LOCALES = (
    "en_US", "en_GB", "en_IN", "hi_IN", "en_ZA", "de_DE", "de_AT", "de_CH", "fr_FR", "fr_CA",
    "fr_CH", "it_IT", "it_CH", "es_ES", "es_MX", "pt_BR", "pt_PT", "nl_NL", "sv_SE", "nb_NO",
    "da_DK", "fi_FI", "pl_PL", "cs_CZ", "hu_HU", "ro_RO", "tr_TR", "ru_RU", "uk_UA", "el_GR",
    "he_IL", "ar_EG", "fa_IR", "ja_JP", "zh_CN", "ko_KR", "th_TH", "vi_VN", "id_ID", "bg_BG",
)  # fmt: skip
CURRENCIES = ("USD", "EUR", "GBP", "JPY", "KWD", "CHF", "INR", "SEK", "PLN", "MXN", "BRL", "KRW")
AT_HOME = [
    ("en_US", "USD"), ("en_GB", "GBP"), ("en_IN", "INR"), ("de_DE", "EUR"), ("fr_FR", "EUR"),
    ("de_CH", "CHF"), ("sv_SE", "SEK"), ("nb_NO", "NOK"), ("da_DK", "DKK"), ("pl_PL", "PLN"),
    ("cs_CZ", "CZK"), ("hu_HU", "HUF"), ("ro_RO", "RON"), ("tr_TR", "TRY"), ("pt_BR", "BRL"),
    ("es_MX", "MXN"), ("en_CA", "CAD"), ("fr_CA", "CAD"), ("en_AU", "AUD"), ("ja_JP", "JPY"),
    ("zh_CN", "CNY"), ("ko_KR", "KRW"), ("vi_VN", "VND"), ("th_TH", "THB"), ("id_ID", "IDR"),
    ("he_IL", "ILS"), ("uk_UA", "UAH"), ("ru_RU", "RUB"), ("en_ZA", "ZAR"), ("nl_NL", "EUR"),
]  # fmt: skip

locales, currencies = st.sampled_from(LOCALES), st.sampled_from(CURRENCIES)
micros = st.integers(-(10**15), 10**15) | st.integers(-3000, 3000).map(lambda n: n * 1000)


def amount_of(micros: int, places: int) -> Decimal:
    return Decimal(micros).scaleb(-places)


@given(locales, st.lists(st.tuples(micros, st.integers(0, 6)), min_size=1, max_size=8))
@example("de_DE", [(1234, 0), (123456, 2)])
def test_a_column_of_numbers_comes_back(locale: str, column: list[tuple[int, int]]) -> None:
    amounts = [amount_of(*parts) for parts in column]
    cells = [format_decimal(a, locale=locale, decimal_quantization=False) for a in amounts]
    assert_read_back(cells, amounts)


@given(st.sampled_from(AT_HOME), st.lists(st.integers(-(10**9), 10**9), min_size=1, max_size=8))
@example(("ja_JP", "JPY"), [2345])
def test_a_column_of_money_comes_back(home: tuple[str, str], column: list[int]) -> None:
    locale, currency = home
    amounts = [amount_of(minor, get_currency_precision(currency)) for minor in column]
    cells = [format_currency(amount, currency, locale=locale) for amount in amounts]
    assert assert_read_back(cells, amounts, currency) == len(amounts), cells


@given(locales, currencies, st.lists(st.integers(-(10**9), 10**9), min_size=1, max_size=8))
def test_money_of_another_country_comes_back_or_is_refused(
    locale: str, currency: str, column: list[int]
) -> None:
    amounts = [amount_of(minor, get_currency_precision(currency)) for minor in column]
    cells = [format_currency(amount, currency, locale=locale) for amount in amounts]
    assert_read_back(cells, amounts, currency)


@given(locales, currencies, st.integers(-(10**9), 10**9))
def test_an_amount_typed_as_its_language_writes_it_comes_back(
    locale: str, currency: str, minor: int
) -> None:
    amount = amount_of(minor, get_currency_precision(currency))
    text = format_decimal(amount, locale=locale, decimal_quantization=False)
    sign = "." if "." in format_decimal(Decimal("1.5"), locale=locale) else ","
    assert read_typed_number(text, decimal_sign=sign, currency=currency) == amount


def assert_read_back(cells: list[str], amounts: list[Decimal], currency: str | None = None) -> int:
    """Check that each cell is its amount or refused; count those read."""
    evidence = NumberEvidence()
    for cell in cells:
        evidence.observe(cell, currency=currency)
    style = evidence.style()
    read = 0
    for cell, amount in zip(cells, amounts, strict=True):
        try:
            assert read_number(cell, style, currency=currency) == amount, cell
            read += 1
        except UnreadableCell as refusal:
            code = refusal.code
            assert code == "two_readings" or (currency and code == "bad_amount"), cell
    return read
