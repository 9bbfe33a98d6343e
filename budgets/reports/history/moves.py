"""Moves: what a campaign was called under a brand, and since when it is of the one it has."""

from datetime import datetime
from typing import NamedTuple

from django.utils.translation import gettext as _

from budgets.models import Campaign


class Called(NamedTuple):
    """What a campaign is called within one brand."""

    name: str
    external_id: str | None


def called(campaign: Campaign, brand_id: int) -> Called:
    """Return what the campaign was last called under a brand; a query only where it has left it.

    What it is called now is its present brand's own.
    """
    if campaign.brand_id == brand_id:
        return Called(campaign.name, campaign.external_id)
    records = Campaign.history.filter(id=campaign.pk, brand=brand_id).order_by("-history_id")
    last = records.values_list("name", "external_id").first()
    return Called(*last) if last else Called(_("a campaign that has moved"), None)


def here_since(campaign: Campaign) -> datetime:
    """Return since when the campaign is of its present brand: when it was made, or moved there."""
    records = Campaign.history.filter(id=campaign.pk).order_by("history_id")
    elsewhere = records.exclude(brand=campaign.brand_id).values_list("history_id", flat=True).last()
    if elsewhere is None:
        return campaign.created_at
    moved = records.filter(history_id__gt=elsewhere).values_list("history_date", flat=True).first()
    return moved or campaign.created_at
