"""The forms people fill in: budgets as text, zones and currencies by name."""

from decimal import Decimal
from functools import lru_cache
from typing import Any

from babel import Locale
from babel.core import get_global
from babel.numbers import get_currency_name
from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminTextInputWidget

from budgets.admin.base.amounts import AmountField, refuse_finer, with_decimals
from budgets.admin.base.edit_form import EditForm
from budgets.admin.base.holidays import ExceptionsWidget
from budgets.admin.base.widgets import AmountInput, HoursWidget, SearchableSelect
from budgets.admin.base.zones import zone_choices
from budgets.cells.identifiers import read_identifier
from budgets.cells.refusal import UnreadableCell
from budgets.models import Brand, Campaign, Schedule
from budgets.reports.words import locale

ZONES_OFFERED = 20
BUDGETS = ["daily_budget", "monthly_budget"]
AMOUNTS = [*BUDGETS, "rollover_cap"]
NO_LIMIT = {"placeholder": _("no limit")}


class BudgetsForm(EditForm):
    """A brand or a campaign, its budgets with the decimals of its currency.

    60000 yen, not 60000.00; parts of a cent are never hidden.
    """

    class Meta:
        widgets: dict[str, Any] = dict.fromkeys(AMOUNTS, AmountInput(NO_LIMIT))
        field_classes: dict[str, Any] = dict.fromkeys(AMOUNTS, AmountField)

    currency: str | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.instance.pk:
            return
        brand = self.instance if isinstance(self.instance, Brand) else self.instance.brand
        self.use_currency(brand.currency)
        for name in AMOUNTS:
            amount = self.initial.get(name)
            if isinstance(amount, Decimal):
                self.initial[name] = with_decimals(amount, brand.currency_decimals)

    def use_currency(self, currency: str) -> None:
        """Read the budgets as amounts of the currency; called before they are."""
        self.currency = currency
        for name in AMOUNTS:
            if name in self.fields:
                self.fields[name].currency = currency  # type: ignore[attr-defined]  # an AmountField

    def clean(self) -> None:
        """Refuse a new budget that is finer than its currency."""
        super().clean()
        for name in AMOUNTS:
            amount = self.cleaned_data.get(name)
            is_new = name in self.changed_data or "currency" in self.changed_data
            if amount is not None and self.currency and is_new:
                try:
                    refuse_finer(self.currency, amount)
                except forms.ValidationError as error:
                    self.add_error(name, error)


ROLLOVER = ("rollover", "rollover_cap")
SILENCE = ("silent_after_minutes", "pauses_when_silent")


class BrandForm(BudgetsForm):
    """A brand: a name, a clock, a currency and two limits."""

    class Meta:
        model = Brand
        fields = ["name", "currency", "timezone", *BUDGETS, *ROLLOVER, "exceptions", *SILENCE]
        field_classes = BudgetsForm.Meta.field_classes
        widgets = BudgetsForm.Meta.widgets | {
            "currency": SearchableSelect,
            "timezone": SearchableSelect,
            "exceptions": ExceptionsWidget,
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "currency" in self.fields:
            self.fields["currency"].widget.choices = currency_choices(locale())
        if "timezone" in self.fields:
            self.fields["timezone"].widget.choices = zone_choices(now=timezone.now())
        if "exceptions" in self.fields:
            self.fields["exceptions"].widget.zone = self.instance.timezone
        if "rollover" in self.fields:
            self.fields["rollover"].required = False

    def clean_rollover(self) -> str:
        """Return what was chosen; a page that did not ask leaves it as it is."""
        rollover: str = self.cleaned_data["rollover"] or self.instance.rollover
        return rollover

    def clean_currency(self) -> str:
        """Return the currency, in which the budgets after it are read."""
        currency: str = self.cleaned_data["currency"]
        self.use_currency(currency)
        return currency


class CampaignForm(BudgetsForm):
    """A campaign: whose it is, when it may run and what it may spend."""

    class Meta:
        model = Campaign
        fields = ["brand", "name", "external_id", *BUDGETS, "schedule", "starts_on", "ends_on"]
        field_classes = BudgetsForm.Meta.field_classes
        widgets = BudgetsForm.Meta.widgets | {"external_id": UnfoldAdminTextInputWidget}

    def clean_brand(self) -> Brand:
        """Return the brand, in whose currency the budgets after it are read."""
        brand: Brand = self.cleaned_data["brand"]
        self.use_currency(brand.currency)
        return brand

    def clean_external_id(self) -> str | None:
        """Refuse a new ID that a spreadsheet shortened."""
        external_id: str | None = self.cleaned_data["external_id"]
        if "external_id" not in self.changed_data:
            return external_id
        try:
            return read_identifier(external_id) or None
        except UnreadableCell as error:
            raise forms.ValidationError(str(error), code=error.code) from None


class NewCampaignForm(CampaignForm):
    """A campaign typed in on its brand's page."""

    class Meta(CampaignForm.Meta):
        fields = ["name", *BUDGETS, "schedule", "starts_on", "ends_on"]

    def full_clean(self) -> None:
        """Read the budgets in the currency that stands on the page by now."""
        parent: Any = self.fields["brand"]
        self.use_currency(parent.parent_instance.currency)
        super().full_clean()


class ScheduleForm(EditForm):
    """A schedule: a name and the hours of a week."""

    class Meta:
        model = Schedule
        fields = ["name", "hours", "exceptions"]
        widgets: dict[str, Any] = {"hours": HoursWidget, "exceptions": ExceptionsWidget}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk and "hours" in self.fields:
            used_in = Brand.objects.filter(campaigns__schedule=self.instance).order_by("timezone")
            zones = used_in.values_list("timezone", flat=True).distinct()[:ZONES_OFFERED]
            self.fields["hours"].widget.zones = list(zones)
            self.fields["exceptions"].widget.zone = next(iter(zones), "")


@lru_cache(maxsize=8)
def currency_choices(language: Locale) -> list[tuple[str, str]]:
    """Return code and name of each currency that is legal tender somewhere now."""
    spans = [span for spans in get_global("territory_currencies").values() for span in spans]
    codes = {code for code, _start, end, is_tender in spans if end is None and is_tender}
    return [
        (code, f"{code} · {get_currency_name(code, locale=language)}") for code in sorted(codes)
    ]
