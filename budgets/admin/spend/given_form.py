"""What a person says of a file of spend: whose report it is, and how it is to be read."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminSelectWidget,
    UnfoldAdminSingleDateWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanSwitchWidget,
)

from budgets.access.scope import within
from budgets.admin.base.autocomplete import BrandPicker
from budgets.admin.base.forms import currency_choices
from budgets.admin.base.widgets import SearchableSelect
from budgets.models import Brand
from budgets.models.brand_scope import BrandScope
from budgets.operations.ingest.validation import MAX_SOURCE_LENGTH
from budgets.operations.spend_file.given import Given, Question
from budgets.reports.words import locale

ORDERS = [
    ("", ""),
    ("dmy", _("The day first: 31/3/2026")),
    ("mdy", _("The month first: 3/31/2026")),
]


class WhoseReport(forms.Form):
    """The brand and the source of a file, as far as it does not say them itself."""

    brand = forms.ModelChoiceField(
        label=_("Brand"),
        queryset=Brand.objects.all(),
        required=False,
        widget=BrandPicker,
        help_text=_(
            "Whose campaigns the file means by their names. Not needed where it has their IDs."
        ),
    )
    source = forms.CharField(
        label=_("Source"),
        required=False,
        max_length=MAX_SOURCE_LENGTH,
        widget=UnfoldAdminTextInputWidget,
        help_text=_(
            "Whose report it is, such as google or meta; empty: the platform that is recognised. "
            "Day totals replace what their source said before: keep to one name for one account."
        ),
    )

    def __init__(self, *args: Any, scope: BrandScope, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        brands: Any = self.fields["brand"]
        brands.queryset = within(scope, brands.queryset)

    def given(self, before: Given) -> Given:
        """Return what was given before, with what the valid form says."""
        brand = self.cleaned_data["brand"]
        return replace(
            before, brand_id=brand and brand.pk, source=self.cleaned_data["source"].strip()
        )


class AnswersForm(WhoseReport):
    """All that can be said of how a file is to be read, filled in with what was said before."""

    currency = forms.ChoiceField(
        label=_("Currency"),
        required=False,
        widget=SearchableSelect,
        help_text=_("Of a file that does not name it."),
    )
    day = forms.DateField(
        label=_("Day"),
        required=False,
        widget=UnfoldAdminSingleDateWidget,
        help_text=_("Of all rows, where the file has no column of days."),
    )
    order = forms.ChoiceField(
        label=_("Days are written"),
        required=False,
        choices=ORDERS,
        widget=UnfoldAdminSelectWidget,
        help_text=_("Where nothing in the file shows whether 3/4/2026 is in March or in April."),
    )
    despite_totals = forms.BooleanField(
        label=_("Take the rows though they do not add up to the file\u2019s own total"),
        required=False,
        widget=UnfoldBooleanSwitchWidget,
    )

    def __init__(self, *args: Any, before: Given, **kwargs: Any) -> None:
        initial = {
            "brand": before.brand_id,
            "source": before.source,
            "currency": before.currency,
            "day": before.day,
            "order": before.order or "",
            "despite_totals": before.despite_totals,
        }
        super().__init__(*args, initial=initial, **kwargs)
        currencies: Any = self.fields["currency"]
        currencies.choices = [("", ""), *currency_choices(locale())]
        self.before = before

    def given(self, before: Given) -> Given:
        data: Mapping[str, Any] = self.cleaned_data
        return replace(
            super().given(before),
            currency=data["currency"],
            day=data["day"],
            order=data["order"] or None,
            despite_totals=data["despite_totals"],
        )


FIELD_OF_QUESTION = {Question.BRAND: "brand"}


def asked_fields(form: AnswersForm, questions: list[str]) -> list[forms.BoundField]:
    """Return the fields that answer what a file leaves open."""
    names = {FIELD_OF_QUESTION.get(Question(each), each) for each in questions}
    return [field for field in form if field.name in names]


def other_fields(form: AnswersForm, questions: list[str]) -> list[forms.BoundField]:
    asked = {field.name for field in asked_fields(form, questions)}
    return [field for field in form if field.name not in asked]
