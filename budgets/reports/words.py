"""Reasons, money and times in plain language."""

from datetime import datetime
from decimal import Decimal

from babel import Locale, UnknownLocaleError
from babel.dates import format_datetime
from babel.numbers import format_currency, get_currency_precision
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from budgets.rules.clock import LocalClock
from budgets.rules.reasons import PauseReason

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
}


def reasons_in_words(reasons: PauseReason) -> list[str]:
    """Return each reason as a few words, in the order of `PauseReason`."""
    return [str(REASON_WORDS[reason]) for reason in reasons]


def money(amount: Decimal | None, currency: str) -> str:
    """Return the amount in the reader's local format, with the currency's own decimals.

    Parts of a cent are shown when there are some: nothing is rounded away unseen.
    """
    if amount is None:
        return str(_("no limit"))
    is_whole = written_decimals(amount) <= get_currency_precision(currency)
    return format_currency(amount, currency, locale=locale(), decimal_quantization=is_whole)


def written_decimals(amount: Decimal) -> int:
    """Return how many decimals the amount needs."""
    exponent = amount.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def local_time(at: datetime, clock: LocalClock) -> str:
    """Return an instant on the brand's wall clock, with the name of its zone."""
    local = clock.local(at)
    shown = format_datetime(local, "EEE d MMM y, HH:mm", locale=locale())
    return f"{shown} ({clock.zone.key})"


def locale() -> Locale:
    try:
        return Locale.parse((get_language() or "en").replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        return Locale("en")
