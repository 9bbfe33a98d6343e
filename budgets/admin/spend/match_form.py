"""Match the campaigns that a file names and we do not know, once and for all."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from itertools import groupby
from typing import Any, NamedTuple

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldBooleanSwitchWidget

from budgets.access.scope import within
from budgets.admin.base.autocomplete import CampaignField
from budgets.models import Campaign
from budgets.models.brand_scope import BrandScope
from budgets.operations.spend_file.campaigns.match import CannotMatch, Match
from budgets.operations.spend_file.campaigns.matching import match_campaigns
from budgets.reports.words import money

CAMPAIGNS_AT_ONCE = 50
LEFT_OUT = "left out"


class UnknownRow(NamedTuple):
    """A campaign of the file with the boxes in which a person says which of ours it is."""

    names: Mapping[str, Any]
    amounts: list[str]
    choice: forms.BoundField
    campaign: forms.BoundField


class MatchForm(forms.Form):
    """For each unknown campaign: one that is suggested, another one, or none of ours."""

    replace = forms.BooleanField(
        label=_("Replace what was matched otherwise before"),
        required=False,
        widget=UnfoldBooleanSwitchWidget,
    )

    def __init__(
        self, *args: Any, facts: Mapping[str, Any], scope: BrandScope, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.campaigns: QuerySet[Campaign] = within(scope, Campaign.objects.all())
        matchable = [
            {**names, "suggestions": some}
            for names, some in zip(facts["unmatched"], facts["suggestions"], strict=True)
            if names["brand_id"] is not None
        ]
        self.unmatched = matchable[:CAMPAIGNS_AT_ONCE]
        self.left_for_later = len(matchable) - len(self.unmatched)
        for number, names in enumerate(self.unmatched):
            self.fields[f"choice_{number}"] = forms.ChoiceField(
                label=_("Which of ours is “%(name)s”?") % {"name": called(names)},
                required=False,
                choices=choices_for(names),
                widget=UnfoldAdminSelectWidget,
            )
            self.fields[f"campaign_{number}"] = CampaignField(
                label=_("Another campaign for “%(name)s”") % {"name": called(names)},
                required=False,
                queryset=self.campaigns.select_related("brand"),
            )

    @property
    def rows(self) -> Iterator[UnknownRow]:
        for number, names in enumerate(self.unmatched):
            amounts = [money(Decimal(sum_), code) for code, sum_ in names["amounts"].items()]
            fields = self[f"choice_{number}"], self[f"campaign_{number}"]
            yield UnknownRow(names, amounts, *fields)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        for number in range(len(self.unmatched)):
            if data.get(f"choice_{number}") and data.get(f"campaign_{number}"):
                self.add_error(f"campaign_{number}", _("Choose one of the two."))
        return data

    def keep(self, *, by: Any, now: datetime) -> bool:
        """Keep the matches of the valid form; return whether that was done, else say why not."""
        try:
            for brand_id, matches in self.by_brand():
                match_campaigns(
                    matches,
                    brand_id=brand_id,
                    by=by,
                    now=now,
                    within=self.campaigns,
                    replace=self.cleaned_data["replace"],
                )
        except CannotMatch as error:
            self.add_error(None, str(error))
            return False
        return True

    def by_brand(self) -> Iterator[tuple[int, list[Match]]]:
        """Yield what was said, brand by brand."""
        chosen = sorted(self.chosen(), key=lambda each: each[0])
        for brand_id, matches in groupby(chosen, key=lambda each: each[0]):
            yield brand_id, [match for _, match in matches]

    def chosen(self) -> Iterator[tuple[int, Match]]:
        for number, names in enumerate(self.unmatched):
            choice = self.cleaned_data[f"choice_{number}"]
            other = self.cleaned_data[f"campaign_{number}"]
            if choice or other:
                campaign_id = other.pk if other else None if choice == LEFT_OUT else int(choice)
                yield (
                    names["brand_id"],
                    Match(
                        source=names["source"],
                        external_id=names["external_id"],
                        name=names["name"],
                        campaign_id=campaign_id,
                    ),
                )


def called(names: Mapping[str, Any]) -> str:
    """Return what the file calls a campaign."""
    return str(names["name"] or names["external_id"])


def choices_for(names: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """Return what an unknown campaign may be; at first it stays unknown."""
    suggested = [
        (str(each["campaign_id"]), " · ".join(filter(None, (each["name"], each["external_id"]))))
        for each in names["suggestions"]
    ]
    return [
        ("", _("Not decided: its rows stay refused")),
        *suggested,
        (LEFT_OUT, _("None of ours: leave its rows out")),
    ]
