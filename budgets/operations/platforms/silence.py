"""Silence: a feed whose spend could not be read for longer than its brand allows."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db.models import F
from django.db.models.functions import Coalesce

from budgets.models import AccountExchange, Direction, PlatformAccount
from budgets.operations.reconcile import reconcile
from budgets.rules.clock import Clock


def note_silence(*, now: datetime, clock: Clock | None = None) -> int:
    """Note which accounts are silent at the instant, and which are heard again.

    Decides the brands that pause when they are silent, and returns the campaigns changed.
    """
    changed = set()
    for account, since in silent_now(now=now):
        if account.silent_since != since:
            PlatformAccount.objects.filter(pk=account.pk).update(silent_since=since)
            if account.brand.pauses_when_silent:
                changed.add(account.brand_id)
    return reconcile(now=now, clock=clock, brand_ids=changed) if changed else 0


def silent_now(*, now: datetime) -> Iterator[tuple[PlatformAccount, datetime | None]]:
    """Yield every account with the instant since when it is silent, which is none for most.

    One that was never heard counts from its first failure; one that was never tried is not silent.
    """
    exchanges = AccountExchange.objects.filter(direction=Direction.SPEND)
    heard = dict(
        exchanges.annotate(heard=Coalesce(F("ok_at"), F("failing_since"))).values_list(
            "account_id", "heard"
        )
    )
    for account in PlatformAccount.objects.select_related("brand").order_by("pk"):
        last, minutes = heard.get(account.pk), account.brand.silent_after_minutes
        is_silent = (
            account.is_on
            and last is not None
            and minutes is not None
            and now - last > timedelta(minutes=minutes)
        )
        yield account, last if is_silent else None
