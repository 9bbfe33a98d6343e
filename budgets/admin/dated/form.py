"""The form of a dated budget: whose, how much, from when and until when."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from budgets.access.setters import check_may_set
from budgets.admin.base.amounts import AmountField, refuse_finer, with_decimals
from budgets.admin.base.edit_form import EditForm
from budgets.admin.base.widgets import AmountInput
from budgets.models import Brand, Campaign, DatedBudget
from budgets.operations.edits.dating import refuse_past_start


class DatedBudgetForm(EditForm):
    """A budget that is planned, or whose last day is moved."""

    class Meta:
        model = DatedBudget
        fields = ["brand", "campaign", "period", "amount", "starts_on", "ends_on"]
        field_classes = {"amount": AmountField}
        widgets = {"amount": AmountInput({"placeholder": gettext_lazy("no limit")})}

    user: Any
    now: datetime

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "brand" in self.fields:
            self.fields["brand"].required = False
        if self.instance.pk and "amount" in self.fields:
            brand, amount = self.instance.brand, self.initial.get("amount")
            self.read_amounts_in(brand)
            if isinstance(amount, Decimal):
                self.initial["amount"] = with_decimals(amount, brand.currency_decimals)

    def read_amounts_in(self, brand: Brand) -> None:
        """Read the amount in the brand's currency; called before it is."""
        if "amount" in self.fields:
            self.fields["amount"].currency = brand.currency  # type: ignore[attr-defined]  # an AmountField

    def clean_campaign(self) -> Campaign | None:
        """Return the campaign, and take its brand from it: one of the two is enough."""
        campaign: Campaign | None = self.cleaned_data["campaign"]
        brand: Brand | None = self.cleaned_data.get("brand")
        if brand is None and campaign is not None:
            brand = campaign.brand
        if brand is None:
            raise ValidationError(_("Choose a campaign, or a brand for all of its campaigns."))
        if campaign and campaign.brand_id != brand.pk:
            raise ValidationError(_("The campaign is of another brand; leave the brand empty."))
        check_may_set(self.user, campaign or brand)
        self.cleaned_data["brand"] = self.instance.brand = brand
        self.read_amounts_in(brand)
        return campaign

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]  # Django's own step between form and row
        if self.errors:
            return
        amount = self.instance.amount
        try:
            refuse_past_start(self.instance, now=self.now)
            if amount is not None and "amount" in self.changed_data:
                refuse_finer(self.instance.brand.currency, amount)
        except forms.ValidationError as error:
            self.add_error(None if hasattr(error, "error_dict") else "amount", error)
