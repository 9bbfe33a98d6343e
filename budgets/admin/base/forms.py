"""The forms people fill in: budgets as text, zones and currencies by name."""

from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from babel import Locale
from babel.core import get_global
from babel.dates import get_timezone_location
from babel.numbers import get_currency_name
from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminTextInputWidget

from budgets.admin.base.widgets import AmountInput, HoursWidget, SearchableSelect
from budgets.models import Brand, Campaign, Schedule
from budgets.reports.words import locale, written_decimals

# Old names of places; brands that have one keep it, new brands are not offered it.
OLD_AREAS = ("SystemV/", "US/", "Canada/", "Brazil/", "Chile/", "Mexico/", "Etc/")

ZONES_OFFERED = 20
BUDGETS = ["daily_budget", "monthly_budget"]
NO_LIMIT = {"placeholder": _("no limit")}


class BudgetsForm(forms.ModelForm[Any]):
    """A brand or a campaign, its budgets with the decimals of its currency.

    60000 yen, not 60000.00; parts of a cent are never hidden.
    """

    class Meta:
        widgets: dict[str, Any] = dict.fromkeys(BUDGETS, AmountInput(NO_LIMIT))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.instance.pk:
            return
        brand = self.instance if isinstance(self.instance, Brand) else self.instance.brand
        decimals = brand.currency_decimals
        for name in BUDGETS:
            amount = self.initial.get(name)
            if isinstance(amount, Decimal) and written_decimals(amount) <= decimals:
                self.initial[name] = amount.quantize(Decimal(1).scaleb(-decimals))


class BrandForm(BudgetsForm):
    """A brand: a name, a clock, a currency and two limits."""

    class Meta:
        model = Brand
        fields = ["name", "currency", "timezone", *BUDGETS]
        widgets = BudgetsForm.Meta.widgets | {
            "currency": SearchableSelect,
            "timezone": SearchableSelect,
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "currency" in self.fields:
            self.fields["currency"].widget.choices = currency_choices(locale())
        if "timezone" in self.fields:
            self.fields["timezone"].widget.choices = zone_choices(now=timezone.now())


class CampaignForm(BudgetsForm):
    """A campaign: whose it is, when it may run and what it may spend."""

    class Meta:
        model = Campaign
        fields = ["brand", "name", "external_id", *BUDGETS, "schedule", "starts_on", "ends_on"]
        widgets = BudgetsForm.Meta.widgets | {"external_id": UnfoldAdminTextInputWidget}


class NewCampaignForm(CampaignForm):
    """A campaign typed in on its brand's page."""

    class Meta(CampaignForm.Meta):
        fields = ["name", *BUDGETS, "schedule", "starts_on", "ends_on"]


class ScheduleForm(forms.ModelForm[Schedule]):
    """A schedule: a name and the hours of a week."""

    class Meta:
        model = Schedule
        fields = ["name", "hours"]
        widgets = {"hours": HoursWidget}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk and "hours" in self.fields:
            used_in = Brand.objects.filter(campaigns__schedule=self.instance).order_by("timezone")
            zones = used_in.values_list("timezone", flat=True).distinct()[:ZONES_OFFERED]
            self.fields["hours"].widget.zones = list(zones)


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
    return sorted([*places, ("UTC", gettext("Universal time"))])


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
