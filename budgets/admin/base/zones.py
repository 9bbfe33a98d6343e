"""Time zones as people look for them: by city and country, each once and by its present name.

Stored names that are out of date keep working; none is offered.
"""

from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

from babel import Locale
from babel.core import get_global
from babel.dates import get_timezone_location
from django.utils.translation import gettext

from budgets.reports.words import locale

# Where people live who would look in vain for the city that a zone is named after.
BIG_CITIES = {
    "Africa/Johannesburg": "Cape Town, Durban",
    "America/Chicago": "Houston, Dallas",
    "America/Los_Angeles": "San Francisco, Seattle, Las Vegas",
    "America/New_York": "Washington, Boston, Miami, Atlanta",
    "America/Sao_Paulo": "Rio de Janeiro, Brasília",
    "America/Toronto": "Montréal, Ottawa",
    "Asia/Dubai": "Abu Dhabi",
    "Asia/Ho_Chi_Minh": "Hanoi",
    "Asia/Karachi": "Lahore, Islamabad",
    "Asia/Kolkata": "Mumbai, Delhi, Bengaluru, Chennai, Hyderabad",
    "Asia/Riyadh": "Jeddah",
    "Asia/Shanghai": "Beijing, Shenzhen, Guangzhou",
    "Asia/Tokyo": "Osaka, Kyoto",
    "Europe/Berlin": "Munich, Hamburg, Frankfurt, Cologne",
    "Europe/Istanbul": "Ankara",
    "Europe/London": "Manchester, Edinburgh",
    "Europe/Madrid": "Barcelona",
    "Europe/Rome": "Milan",
    "Europe/Zurich": "Geneva, Basel",
}


def zone_choices(*, now: datetime) -> list[tuple[str, str]]:
    """Return the zones with their cities, country and present offset."""
    return [
        (name, f"{name.replace('_', ' ')} · {place} · {offset(name, now=now)}")
        for name, place in zone_places(locale())
    ]


@lru_cache(maxsize=8)
def zone_places(language: Locale) -> list[tuple[str, str]]:
    """Return each zone's present name, its cities and its country."""
    countries = get_global("zone_territories")
    places = [
        (name, place_of(name, countries[name], language))
        for name in available_timezones() & countries.keys()
        if not name.startswith("Etc/")
    ]
    return sorted([*places, ("UTC", gettext("Universal time"))])


def place_of(name: str, country: str, language: Locale) -> str:
    city = get_timezone_location(name, locale=language, return_city=True)
    cities = ", ".join(filter(None, (city, BIG_CITIES.get(name))))
    return f"{cities} · {language.territories.get(country, country)}"


def offset(name: str, *, now: datetime) -> str:
    """Return a zone's offset from UTC at the instant, such as UTC+05:30."""
    text = now.astimezone(ZoneInfo(name)).strftime("%z")
    return f"UTC{text[:3]}:{text[3:5]}"
