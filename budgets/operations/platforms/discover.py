"""Discovery: the campaigns that an account has, which of ours they are, and what nobody covers."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from budgets.cells.names import plain
from budgets.connectors.base import Capability, ListedCampaign
from budgets.models import Campaign, FoundCampaign, LinkedCampaign, PlatformAccount
from budgets.operations import edits
from budgets.operations.platforms.asking import in_calls
from budgets.operations.platforms.calling import Line
from budgets.operations.platforms.links import link
from budgets.operations.platforms.own_budgets import note_listed
from budgets.rules.clock import Clock, month_of
from budgets.rules.money import BadAmount, to_micros, to_units
from budgets.rules.status import RunStatus

LISTED_EVERY = timedelta(hours=1)
ROWS_AT_ONCE = 1_000
LONGEST_NAME = 200


def discover_when_due(line: Line) -> None:
    """List the account's campaigns once an hour."""
    listed_at = line.account.listed_at
    if listed_at is None or line.clock() - listed_at >= LISTED_EVERY:
        discover(line)


def discover(line: Line) -> None:
    """List the campaigns that none of ours is linked to, and what each spent this month."""
    if Capability.LIST_CAMPAIGNS not in line.connector.capabilities:
        return
    account, now = line.account, line.clock()
    with line.calling():
        listed = list(line.connector.list_campaigns(line.login))
    note_listed(account, listed, asked_at=now)
    linked = set(account.campaigns.values_list("external_id", flat=True))
    others = [
        each
        for each in listed
        if each.campaign not in linked and each.status is not RunStatus.REMOVED
    ]
    spent = spent_this_month(line, [each.campaign for each in others])
    with transaction.atomic():
        keep(account, others, spent)
        PlatformAccount.objects.filter(pk=account.pk).update(listed_at=now)


def spent_this_month(line: Line, campaigns: list[str]) -> Counter[str]:
    """Return what campaigns spent since the first of the account's month, in micros."""
    spent: Counter[str] = Counter()
    if Capability.DAY_TOTALS not in line.connector.capabilities:
        return spent
    last = line.account.clock.day(line.clock())
    for chosen in in_calls(dict(zip(campaigns, range(len(campaigns)), strict=True))):
        with line.calling():
            days = line.connector.read_days(
                line.login, list(chosen), first=month_of(last), last=last
            )
            reported = list(days)
        for row in reported:
            spent[row.campaign] += micros_of(row.total)
    return spent


def micros_of(total: Any) -> int:
    """Return a total in micros; nothing for one that could not be booked either."""
    try:
        return to_micros(total)
    except BadAmount:
        return 0


def keep(account: PlatformAccount, others: Collection[ListedCampaign], spent: Counter[str]) -> None:
    """Let the rows of the account be these; what was left out stays so."""
    account.found.exclude(external_id__in=[each.campaign for each in others]).delete()
    FoundCampaign.objects.bulk_create(
        [
            FoundCampaign(
                account=account,
                external_id=each.campaign,
                name=each.name[:LONGEST_NAME],
                status=each.status,
                spent=to_units(spent[each.campaign]),
            )
            for each in others
        ],
        batch_size=ROWS_AT_ONCE,
        update_conflicts=True,
        unique_fields=["account", "external_id"],
        update_fields=["name", "status", "spent"],
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A campaign that was found, and the one of ours that it seems to be."""

    found: FoundCampaign
    campaign: Campaign | None
    is_by_id: bool = False


def proposals(account: PlatformAccount, *, most: int) -> list[Proposal]:
    """Propose for each found campaign the one of its brand that has its ID, or alone its name."""
    rows = account.found.order_by("is_left_out", "-spent", "name", "id")[:most]
    linked = LinkedCampaign.objects.filter(account=account)
    ours = Campaign.objects.filter(brand=account.brand_id).exclude(pk__in=linked.values("campaign"))
    by_id = {campaign.external_id: campaign for campaign in ours}
    by_name: dict[str, list[Campaign]] = defaultdict(list)
    for campaign in ours:
        by_name[plain(campaign.name)].append(campaign)
    return [propose(found, by_id, by_name) for found in rows]


def propose(
    found: FoundCampaign, by_id: dict[str | None, Campaign], by_name: dict[str, list[Campaign]]
) -> Proposal:
    if campaign := by_id.get(found.external_id):
        return Proposal(found=found, campaign=campaign, is_by_id=True)
    named = by_name[plain(found.name)] if found.name else []
    return Proposal(found=found, campaign=named[0] if len(named) == 1 else None)


def adopt(
    account: PlatformAccount,
    chosen: Collection[Proposal],
    *,
    by: Any,
    now: datetime,
    clock: Clock | None = None,
) -> list[int]:
    """Link what was chosen to the campaigns proposed, and to new ones where there is none.

    Returns the ids of the changes that followed. Raises `ValidationError`, and links nothing.
    """
    with transaction.atomic():
        new = list(new_campaigns(account, chosen))
        change_ids = edits.save([campaign for _, campaign in new], by=by, now=now, clock=clock)
        known = [(each.found, each.campaign) for each in chosen if each.campaign]
        for found, campaign in (*known, *new):
            row = LinkedCampaign(campaign=campaign, account=account, external_id=found.external_id)
            row.full_clean()
            link(row, now=now)
    return change_ids


def new_campaigns(
    account: PlatformAccount, chosen: Collection[Proposal]
) -> Iterator[tuple[FoundCampaign, Campaign]]:
    """Yield a new campaign for each that is none of ours yet, without budgets of its own."""
    ours = Campaign.objects.filter(brand=account.brand_id).exclude(external_id=None)
    taken = set(ours.values_list("external_id", flat=True))
    for each in chosen:
        if each.campaign is None:
            found = each.found
            yield (
                found,
                Campaign(
                    brand=account.brand,
                    name=found.name or found.external_id,
                    external_id=None if found.external_id in taken else found.external_id,
                ),
            )
