"""Choices people search by typing: time zones and currencies, with names."""

from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

from babel import Locale
from babel.core import get_global
from babel.dates import get_timezone_location
from babel.numbers import get_currency_name
from django.utils.translation import gettext as _

from budgets.reports.words import locale

# Old names of places; brands that have one keep it, new brands are not offered it.
OLD_AREAS = ("SystemV/", "US/", "Canada/", "Brazil/", "Chile/", "Mexico/", "Etc/")


def zone_choices(*, now: datetime) -> list[tuple[str, str]]:
    """Return the IANA zones of today with their place and present offset."""
    return [
        (name, f"{name.replace('_', ' ')} · {place} · {offset(name, now=now)}")
        for name, place in zone_places(locale())
    ]


@lru_cache(maxsize=8)
def zone_places(language: Locale) -> list[tuple[str, str]]:
    """Return each zone's name and the place people know it by."""
    places = [
        (name, get_timezone_location(name, locale=language))
        for name in available_timezones()
        if "/" in name and not name.startswith(OLD_AREAS)
    ]
    return sorted([*places, ("UTC", _("Universal time"))])


def offset(name: str, *, now: datetime) -> str:
    """Return a zone's offset from UTC at the instant, such as UTC+05:30."""
    text = now.astimezone(ZoneInfo(name)).strftime("%z")
    return f"UTC{text[:3]}:{text[3:5]}"


@lru_cache(maxsize=8)
def currency_choices(language: Locale) -> list[tuple[str, str]]:
    """Return code and name of each currency that is legal tender somewhere now."""
    spans = [span for spans in get_global("territory_currencies").values() for span in spans]
    codes = {code for code, _start, end, is_tender in spans if end is None and is_tender}
    return [
        (code, f"{code} · {get_currency_name(code, locale=language)}") for code in sorted(codes)
    ]
