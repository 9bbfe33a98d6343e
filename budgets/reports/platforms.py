"""How the exchange with platform accounts goes: what works, what does not, since when."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.db.models import Count, F, Q, Sum

from budgets.access.scope import within
from budgets.models import (
    AccountExchange,
    Change,
    Direction,
    Failure,
    FoundCampaign,
    LinkedCampaign,
    PlatformAccount,
)
from budgets.models.brand_scope import BrandScope
from budgets.models.platforms.platform_account import Outside

LATELY = timedelta(hours=24)
MOST_DELAYS = 1_000
NOTHING = (0, Decimal(0))
CHANGED_THERE = Q(seen__gt="", account__outside=Outside.REPORT)


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountState:
    """One account at an instant."""

    account: PlatformAccount
    exchanges: dict[str, AccountExchange]
    campaigns: int
    unconfirmed: int
    given_up: int
    changed_there: int
    """Campaigns that somebody changed on the platform, where that is only reported."""

    uncovered: int
    uncovered_spent: Decimal
    """Campaigns there that spend and are in no budget of ours, and what they spent this month."""

    @property
    def failing(self) -> AccountExchange | None:
        """The exchange that has failed for longest, if any does."""
        failing = [each for each in self.exchanges.values() if each.failing_since]
        return min(failing, key=lambda each: str(each.failing_since), default=None)

    @property
    def read_at(self) -> datetime | None:
        """When spend was last read; what was spent since is not known."""
        found = self.exchanges.get(Direction.SPEND)
        return found.ok_at if found else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Delays:
    """How long it took from decisions to their confirmation, over so many changes."""

    changes: int
    median: timedelta
    most: timedelta
    """What one in a hundred exceeds."""


def account_states(accounts: Sequence[PlatformAccount]) -> list[AccountState]:
    """Return the state of each account, in a constant number of queries."""
    ids = [account.pk for account in accounts]
    exchanges: dict[int, dict[str, AccountExchange]] = {pk: {} for pk in ids}
    for exchange in AccountExchange.objects.filter(account__in=ids):
        exchanges[exchange.account_id][exchange.direction] = exchange
    links = LinkedCampaign.objects.filter(account__in=ids).order_by().values("account")
    is_open = Q(pk__in=LinkedCampaign.objects.unconfirmed().values("pk"))
    counted = {
        row["account"]: row
        for row in links.annotate(
            linked=Count("pk"),
            open=Count("pk", filter=is_open),
            given_up=Count("pk", filter=Q(is_given_up=True)),
            changed_there=Count("pk", filter=CHANGED_THERE),
        )
    }
    spending = FoundCampaign.objects.filter(account__in=ids).uncovered().order_by()
    uncovered = {
        account_id: (number, spent)
        for account_id, number, spent in spending.values_list("account").annotate(
            Count("pk"), Sum("spent")
        )
    }
    none = {"linked": 0, "open": 0, "given_up": 0, "changed_there": 0}
    return [
        AccountState(
            account=account,
            exchanges=exchanges[account.pk],
            campaigns=(row := counted.get(account.pk, none))["linked"],
            unconfirmed=row["open"],
            given_up=row["given_up"],
            changed_there=row["changed_there"],
            uncovered=(found := uncovered.get(account.pk, NOTHING))[0],
            uncovered_spent=found[1],
        )
        for account in accounts
    ]


def troubled_accounts(scope: BrandScope) -> list[AccountState]:
    """Return the accounts in scope that are on and need somebody.

    Once is no failure, unless nothing but a person can mend it.
    """
    accounts = within(scope, PlatformAccount.objects.filter(is_on=True))
    fails = (
        Q(exchanges__failure__in=(Failure.CREDENTIALS, Failure.PERMANENT))
        | Q(exchanges__failures__gt=1)
        | Q(silent_since__isnull=False)
        | Q(campaigns__is_given_up=True)
        | Q(found__in=FoundCampaign.objects.uncovered())
        | Q(outside=Outside.REPORT, campaigns__seen__gt="")
    )
    found = accounts.filter(fails).distinct().select_related("brand").order_by("pk")
    return account_states(list(found))


def delays(account: PlatformAccount, *, now: datetime) -> Delays | None:
    """Return how long confirmations lately took; nothing where there were none."""
    since = Change.objects.filter(at__gte=now - LATELY, confirmed_at__isnull=False)
    changes = since.filter(campaign__in=account.campaigns.values("campaign")).order_by("-id")
    taken = sorted(
        confirmed_at - at
        for at, confirmed_at in changes.values_list("at", "confirmed_at")[:MOST_DELAYS]
        if confirmed_at
    )
    if not taken:
        return None
    return Delays(changes=len(taken), median=at_rank(taken, 50), most=at_rank(taken, 99))


def at_rank(taken: Sequence[timedelta], percent: int) -> timedelta:
    """Return the time that so many percent do not exceed (nearest rank)."""
    return taken[max(0, -(-len(taken) * percent // 100) - 1)]


def open_ones_first(account: PlatformAccount, *, most: int) -> list[LinkedCampaign]:
    """Return campaigns of an account: those that are not confirmed, then others."""
    links = account.campaigns.select_related("campaign", "account", "budget").order_by("id")
    found = list(links.unconfirmed()[:most])
    return found + list(links.filter(confirmed=F("wanted"))[: most - len(found)])


def links_of(campaign_ids: Iterable[int]) -> dict[int, list[LinkedCampaign]]:
    """Return where each campaign runs, with the accounts."""
    found: dict[int, list[LinkedCampaign]] = {pk: [] for pk in campaign_ids}
    rows = LinkedCampaign.objects.filter(campaign__in=list(found))
    rows = rows.select_related("account", "campaign", "budget")
    for link in rows.order_by("pk"):
        found[link.campaign_id].append(link)
    return found
