"""Choices people search by typing: time zones and currencies, with names."""

from datetime import datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from babel import Locale
from babel.core import get_global
from babel.dates import get_timezone_location
from babel.numbers import get_currency_name
from django.utils.translation import gettext as _
from unfold.widgets import UnfoldAdminSelect2Widget, UnfoldAdminTextInputWidget

from budgets.reports.words import locale
from budgets.rules.clock import NOT_PLACES

# Old names of places; brands that have one keep it, new brands are not offered it.
OLD_AREAS = ("SystemV/", "US/", "Canada/", "Brazil/", "Chile/", "Mexico/", "Etc/")


class SearchableSelect(UnfoldAdminSelect2Widget):
    """A select with a search box; a value it does not offer is kept and shown."""

    def optgroups(self, name: str, value: list[str], attrs: Any = None) -> Any:
        groups = super().optgroups(name, value, attrs)
        offered = {str(choice) for choice, _label in self.choices}
        for missing in set(value) - offered - {""}:
            option = self.create_option(name, missing, missing, selected=True, index=len(groups))
            groups.append((None, [option], len(groups)))
        return groups


class AmountInput(UnfoldAdminTextInputWidget):
    """An amount as text: a number box sends a mistyped budget as an empty one, “no limit”."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"inputmode": "decimal", "autocomplete": "off", **(attrs or {})})


def zone_choices(*, now: datetime) -> list[tuple[str, str]]:
    """Return the IANA zones of today with their place and present offset."""
    return [
        (name, f"{name.replace('_', ' ')} · {place} · {offset(name, now=now)}")
        for name, place in zone_places(locale())
    ]


@lru_cache(maxsize=8)
def zone_places(language: Locale) -> tuple[tuple[str, str], ...]:
    """Return each zone's name and the place people know it by."""
    names = {name for name in available_timezones() if "/" in name} | {"UTC"}
    names -= NOT_PLACES
    return tuple(
        (
            name,
            get_timezone_location(name, locale=language) if name != "UTC" else _("Universal time"),
        )
        for name in sorted(names)
        if not name.startswith(OLD_AREAS)
    )


def offset(name: str, *, now: datetime) -> str:
    """Return a zone's offset from UTC at the instant, such as UTC+05:30."""
    text = now.astimezone(ZoneInfo(name)).strftime("%z")
    return f"UTC{text[:3]}:{text[3:5]}"


def currency_choices() -> list[tuple[str, str]]:
    """Return the currencies in use today by code and name."""
    return list(currencies_named(locale()))


@lru_cache(maxsize=8)
def currencies_named(language: Locale) -> tuple[tuple[str, str], ...]:
    """Return code and name of each currency that is legal tender somewhere now."""
    return tuple(
        (code, f"{code} · {get_currency_name(code, locale=language)}") for code in tender()
    )


@lru_cache(maxsize=1)
def tender() -> list[str]:
    """Return the codes of all currencies that are legal tender somewhere now."""
    spans = (span for spans in get_global("territory_currencies").values() for span in spans)
    return sorted({code for code, _start, end, is_tender in spans if end is None and is_tender})
