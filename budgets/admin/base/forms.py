"""The forms people fill in: budgets as text, zones and currencies by name."""

from collections.abc import MutableMapping
from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminTextInputWidget

from budgets.admin.base.choices import AmountInput, SearchableSelect, currency_choices, zone_choices
from budgets.admin.base.hours_widget import HoursWidget
from budgets.models import Brand, Campaign, Schedule
from budgets.reports.words import written_decimals

ZONES_OFFERED = 20
EXAMPLE_BUDGET = {"placeholder": _("no limit")}


def write_as_in(brand: Brand, initial: MutableMapping[str, Any]) -> None:
    """Offer budgets with the decimals of the brand's currency: 60000 yen, not 60000.00."""
    for name in ("daily_budget", "monthly_budget"):
        amount = initial.get(name)
        if isinstance(amount, Decimal) and written_decimals(amount) <= brand.currency_decimals:
            initial[name] = amount.quantize(Decimal(1).scaleb(-brand.currency_decimals))


class BrandForm(forms.ModelForm[Brand]):
    """A brand: a name, a clock, a currency and two limits."""

    class Meta:
        model = Brand
        fields = ["name", "currency", "timezone", "daily_budget", "monthly_budget"]
        widgets = {
            "currency": SearchableSelect,
            "timezone": SearchableSelect,
            "daily_budget": AmountInput(EXAMPLE_BUDGET),
            "monthly_budget": AmountInput(EXAMPLE_BUDGET),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            write_as_in(self.instance, self.initial)
        if "currency" in self.fields:
            self.fields["currency"].widget.choices = currency_choices()
        if "timezone" in self.fields:
            zones = zone_choices(now=timezone.now())
            self.fields["timezone"].widget.choices = zones


class CampaignForm(forms.ModelForm[Campaign]):
    """A campaign: whose it is, when it may run and what it may spend."""

    class Meta:
        model = Campaign
        fields = [
            "brand",
            "name",
            "external_id",
            "daily_budget",
            "monthly_budget",
            "schedule",
            "starts_on",
            "ends_on",
        ]
        widgets = {
            "external_id": UnfoldAdminTextInputWidget,
            "daily_budget": AmountInput(EXAMPLE_BUDGET),
            "monthly_budget": AmountInput(EXAMPLE_BUDGET),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            write_as_in(self.instance.brand, self.initial)


class NewCampaignForm(CampaignForm):
    """A campaign typed in on its brand's page."""

    class Meta(CampaignForm.Meta):
        fields = ["name", "daily_budget", "monthly_budget", "schedule", "starts_on", "ends_on"]


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
