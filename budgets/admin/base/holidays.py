"""Dates with other hours, as people type them, with public holidays on offer."""

from functools import lru_cache
from typing import Any

import holidays
from babel import Locale
from babel.core import get_global
from django import forms
from django.forms.widgets import Script
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from unfold.widgets import TEXTAREA_CLASSES

from budgets.admin.base.widgets import EndOfLine
from budgets.reports.words import locale
from budgets.rules.clock import DAY

YEARS_AHEAD = 3


class ExceptionsWidget(EndOfLine, forms.Textarea):
    """A date a line; a country's public holidays are added to them. Without scripts, as text.

    `zone` is an IANA zone: the country it lies in is offered first.
    """

    template_name = "budgets/exceptions.html"

    class Media:
        css = {"all": ["budgets/schedule_editor.css"]}
        js = [Script("budgets/exceptions.js", type="module")]

    def __init__(self, attrs: dict[str, Any] | None = None, *, zone: str = "") -> None:
        look = " ".join(["schedule-editor__text", *TEXTAREA_CLASSES])
        super().__init__({"rows": 4, "spellcheck": "false", "class": look, **(attrs or {})})
        self.zone = zone

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        this_year = timezone.now().year
        return super().get_context(name, value, attrs) | {
            "countries": countries(locale()),
            "country": get_global("zone_territories").get(self.zone),
            "years": range(this_year, this_year + YEARS_AHEAD),
        }


@lru_cache(maxsize=8)
def countries(language: Locale) -> list[tuple[str, str]]:
    """Return code and name of each country whose public holidays are known, by their names."""
    codes = holidays.list_supported_countries(include_aliases=False)
    named = [(code, language.territories.get(code, code)) for code in codes]
    return sorted(named, key=lambda country: country[1])


def holidays_of_country(request: HttpRequest) -> JsonResponse:
    """Answer with the regions of a country, and the holidays of a year there, or in one of them.

    Those that are over are left out, wherever on earth they are.
    Without a year it is this one. Answers with status 404 for what is not offered.
    """
    asked = request.GET
    country, region = asked.get("country", ""), asked.get("region") or None
    year = asked.get("year", str(timezone.now().year))
    regions = holidays.list_supported_countries(include_aliases=False).get(country)
    if regions is None or not (region is None or region in regions) or not is_offered(year):
        return JsonResponse({"regions": [], "days": []}, status=404)
    first = timezone.now().date() - DAY
    of_country: Any = holidays.country_holidays(country)
    names = of_country.get_subdivision_aliases()
    days = holidays.country_holidays(
        country, subdiv=region, years=int(year), language=language_of(of_country)
    )
    return JsonResponse(
        {
            "regions": [[code, (names.get(code) or [code])[0]] for code in regions],
            "days": [[day.isoformat(), name] for day, name in sorted(days.items()) if day >= first],
        }
    )


def is_offered(year: str) -> bool:
    return (
        len(year) == 4 and year.isdecimal() and 0 <= int(year) - timezone.now().year < YEARS_AHEAD
    )


def language_of(country: Any) -> str | None:
    """Return the language for the names of holidays: the reader's, English, or the country's."""
    known = country.supported_languages
    own = [name for name in known if name.split("_")[0] == locale().language]
    english = [name for name in known if name.startswith("en")]
    return next(iter([*own, *english]), None)
