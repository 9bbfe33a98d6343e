"""Deliver: send the ad platform what was decided, after it was committed, until it confirms."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from itertools import groupby
from operator import itemgetter

from django.conf import settings

from budgets.connectors import CampaignRef, Connector, connector_named
from budgets.models import Campaign, Change, Source
from budgets.models.locks import alone

CHANGES_A_RUN = 1_000


def deliver_changes(*, now: datetime, limit: int = CHANGES_A_RUN) -> int:
    """Send the current status of campaigns with undelivered changes; return the changes confirmed.

    What is sent is where the campaign stands now, so a delivery that was late or repeated can
    never bring back an old status. What the platform does not confirm is sent again next time.
    Only one run at a time sends; a second leaves at once, with 0.
    """
    connector = connector_named(settings.AD_CONNECTOR)
    if connector is None:
        return 0
    with alone("deliver") as is_alone:
        return deliver(connector, now=now, limit=limit) if is_alone else 0


def deliver(connector: Connector, *, now: datetime, limit: int) -> int:
    """Send and confirm; two runs side by side could send an old status last."""
    waiting: dict[int, list[int]] = defaultdict(list)
    for change_id, campaign_id in Change.objects.awaiting_delivery().values_list(
        "id", "campaign_id"
    )[:limit]:
        waiting[campaign_id].append(change_id)
    confirmed = 0
    for delivery in connector.send_status(refs_of(waiting)):
        if delivery.is_confirmed:
            confirmed += confirm(waiting[delivery.campaign_id], now=now)
    return confirmed


def confirm(change_ids: Iterable[int], *, now: datetime) -> int:
    """Mark the changes as delivered, those that another run has not marked already."""
    return Change.objects.filter(pk__in=list(change_ids), awaits_delivery=True).update(
        awaits_delivery=False, confirmed_at=now
    )


def refs_of(campaign_ids: Iterable[int] | None = None) -> list[CampaignRef]:
    campaigns = Campaign.objects.select_related("brand").order_by("id")
    if campaign_ids is not None:
        campaigns = campaigns.filter(pk__in=list(campaign_ids))
    sources = sources_by_brand()
    return [
        CampaignRef(
            campaign_id=campaign.pk,
            external_id=campaign.external_id,
            currency=campaign.brand.currency,
            timezone=campaign.brand.clock.zone.key,
            daily_budget=campaign.daily_budget,
            is_running=campaign.status == "running",
            sources=sources.get(campaign.brand_id, frozenset()),
        )
        for campaign in campaigns.iterator()
    ]


def sources_by_brand() -> dict[int, frozenset[str]]:
    """Return the names of the spend sources of each brand that has any: a few rows a brand."""
    rows = Source.objects.order_by("brand_id").values_list("brand_id", "name")
    return {
        brand_id: frozenset(name for _, name in named)
        for brand_id, named in groupby(rows, key=itemgetter(0))
    }
