"""The forms people fill in: budgets as text, zones and currencies by name."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminTextInputWidget

from budgets.admin.base.choices import currency_choices, zone_choices
from budgets.admin.base.widgets import AmountInput, HoursWidget, SearchableSelect
from budgets.models import Brand, Campaign, Schedule
from budgets.reports.words import locale, written_decimals

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
