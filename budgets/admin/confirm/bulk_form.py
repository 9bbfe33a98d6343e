"""What to do with the budgets of many rows: the form of the action “Change budgets…”."""

from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from budgets.admin.base.widgets import AmountInput
from budgets.admin.confirm.holds import LONGEST_NOTE
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


def by_field() -> forms.DecimalField:
    """Return the box for an amount or a percentage."""
    return forms.DecimalField(
        label=_("Amount or %"),
        required=False,
        min_value=0,
        max_value=MAX_UNITS,
        decimal_places=6,
        widget=AmountInput,
    )


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
    ids = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, rows: QuerySet[Any], currency: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows = rows.none()
        self.everything = rows
        self.currency = currency
        """The path from a row to its currency."""

    def clean_ids(self) -> list[int]:
        """Find the rows; one that is gone, or out of scope, is left out."""
        ids = [int(text) for text in self.cleaned_data["ids"].split(",") if text.isdecimal()]
        self.rows = self.everything.filter(pk__in=ids).order_by("pk")
        return ids

    def clean(self) -> None:
        for period in PERIODS:
            self.check(period)
        if not self.errors and all(self.how(period) == How.KEEP for period in PERIODS):
            raise forms.ValidationError(_("Choose what to do with at least one of the budgets."))

    def check(self, period: str) -> None:
        """Refuse a missing amount, one without a currency, and a cut of more than 100 %."""
        how, by = self.how(period), self.cleaned_data.get(f"{period}_by")
        name = f"{period}_by"
        if name in self.errors:
            return
        if how in AMOUNTS | PERCENTS and by is None:
            self.add_error(name, _("Write how much."))
        elif how == How.LOWER_BY_PERCENT and by is not None and by > 100:
            self.add_error(name, _("A budget can be lowered by 100 % at most."))
        elif how in AMOUNTS and len(self.currencies()) > 1:
            text = _("These rows are in %(all)s: an amount cannot fit them all. Use a percentage.")
            self.add_error(f"{period}_how", text % {"all": ", ".join(self.currencies())})

    def how(self, period: str) -> How:
        """Return what to do with a budget; leave it where that was not understood."""
        how: How = self.cleaned_data.get(f"{period}_how", How.KEEP)
        return how

    def currencies(self) -> list[str]:
        return list(
            self.rows.order_by(self.currency).values_list(self.currency, flat=True).distinct()
        )

    def adjustments(self) -> dict[str, Adjustment]:
        data = self.cleaned_data
        return {
            f"{period}_budget": Adjustment(
                how=self.how(period), by=data[f"{period}_by"] or Decimal(0)
            )
            for period in PERIODS
        }
