"""How a reading is cut into calls: so many campaigns, so many days."""

from collections.abc import Iterator, Mapping
from datetime import date

from budgets.models import LinkedCampaign, PlatformAccount
from budgets.rules.clock import DAY

CAMPAIGNS_A_CALL = 2_000
DAYS_A_CALL = 7


def campaigns_of(account: PlatformAccount) -> dict[str, int]:
    """Return our campaign of each linked one; those of one campaign stand together."""
    rows = LinkedCampaign.objects.filter(account=account).order_by("campaign", "id")
    return dict(rows.values_list("external_id", "campaign_id"))


def in_calls(campaigns: Mapping[str, int]) -> Iterator[dict[str, int]]:
    """Cut campaigns into what one call asks for; those that are parts of one stay together."""
    chosen: dict[str, int] = {}
    last = None
    for key, campaign_id in campaigns.items():
        if len(chosen) >= CAMPAIGNS_A_CALL and campaign_id != last:
            yield chosen
            chosen = {}
        chosen[key] = last = campaign_id
    if chosen:
        yield chosen


def pieces(first: date, last: date) -> Iterator[tuple[date, date]]:
    """Cut a span of days, both included, into what one call asks for."""
    while first <= last:
        end = min(first + (DAYS_A_CALL - 1) * DAY, last)
        yield first, end
        first = end + DAY
