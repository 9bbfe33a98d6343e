"""The rows of linked campaigns: linked, claimed to be sent, answered, given up, tried again."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import Exists, F, OuterRef, QuerySet

from budgets.connectors.errors import RateLimited
from budgets.models import (
    AccountExchange,
    Change,
    Direction,
    FoundCampaign,
    LinkedCampaign,
    PlatformAccount,
)
from budgets.models.platforms.account_exchange import back_off
from budgets.models.platforms.linked_campaign import LONGEST_ERROR, LinkedCampaignQuerySet
from budgets.operations.database import id_rows
from budgets.operations.platforms import own_budgets
from budgets.operations.reconcile.wanted import announce
from budgets.rules.status import RunStatus

NO_ERROR = {"attempts": 0, "next_try_at": None, "error": "", "is_given_up": False}
NOBODY_ELSE = {"seen": "", "seen_at": None}


class Sent(NamedTuple):
    """A linked campaign and the status that is on its way to it."""

    id: int
    external_id: str
    status: RunStatus
    attempts: int


def link(row: LinkedCampaign, *, now: datetime) -> None:
    """Save a linked campaign and have its platform told; what it spent so far is read as well."""
    with transaction.atomic():
        row.wanted, row.wanted_at = row.status_of_campaign(), now
        row.save()
        PlatformAccount.objects.filter(pk=row.account_id).update(read_until=None)
        FoundCampaign.objects.filter(account=row.account, external_id=row.external_id).delete()
        announce([row.account_id])


def try_again(rows: LinkedCampaignQuerySet) -> int:
    """Have those tried again that were given up, that wait, or that somebody changed there.

    Returns how many orders that are, daily budgets among them.
    """
    with transaction.atomic():
        hold_in_order(rows)
        budgets = own_budgets.try_again(rows.values_list("pk", flat=True))
        rows.exclude(seen="").filter(sent="").update(confirmed=F("seen"), **NOBODY_ELSE)
        waiting = list(rows.unconfirmed().values_list("pk", "account_id"))
        chosen = LinkedCampaign.objects.filter(pk__in=id_rows(pk for pk, _ in waiting))
        accounts = {account_id for _, account_id in waiting}
        left_alone = AccountExchange.objects.filter(account__in=accounts)
        left_alone.filter(direction=Direction.STATUS).update(retry_at=None)
        announce(accounts)
        return chosen.update(**NO_ERROR) + budgets


def due_of(account_id: int, *, now: datetime) -> LinkedCampaignQuerySet:
    return LinkedCampaign.objects.filter(account=account_id).due(now).exclude(wanted="")


def claim(account_id: int, size: int, *, now: datetime) -> list[Sent]:
    """Mark a batch as on its way, stops first, each with what is wanted at this moment."""
    ready = due_of(account_id, now=now).unconfirmed().filter(sent="")
    # "paused" comes before "running".
    ids = list(ready.order_by("wanted", "wanted_at", "id").values_list("pk", flat=True)[:size])
    with transaction.atomic():
        held(ids).filter(sent="").update(sent=F("wanted"), sent_at=now, attempts=F("attempts") + 1)
        return on_their_way(LinkedCampaign.objects.filter(pk__in=id_rows(ids)))


def lost(account_id: int, size: int, *, now: datetime) -> list[Sent]:
    """Return those whose answer was lost: sent, and not known to have come to anything."""
    return on_their_way(due_of(account_id, now=now))[:size]


def on_their_way(rows: LinkedCampaignQuerySet) -> list[Sent]:
    found = rows.exclude(sent="").order_by("sent", "wanted_at", "id")
    return [
        Sent(pk, external_id, RunStatus(sent), attempts)
        for pk, external_id, sent, attempts in found.values_list(
            "pk", "external_id", "sent", "attempts"
        )
    ]


def put_back(batch: Iterable[Sent]) -> None:
    """Take them for not sent: the platform did nothing."""
    with transaction.atomic():
        held(each.id for each in batch).update(sent="")


def forget(batch: Iterable[Sent]) -> None:
    """Send what is wanted again, whatever it is: an order without an answer may yet arrive."""
    with transaction.atomic():
        held(each.id for each in batch).exclude(sent="").update(sent="", confirmed="")


def confirm(batch: Sequence[Sent], *, now: datetime) -> int:
    """Note that the platform has the statuses; return how many changes are confirmed with that.

    A change is confirmed when every platform of its campaign has what is wanted.
    """
    ids = [each.id for each in batch]
    with transaction.atomic():
        # Held first: of two accounts that confirm the same change, one has to see the other.
        changes = LinkedCampaign.objects.filter(pk__in=id_rows(ids)).values("change")
        decided = Change.objects.filter(pk__in=changes, confirmed_at=None)
        hold_in_order(decided)
        rows = held(ids)
        known = {"confirmed": F("sent"), "confirmed_at": now, "sent": ""}
        rows.exclude(sent="").update(**known, **NO_ERROR)
        done = rows.filter(confirmed=F("wanted")).values("change")
        others = LinkedCampaign.objects.filter(campaign=OuterRef("campaign")).unconfirmed()
        newly = Change.objects.filter(pk__in=done, confirmed_at=None)
        return newly.filter(~Exists(others)).update(confirmed_at=now)


def held(ids: Iterable[int]) -> LinkedCampaignQuerySet:
    """Hold these rows until the transaction ends, taken in one order by everybody."""
    rows = LinkedCampaign.objects.filter(pk__in=id_rows(ids))
    hold_in_order(rows)
    return rows


def hold_in_order(rows: QuerySet[Any]) -> None:
    list(rows.order_by("pk").select_for_update(no_key=True).values_list("pk"))


def give_up(link_id: int, error: object) -> None:
    """Stop trying until something else is decided, or a person asks for it."""
    LinkedCampaign.objects.filter(pk=link_id).update(
        sent="", is_given_up=True, error=str(error)[:LONGEST_ERROR]
    )


def wait(each: Sent, error: object, *, now: datetime) -> None:
    """Ask what became of it after a while: as the platform says, or longer after each attempt."""
    pause = error.retry_after if isinstance(error, RateLimited) else back_off(each.attempts)
    LinkedCampaign.objects.filter(pk=each.id).update(
        next_try_at=now + pause, error=str(error)[:LONGEST_ERROR]
    )
