"""What follows from an edit, in the edit's own transaction: its brands are reconciled.

Connected when Django starts, so that the admin, the shell and the API behave alike. A save has no
`now` to pass on: this is where an edit reads the clock.
"""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from django.utils import timezone

from budgets.models import Brand, Campaign, Schedule, Spend
from budgets.operations.cause import cause_of_edit
from budgets.operations.ingest.manual_totals import book_saved_day
from budgets.operations.reconcile import settle

_waiting: ContextVar[set[int] | None] = ContextVar("brands to decide together", default=None)


@contextmanager
def decided_together(*, now: datetime) -> Iterator[None]:
    """Decide once, at the end, what all the saves within concern: one change a campaign.

    The saves and the decision are one transaction. Whoever saves rows of several brands takes
    their locks together beforehand, and saves campaigns in the order of their ids.
    """
    brand_ids: set[int] = set()
    token = _waiting.set(brand_ids)
    with transaction.atomic():
        try:
            yield
        finally:
            _waiting.reset(token)
        settle(now=now, brand_ids=brand_ids, cause=cause_of_edit())


@receiver(post_save, sender=Brand)
@receiver(post_save, sender=Schedule)
@receiver(post_delete, sender=Campaign)
def settle_what_the_edit_concerns(instance: Any, raw: bool = False, **_: Any) -> None:
    """Decide the campaigns again that the edit can have changed."""
    concerned = (
        {instance.brand_id} if isinstance(instance, Campaign) else instance.brands_concerned()
    )
    waiting = _waiting.get()
    if waiting is not None:
        waiting |= concerned
    elif not raw:
        settle(now=timezone.now(), brand_ids=concerned, cause=cause_of_edit())


@receiver(post_save, sender=Campaign)
def settle_the_campaign(instance: Campaign, raw: bool = False, **_: Any) -> None:
    """Decide the campaign again and show the result on the instance just saved."""
    waiting = _waiting.get()
    if waiting is not None:
        waiting.add(instance.brand_id)
    elif not raw:
        settle(now=timezone.now(), cause=cause_of_edit(), campaign=instance)
        instance.refresh_from_db(fields=["reasons"])


@receiver(post_save, sender=Spend)
def book_what_was_typed_in(
    instance: Spend, raw: bool = False, update_fields: Collection[str] | None = None, **_: Any
) -> None:
    """Enter a total that was saved by hand into the ledger, and decide what it concerns."""
    if raw or (update_fields is not None and "amount" not in update_fields):
        return
    now, brand_id = timezone.now(), instance.campaign.brand_id
    book_saved_day(instance, now=now)
    waiting = _waiting.get()
    if waiting is not None:
        waiting.add(brand_id)
    else:
        settle(now=now, brand_ids=[brand_id], cause=cause_of_edit())
