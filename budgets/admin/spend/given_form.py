"""What a person says of a file of spend: whose report it is, and how it is to be read."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
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
from budgets.admin.spend.columns_form import PREFIX, chosen_columns, column_fields
from budgets.models import Brand
from budgets.models.brand_scope import BrandScope
from budgets.operations.ingest.validation import MAX_SOURCE_LENGTH
from budgets.operations.spend_file.given import Given, Question
from budgets.operations.spend_file.header.memory import remember_columns
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

    remember = forms.BooleanField(
        label=_("Read files with the same columns so from now on, whoever uploads them"),
        required=False,
        initial=True,
        widget=UnfoldBooleanSwitchWidget,
    )

    def __init__(self, *args: Any, before: Given, facts: Mapping[str, Any], **kwargs: Any) -> None:
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
        self.questions: list[str] = facts.get("questions", [])
        self.seen = facts.get("seen")
        if self.seen:
            self.fields |= column_fields(self.seen, before)
        else:
            del self.fields["remember"]

    def given(self, before: Given) -> Given:
        data: Mapping[str, Any] = self.cleaned_data
        return replace(
            super().given(before),
            currency=data["currency"],
            day=data["day"],
            order=data["order"] or None,
            despite_totals=data["despite_totals"],
            columns=self.columns(before),
        )

    def columns(self, before: Given) -> dict[str, str]:
        """Return the header over each of our columns, where the person chose it."""
        if not self.seen:
            return dict(before.columns)
        return chosen_columns(self.cleaned_data, self.seen, self.questions, before)

    def keep_columns(self, given: Given, *, by_id: Any, now: datetime) -> None:
        """Remember the columns for files with the same ones, if the person wants it so."""
        if self.seen and given.columns and self.cleaned_data["remember"]:
            remember_columns(
                self.seen["header"],
                given.columns,
                source=given.source,
                currency=given.currency,
                by_id=by_id,
                now=now,
            )

    @property
    def asks_columns(self) -> bool:
        return Question.COLUMNS in self.questions

    @property
    def asked_fields(self) -> list[forms.BoundField]:
        """The fields that answer what the file leaves open, beside its columns."""
        return [field for field in self.plain_fields if self.is_asked(field)]

    @property
    def other_fields(self) -> list[forms.BoundField]:
        return [field for field in self.plain_fields if not self.is_asked(field)]

    @property
    def plain_fields(self) -> list[forms.BoundField]:
        return [f for f in self if not f.name.startswith(PREFIX) and f.name != "remember"]

    @property
    def column_fields(self) -> list[forms.BoundField]:
        return [field for field in self if field.name.startswith(PREFIX)]

    def is_asked(self, field: forms.BoundField) -> bool:
        return FIELDS.get(field.name, field.name) in self.questions


FIELDS = {"brand": Question.BRAND}
"""Fields that are called otherwise than the question they answer."""
