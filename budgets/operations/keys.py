"""API keys: secrets made, rotated with an overlap and ended; keys handed over to the house."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from budgets.models import AccessKind, ApiKey, KeySecret
from budgets.operations.access_record import record_access


def new_secret(key: ApiKey, *, now: datetime) -> KeySecret:
    """Give a key a secret and return it with its text, which is known this once."""
    secret = KeySecret.made_for(key, at=now)
    secret.save()
    return secret


def rotate(key: ApiKey, *, now: datetime, until: datetime) -> KeySecret:
    """Give a key a new secret; those that work go on until `until` at the latest."""
    with transaction.atomic():
        # Two rotations at once would leave two secrets without an end.
        ApiKey.objects.select_for_update().get(pk=key.pk)
        key.secrets.filter(Q(ends_at=None) | Q(ends_at__gt=until)).update(ends_at=until)
        secret = new_secret(key, now=now)
        record_access(AccessKind.KEY_CHANGED, key.name, detail=f"new secret {secret.prefix}")
        return secret


def end_old_secrets(key: ApiKey, *, now: datetime) -> int:
    """End what works beside the newest secret; return how many those were."""
    newest = key.secrets.order_by("-id").values("pk")[:1]
    old = key.secrets.working(at=now).exclude(pk__in=list(newest.values_list("pk", flat=True)))
    ended = old.update(ends_at=now)
    if ended:
        record_access(AccessKind.KEY_CHANGED, key.name, detail="old secret ended")
    return ended


def hand_over(key: ApiKey) -> bool:
    """Make a key the house's; say whether it was not yet."""
    is_new = bool(ApiKey.objects.filter(pk=key.pk, is_of_house=False).update(is_of_house=True))
    if is_new:
        record_access(AccessKind.KEY_CHANGED, key.name, detail="handed over to the house")
    return is_new
