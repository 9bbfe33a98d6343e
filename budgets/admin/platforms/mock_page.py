"""The mock platform's own page: what runs there, and what is to go wrong."""

import secrets
from dataclasses import replace
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminIntegerFieldWidget, UnfoldBooleanSwitchWidget

from budgets.connectors.mock.billing import Billing
from budgets.connectors.mock.connector import installed_platform
from budgets.connectors.mock.facts import MockAccount
from budgets.connectors.mock.platform import MockPlatform
from budgets.connectors.mock.traffic import Traffic
from budgets.models import PlatformAccount
from budgets.reports.words import money
from budgets.rules.clock import LocalClock
from budgets.rules.money import to_units

NEW_TOKEN = "new_token"  # noqa: S105 - the name of a button


def share(label: Any) -> forms.IntegerField:
    return forms.IntegerField(
        label=label, min_value=0, max_value=1_000, widget=UnfoldAdminIntegerFieldWidget
    )


class FaultsForm(forms.Form):
    """What is wrong with an account of the mock platform."""

    is_down = forms.BooleanField(
        label=gettext_lazy("Fail now: answer no call"),
        required=False,
        widget=UnfoldBooleanSwitchWidget,
    )
    timeout_permille = share(gettext_lazy("Of 1,000 calls, carried out and never answered"))
    error_permille = share(gettext_lazy("Of 1,000 calls, refused with an error"))
    limited_permille = share(gettext_lazy("Of 1,000 calls, refused as too many"))
    latency_ms = forms.IntegerField(
        label=gettext_lazy("Milliseconds a call takes"),
        min_value=0,
        max_value=9_000,
        widget=UnfoldAdminIntegerFieldWidget,
    )
    lag_minutes = forms.IntegerField(
        label=gettext_lazy("Minutes until spend is reported, at most"),
        min_value=0,
        max_value=180,
        widget=UnfoldAdminIntegerFieldWidget,
    )
    restated_permille = forms.IntegerField(
        label=gettext_lazy("Thousandths by which days are corrected later"),
        min_value=0,
        max_value=100,
        widget=UnfoldAdminIntegerFieldWidget,
    )


class MockPage:
    """One account as the mock platform sees it."""

    def __init__(self, account: PlatformAccount) -> None:
        self.platform: MockPlatform = installed_platform()
        self.there = self.platform.account(account.external_id) or MockAccount(
            id=account.external_id,
            name=account.name,
            currency=account.currency,
            timezone=account.timezone,
            token=secrets.token_urlsafe(12),
        )
        initial = {name: getattr(self.there, name) for name in FaultsForm.base_fields}
        self.form = FaultsForm(initial=initial)

    def take(self, sent: Any) -> str:
        """Do what was asked; say what was done, or nothing where the form is to be corrected."""
        if NEW_TOKEN in sent:
            self.platform.save_account(replace(self.there, token=secrets.token_urlsafe(12)))
            return _("The old access token is not valid any more.")
        self.form = FaultsForm(sent)
        if not self.form.is_valid():
            return ""
        self.platform.save_account(replace(self.there, **self.form.cleaned_data))
        return _("The account fails now.") if self.form.cleaned_data["is_down"] else _("Saved.")

    def context(self, *, now: datetime) -> dict[str, Any]:
        """Return what the page shows: how the account fails, what runs and what it spent."""
        today = LocalClock.of(self.there.timezone).day(now)
        campaigns = self.platform.campaigns(self.there.id)
        billing = Billing(self.platform, self.there, Traffic())
        return {
            "form": self.form,
            "there": self.there,
            "new_token": NEW_TOKEN,
            "campaigns": [
                {
                    "id": campaign.id,
                    "name": campaign.name,
                    "status": campaign.status,
                    "budget": money(
                        None
                        if campaign.budget_micros is None
                        else to_units(campaign.budget_micros),
                        self.there.currency,
                    ),
                    "today": money(to_units(days[today]), self.there.currency),
                }
                for campaign, days in billing.totals(campaigns, now=now)
            ],
        }
