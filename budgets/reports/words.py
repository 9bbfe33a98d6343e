"""Reasons, money and times in plain language."""

import re
from datetime import date, datetime
from decimal import Decimal

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_datetime
from babel.numbers import (
    format_compact_currency,
    format_currency,
    get_currency_precision,
    get_currency_symbol,
)
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from budgets.rules.clock import LocalClock
from budgets.rules.reasons import PauseReason

NO_BREAK = "\u00a0"

REASON_WORDS = {
    PauseReason.HELD: _("On hold"),
    PauseReason.BRAND_HELD: _("Brand on hold"),
    PauseReason.OUTSIDE_FLIGHT: _("Outside its flight"),
    PauseReason.OUTSIDE_SCHEDULE: _("Outside its hours"),
    PauseReason.DAILY_BUDGET: _("Daily budget reached"),
    PauseReason.MONTHLY_BUDGET: _("Monthly budget reached"),
    PauseReason.BRAND_DAILY_BUDGET: _("Brand's daily budget reached"),
    PauseReason.BRAND_MONTHLY_BUDGET: _("Brand's monthly budget reached"),
    PauseReason.FORECAST: _("About to reach a budget"),
    PauseReason.FEED_SILENT: _("No spend seen"),
}


def reasons_in_words(reasons: PauseReason) -> list[str]:
    """Return each reason as a few words, in the order of `PauseReason`."""
    return [str(REASON_WORDS[reason]) for reason in reasons]


def status_in_words(reasons: PauseReason) -> str:
    """Return the reasons as one text; none means running."""
    return ", ".join(reasons_in_words(reasons)) or gettext("Running")


def money(amount: Decimal | None, currency: str) -> str:
    """Return the amount in the reader's local format, with the currency's own decimals.

    Parts of a cent are shown when there are some: nothing is rounded away unseen.
    """
    if amount is None:
        return str(_("no limit"))
    is_whole = written_decimals(amount) <= get_currency_precision(currency)
    text = format_currency(amount, currency, locale=locale(), decimal_quantization=is_whole)
    return spaced(text, currency)


def money_in_short(amount: Decimal, currency: str) -> str:
    """Return an amount as briefly as the axis of a chart has room for."""
    text = format_compact_currency(amount, currency, locale=locale(), fraction_digits=1)
    return spaced(text, currency)


def spaced(text: str, currency: str) -> str:
    """Keep a currency that is letters apart from its digits: “SAR 5”, and “A$5” as it is.

    Unicode's `currencySpacing`, which Babel leaves out.
    """
    symbol = get_currency_symbol(currency, locale=locale())
    apart = re.escape(symbol)
    if symbol[-1].isalpha():
        text = re.sub(rf"{apart}(?=\d)", f"{symbol}{NO_BREAK}", text)
    if symbol[0].isalpha():
        text = re.sub(rf"(?<=\d){apart}", f"{NO_BREAK}{symbol}", text)
    return text


def duration(minutes: int) -> str:
    """Return a length of time as people say it: “20 h 30 min”."""
    hours, rest = divmod(minutes, 60)
    told = {"hours": f"{hours:,}", "minutes": rest}
    if not hours:
        return gettext("%(minutes)s min") % told
    return (gettext("%(hours)s h %(minutes)s min") if rest else gettext("%(hours)s h")) % told


def written_decimals(amount: Decimal) -> int:
    """Return how many decimals the amount needs."""
    exponent = amount.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def local_time(at: datetime, clock: LocalClock) -> str:
    """Return an instant on the brand's wall clock, with the name of its zone."""
    return f"{wall_time(at, clock)} ({clock.zone.key})"


def wall_time(at: datetime, clock: LocalClock) -> str:
    """Return an instant on the brand's wall clock, where something else names the zone."""
    return str(format_datetime(clock.local(at), "EEE d MMM y, HH:mm", locale=locale()))


def day_in_words(day: date) -> str:
    """Return a day of a calendar as it is written everywhere: “Thu 26 Nov 2026”."""
    return format_date(day, "EEE d MMM y", locale=locale())


def locale() -> Locale:
    try:
        return Locale.parse((get_language() or "en").replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        return Locale("en")
