"""What to do with the budgets of many rows: the form of the action “Change budgets…”."""

from decimal import Decimal
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from budgets.admin.base.amounts import refuse_finer, typed
from budgets.admin.base.widgets import AmountInput
from budgets.admin.confirm.hold_rows import LONGEST_NOTE
from budgets.cells.identifiers import number_in
from budgets.rules.adjusting import AMOUNTS, PERCENTS, Adjustment, How
from budgets.rules.money import MAX_UNITS

PERIODS = ("daily", "monthly")

HOW_WORDS = [
    (How.KEEP, _("Leave as it is")),
    (How.SET, _("Set to an amount")),
    (How.RAISE_BY_PERCENT, _("Raise by %")),
    (How.LOWER_BY_PERCENT, _("Lower by %")),
    (How.RAISE_BY_AMOUNT, _("Raise by an amount")),
    (How.LOWER_BY_AMOUNT, _("Lower by an amount")),
    (How.CLEAR, _("Clear: no limit")),
]


def how_field(label: Any) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=label,
        choices=HOW_WORDS,
        coerce=How,
        initial=How.KEEP.value,
        widget=UnfoldAdminSelectWidget,
    )


def by_field() -> forms.CharField:
    """Return the box for an amount or a percentage; which of the two is chosen beside it."""
    return forms.CharField(label=_("Amount or %"), required=False, widget=AmountInput)


LONGEST_IDS = 20_000
"""More than 1,000 of them have."""


class BulkBudgetsForm(forms.Form):
    """What becomes of the daily and the monthly budget of the rows, and why."""

    daily_how = how_field(_("Daily budget"))
    daily_by = by_field()
    monthly_how = how_field(_("Monthly budget"))
    monthly_by = by_field()
    note = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=LONGEST_NOTE,
        widget=UnfoldAdminTextInputWidget,
        help_text=_("Kept in the history, with what the edit stops or starts."),
    )
    ids = forms.CharField(widget=forms.HiddenInput, max_length=LONGEST_IDS)

    def __init__(self, *args: Any, rows: QuerySet[Any], currency: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows = rows.none()
        self.everything = rows
        self.currency = currency
        """The path from a row to its currency."""
        self.amounts: dict[str, Decimal] = {}
        """By how much the budget of each period changes, once the form is valid."""

    def clean_ids(self) -> list[int]:
        """Find the rows; one that is gone, or out of scope, is left out."""
        ids = [number_in(text) or 0 for text in self.cleaned_data["ids"].split(",")]
        self.rows = self.everything.filter(pk__in=ids).order_by("pk")
        return ids

    def clean(self) -> None:
        for period in PERIODS:
            try:
                self.amounts[period] = self.amount(period)
            except forms.ValidationError as error:
                self.add_error(f"{period}_by", error)
        if not self.errors and all(self.how(period) == How.KEEP for period in PERIODS):
            raise forms.ValidationError(_("Choose what to do with at least one of the budgets."))

    def amount(self, period: str) -> Decimal:
        """Return by how much; refuse none, one that fits no currency, a cut of over 100 %."""
        how, text = self.how(period), self.cleaned_data.get(f"{period}_by", "")
        if how not in AMOUNTS | PERCENTS:
            return Decimal(0)
        if not text:
            raise forms.ValidationError(_("Write how much."))
        by = typed(text, percent=True) if how in PERCENTS else self.money(text)
        for validate in (MinValueValidator(0), MaxValueValidator(MAX_UNITS)):
            validate(by)
        if how == How.LOWER_BY_PERCENT and by > 100:
            raise forms.ValidationError(_("A budget can be lowered by 100 % at most."))
        return by

    def money(self, text: str) -> Decimal:
        """Return an amount of the currency that all rows are in."""
        currencies = self.currencies()
        if len(currencies) > 1:
            words = _("These rows are in %(all)s: an amount cannot fit them all. Use a percentage.")
            raise forms.ValidationError(words % {"all": ", ".join(currencies)})
        amount = typed(text, currency=currencies[0] if currencies else None)
        for currency in currencies:
            refuse_finer(currency, amount)
        return amount

    def how(self, period: str) -> How:
        """Return what to do with a budget; leave it where that was not understood."""
        how: How = self.cleaned_data.get(f"{period}_how", How.KEEP)
        return how

    def currencies(self) -> list[str]:
        return list(
            self.rows.order_by(self.currency).values_list(self.currency, flat=True).distinct()
        )

    def adjustments(self) -> dict[str, Adjustment]:
        return {
            f"{period}_budget": Adjustment(how=self.how(period), by=self.amounts[period])
            for period in PERIODS
        }
