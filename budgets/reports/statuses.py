"""Statuses: whether each of many campaigns runs now, why not, and since when."""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from django.db.models import OuterRef, Q, Subquery

from budgets.models import Campaign, Change
from budgets.rules.reasons import NO_REASON, PauseReason


class CampaignStatus(NamedTuple):
    """Whether a campaign runs, as last decided; since when, `None` if it always has."""

    campaign_id: int
    external_id: str | None
    reasons: PauseReason
    since: datetime | None

    @property
    def is_running(self) -> bool:
        return self.reasons == NO_REASON


def statuses_of(campaign_ids: Collection[int]) -> list[CampaignStatus]:
    """Return the statuses of these campaigns, in the order of their ids; one query."""
    stopped_or_started = Change.objects.filter(
        Q(before=0, after__gt=0) | Q(before__gt=0, after=0), campaign=OuterRef("pk")
    )
    since = Subquery(stopped_or_started.order_by("-id").values("at")[:1])
    campaigns = Campaign.objects.filter(pk__in=campaign_ids).annotate(since=since)
    rows = campaigns.order_by("pk").values_list("pk", "external_id", "reasons", "since")
    return [
        CampaignStatus(pk, external_id, PauseReason(reasons), at)
        for pk, external_id, reasons, at in rows
    ]
