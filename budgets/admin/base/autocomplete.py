"""Pick a brand or a campaign by typing; names of campaigns repeat, so their brand is shown too."""

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, JsonResponse
from django.urls import reverse_lazy
from unfold.widgets import UnfoldAdminAutocompleteWidget

from budgets.cells.identifiers import number_in
from budgets.models import Campaign

OFFERED_AT_ONCE = 20
MOST_PAGES = 10_000


def label_of(campaign: Campaign) -> str:
    """Name a campaign so that it cannot be mistaken for another brand's."""
    return f"{campaign.name} · {campaign.brand.name} ({campaign.brand.currency})"


class Picker(UnfoldAdminAutocompleteWidget):
    """A select that asks the server for rows as one types, and holds only the chosen one."""

    # Unfold's own writes “True” as the value of what is selected.
    option_template_name = "django/forms/widgets/select_option.html"

    source: dict[str, Any]
    """The attributes that say whom to ask, and for what."""

    class Media:
        js = ("admin/js/jquery.init.js", "admin/js/autocomplete.js")

    def optgroups(self, name: str, value: list[str], attrs: Any = None) -> Any:
        ids = [number_in(text) or 0 for text in value]
        # Among those the form offers: a guessed id names no row of another brand.
        chosen = self.choices.queryset.filter(pk__in=ids)
        options = [
            self.create_option(name, row.pk, self.label(row), selected=True, index=number)
            for number, row in enumerate(chosen, start=1)
        ]
        empty = self.create_option(name, "", "", selected=not options, index=0)
        return [(None, [empty, *options], 0)]

    def label(self, row: Any) -> str:
        return str(row)

    def build_attrs(self, base_attrs: Any, extra_attrs: Any = None) -> Any:
        return super().build_attrs(base_attrs, extra_attrs) | self.source


class CampaignPicker(Picker):
    """Picks a campaign, named with its brand."""

    source = {"data-ajax--url": reverse_lazy("admin:budgets_campaign_pick")}

    def label(self, row: Campaign) -> str:
        return label_of(row)


class BrandPicker(Picker):
    """Picks a brand, asking as the brand's box on a campaign's page does."""

    source = {
        "data-ajax--url": reverse_lazy("admin:autocomplete"),
        "data-app-label": "budgets",
        "data-model-name": "campaign",
        "data-field-name": "brand",
    }


class CampaignField(forms.ModelChoiceField[Campaign]):
    """One campaign, picked by typing."""

    widget = CampaignPicker


def pick_campaigns(request: HttpRequest, model_admin: Any) -> JsonResponse:
    """Return a page of campaigns that match what was typed, as the select expects it."""
    if not model_admin.has_view_permission(request):
        raise PermissionDenied
    page = number_in(request.GET.get("page", "")) or 1
    start = (min(page, MOST_PAGES) - 1) * OFFERED_AT_ONCE
    rows, _duplicates = model_admin.get_search_results(
        request,
        model_admin.get_queryset(request).select_related("brand"),
        request.GET.get("term", ""),
    )
    found = list(rows.order_by("name", "id")[start : start + OFFERED_AT_ONCE + 1])
    return JsonResponse(
        {
            "results": [{"id": str(c.pk), "text": label_of(c)} for c in found[:OFFERED_AT_ONCE]],
            "pagination": {"more": len(found) > OFFERED_AT_ONCE},
        }
    )
