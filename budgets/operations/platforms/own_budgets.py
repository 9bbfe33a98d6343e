"""The platforms' own daily budgets: what each campaign's should be, set until it is known to be.

Level-triggered, as statuses are: whatever differs from what should be is sent, by one process an
account, and never in the way of a stop: beside those who send statuses, with a part of the calls
that the platform takes. Sending an amount twice is harmless, so what came of a lost answer is not
asked: it is sent again.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import islice
from typing import Any, NamedTuple

from django.db.models import Count, QuerySet

from budgets.connectors.base import BudgetOrder, Capability, ListedCampaign
from budgets.connectors.errors import PermanentError, TemporaryError
from budgets.models import (
    AccountExchange,
    Direction,
    LinkedCampaign,
    PlatformAccount,
    PlatformBudget,
    Schedule,
)
from budgets.models.locks import alone
from budgets.models.platforms.linked_campaign import LONGEST_ERROR
from budgets.models.platforms.platform_account import DailyBudgets, Outside
from budgets.operations.database import id_rows
from budgets.operations.platforms.budget_amounts import budget_there
from budgets.operations.platforms.calling import Line
from budgets.rules.clock import Clock

ROWS_AT_ONCE = 1_000
SHARE_OF_CALLS = 4
"""One call in so many of a minute's is for budgets; the others are left for stops."""
LONGEST_RUN = timedelta(seconds=60)
NOTHING_SEEN = {"seen": None, "seen_at": None}


class Due(NamedTuple):
    """A linked campaign and the daily budget that its platform should have."""

    link_id: int
    external_id: str
    amount: Decimal


def accounts_that_set_budgets() -> list[int]:
    """Return the accounts whose budgets are ours to set; of others no trouble with that is left."""
    all_exchanges = AccountExchange.objects.filter(direction=Direction.BUDGETS)
    all_exchanges.filter(account__daily_budgets=DailyBudgets.OFF).delete()
    accounts = PlatformAccount.objects.filter(is_on=True).exclude(daily_budgets=DailyBudgets.OFF)
    return list(accounts.exclude(sealed_credentials="").values_list("pk", flat=True))


def push_budgets(account_id: int, *, clock: Clock) -> int:
    """Set the daily budgets of an account that differ from what they should be.

    Returns how many were set. Leaves at once where somebody is at it; what is too much for one run
    is left for the next.
    """
    with alone("budgets", account_id) as is_alone:
        line = Line.to(account_id, Direction.BUDGETS, clock=clock) if is_alone else None
        if line is None or Capability.SET_BUDGETS not in line.connector.capabilities:
            return 0
        done, began = 0, clock()
        calls = max(1, line.connector.limits.calls_a_minute // SHARE_OF_CALLS)
        with line.noting():
            due = list(islice(budgets_due(line), calls * line.batch_size))
            for start in range(0, len(due), line.batch_size):
                done += send(line, due[start : start + line.batch_size])
                if clock() - began > LONGEST_RUN:
                    break
        return done


def budgets_due(line: Line) -> Iterator[Due]:
    """Yield what is to be set: not what was refused, nor where a person's amount is to stay."""
    account, now = line.account, line.clock()
    rows = account.campaigns.exclude(campaign__in=several_there(account))
    schedules = Schedule.objects.filter(campaigns__links__account=account).distinct().in_bulk()
    known = rows.select_related("campaign", "budget").order_by("pk")
    smallest = line.connector.smallest_budget(account.currency)
    for link in known.iterator(chunk_size=ROWS_AT_ONCE):
        link.campaign.brand = account.brand
        link.campaign.schedule = schedules.get(link.campaign.schedule_id)
        amount = budget_there(link.campaign, account.daily_budgets, smallest, now=now)
        budget = getattr(link, "budget", None)
        if amount is None or (budget and amount in {budget.there, budget.refused}):
            continue
        if budget and budget.seen is not None and account.outside != Outside.ENFORCE:
            continue
        yield Due(link.pk, link.external_id, amount)


def several_there(account: PlatformAccount) -> QuerySet[Any, Any]:
    """Return the campaigns of an account that are several there: no one knows whose share it is."""
    return (
        LinkedCampaign.objects.filter(campaign__in=account.campaigns.values("campaign"))
        .order_by()
        .values("campaign")
        .annotate(links=Count("pk"))
        .filter(links__gt=1)
        .values("campaign")
    )


def send(line: Line, batch: Sequence[Due]) -> int:
    """Set a batch, and note what became of each; return how many were set."""
    now = line.clock()
    rows = {
        each.external_id: PlatformBudget(link_id=each.link_id, sent=each.amount, there_at=now)
        for each in batch
    }
    # Until the answer is there nothing is known: whoever comes after a lost one sends it again.
    write(rows.values(), "there", "there_at", "sent")
    orders = [BudgetOrder(each.external_id, each.amount) for each in batch]
    with line.calling():
        answers = line.connector.set_budgets(line.login, orders)
    errors = {answer.campaign: answer.error for answer in answers}
    for key, row in rows.items():
        error = errors.get(key, TemporaryError("The platform did not answer for this campaign."))
        row.error = "" if error is None else str(error)[:LONGEST_ERROR]
        row.there = row.confirmed = row.sent if error is None else None
        row.refused = row.sent if isinstance(error, PermanentError) else None
    return note_answered(rows.values(), now=line.clock())


def note_answered(rows: Collection[PlatformBudget], *, now: datetime) -> int:
    """Write what became of each; return how many were set."""
    done = [row for row in rows if row.there is not None]
    others = [row for row in rows if row.there is None]
    for row in done:
        row.there_at = now
    answered = ["refused", "error"]
    PlatformBudget.objects.bulk_update(done, ["there", "there_at", "confirmed", *answered])
    PlatformBudget.objects.bulk_update(others, answered)
    return len(done)


def note_listed(
    account: PlatformAccount, listed: Iterable[ListedCampaign], *, asked_at: datetime
) -> None:
    """Note the budgets that a platform listed; what neither is nor was ours is somebody else's."""
    budgets = {each.campaign: each.daily_budget for each in listed if each.daily_budget}
    if not budgets:
        return
    moved = []
    for link in account.campaigns.select_related("budget"):
        amount = budgets.get(link.external_id)
        known = getattr(link, "budget", None) or PlatformBudget(link=link)
        is_newer = known.there_at is not None and known.there_at > asked_at
        if amount is None or is_newer or amount == known.there:
            continue
        if known.is_ours(amount):
            known.seen = known.seen_at = None
        elif known.confirmed is not None:
            known.seen, known.seen_at = amount, asked_at
        known.there, known.there_at = amount, asked_at
        moved.append(known)
    write(moved, "there", "there_at", "seen", "seen_at")


def write(rows: Collection[PlatformBudget], *fields: str) -> None:
    """Write these fields of budgets, be they there or not."""
    PlatformBudget.objects.bulk_create(
        rows,
        batch_size=ROWS_AT_ONCE,
        update_conflicts=True,
        unique_fields=["link"],
        update_fields=fields,
    )


def try_again(link_ids: Iterable[int]) -> int:
    """Have budgets set again that were refused, or that somebody changed; return how many."""
    ids = list(link_ids)
    left_alone = AccountExchange.objects.filter(direction=Direction.BUDGETS)
    left_alone.filter(account__campaigns__in=id_rows(ids)).update(retry_at=None)
    rows = PlatformBudget.objects.filter(link__in=id_rows(ids))
    again = rows.exclude(refused=None, seen=None)
    return again.update(refused=None, error="", **NOTHING_SEEN)
