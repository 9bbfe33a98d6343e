"""Spend typed in by a person: read here, recorded by `operations.ingest`."""

import uuid
from datetime import date, datetime, time
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminSingleDateWidget,
    UnfoldAdminSingleTimeWidget,
    UnfoldAdminTextInputWidget,
)

from budgets.access.scope import within
from budgets.admin.base.amounts import AmountField
from budgets.admin.base.autocomplete import CampaignField
from budgets.admin.confirm.hold_rows import LONGEST_NOTE
from budgets.models import Campaign, Trigger
from budgets.models.brand_scope import BrandScope
from budgets.models.change import Cause
from budgets.operations.ingest import record_spend
from budgets.operations.ingest.types import Receipt, SpendEntry

SOURCE = "admin"

FIELD_OF_REFUSAL = {
    "unknown_campaign": "campaign",
    "future": "day",
    "bad_time": "day",
    "overflow": "amount",
    "bad_amount": "amount",
    "too_many_decimals": "amount",
}


class SpendForm(forms.Form):
    """One amount a campaign spent, on a day of its brand's calendar."""

    campaign = CampaignField(label=_("Campaign"), queryset=Campaign.objects.select_related("brand"))
    amount = AmountField(
        label=_("Amount"),
        help_text=_("In the brand's currency. Negative to correct what was too much."),
    )
    day = forms.DateField(
        label=_("Day"),
        required=False,
        widget=UnfoldAdminSingleDateWidget,
        help_text=_("On the brand's calendar. Empty: today."),
    )
    time = forms.TimeField(
        label=_("Time"),
        required=False,
        widget=UnfoldAdminSingleTimeWidget,
        help_text=_("On the brand's clock. Empty: counted from the start of that day."),
    )
    note = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=LONGEST_NOTE,
        widget=UnfoldAdminTextInputWidget,
        help_text=_("Kept in the history, with what the entry stops or starts."),
    )
    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)

    receipt: Receipt

    def __init__(self, *args: Any, scope: BrandScope, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        campaigns: Any = self.fields["campaign"]
        campaigns.queryset = within(scope, campaigns.queryset)

    def clean_campaign(self) -> Campaign:
        """Return the campaign, in whose currency the amount after it is read."""
        campaign: Campaign = self.cleaned_data["campaign"]
        amount: Any = self.fields["amount"]
        amount.currency = campaign.brand.currency
        return campaign

    def record(self, *, by: Any, now: datetime) -> bool:
        """Record the valid form; return whether it was taken, else put why at the field.

        Sending the same form again is the same entry: it counts once.
        """
        data = self.cleaned_data
        cause = Cause(trigger=Trigger.SPEND, by_id=by.pk, note=data["note"])
        self.receipt = record_spend([self.entry(now=now)], now=now, clock=timezone.now, cause=cause)
        for refusal in self.receipt.refused:
            self.add_error(FIELD_OF_REFUSAL.get(refusal.code), refusal.message)
        return not self.receipt.refused

    def entry(self, *, now: datetime) -> SpendEntry:
        data = self.cleaned_data
        campaign: Campaign = data["campaign"]
        return SpendEntry(
            source=SOURCE,
            key=str(data["key"]),
            campaign_id=campaign.pk,
            occurred_at=occurred_at(campaign, data["day"], data["time"], now=now),
            amount=data["amount"],
            currency=campaign.brand.currency,
        )


def occurred_at(
    campaign: Campaign, day: date | None, at: time | None, *, now: datetime
) -> datetime:
    """Return the instant on the brand's clock; without a day today, without a time its first."""
    clock = campaign.brand.clock
    day = day or clock.day(now)
    return clock.start_of(day) if at is None else datetime.combine(day, at, tzinfo=clock.zone)
