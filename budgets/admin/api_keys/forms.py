"""What people fill in about a key: its brands by choice, and how long an old secret works on."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import (
    UnfoldAdminRadioSelectWidget,
    UnfoldAdminSplitDateTimeWidget,
    UnfoldAdminTextareaWidget,
)

from budgets.models import ApiKey

OVERLAP = timedelta(hours=24)
LONGEST_OVERLAP = timedelta(days=90)


class ApiKeyForm(forms.ModelForm[ApiKey]):
    """A key for all brands or for some: which of the two is always said."""

    all_brands = forms.TypedChoiceField(
        label=gettext_lazy("Brands"),
        choices=[
            (True, gettext_lazy("All brands, also those that are added later")),
            (False, gettext_lazy("Only the brands chosen here")),
        ],
        coerce=lambda text: text == "True",
        widget=UnfoldAdminRadioSelectWidget,
    )

    class Meta:
        model = ApiKey
        exclude: tuple[str, ...] = ()
        widgets = {"addresses": UnfoldAdminTextareaWidget({"rows": 3})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance._state.adding:
            self.initial.pop("all_brands", None)
        if "brands" in self.fields:
            self.fields["brands"].label = _("Only these")

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if data.get("all_brands") is False and not data.get("brands"):
            self.add_error("brands", _("Choose at least one brand, or all brands above."))
        elif data.get("all_brands") and data.get("brands"):
            text = _("Choose either all brands or some: choose “only” above, or empty this box.")
            self.add_error("brands", text)
        return data


class RotateForm(forms.Form):
    """Until when the old secret works beside the new one."""

    until = forms.SplitDateTimeField(
        label=gettext_lazy("The old secret works until (UTC)"),
        help_text=gettext_lazy("Time to give the new one to every program that uses the key."),
        widget=UnfoldAdminSplitDateTimeWidget,
    )

    def __init__(self, data: Any, *, now: datetime) -> None:
        super().__init__(data, initial={"until": (now + OVERLAP).replace(second=0, microsecond=0)})
        self.now = now

    def clean_until(self) -> datetime:
        until: datetime = self.cleaned_data["until"]
        if until > self.now + LONGEST_OVERLAP:
            text = _("Choose a time within %(days)s days.") % {"days": LONGEST_OVERLAP.days}
            raise forms.ValidationError(text)
        # A time that has passed ends it at once, and says so truthfully.
        return max(until, self.now)
