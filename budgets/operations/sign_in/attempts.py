"""An attempt to sign in: counted before anything is computed for it, so that none slips by."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import F

from budgets.models import AccessEvent, AccessKind
from budgets.operations.access_record import log_access, record_access
from budgets.operations.sign_in.bounds import counted_as, failures, locked_until

ONE_ROW_FOR = timedelta(minutes=15)
"""Failures of a name from an address that are no further apart are one row."""


class LockedOut(Exception):
    """Too many attempts failed. Tells when the next may be made, whoever is meant by the name."""

    def __init__(self, until: datetime) -> None:
        super().__init__(until)
        self.until = until


@dataclass(slots=True)
class Attempt:
    """An attempt under way; a failure unless it is said to have passed."""

    name: str
    address: str
    passed: bool = False


@contextmanager
def attempt(name: str, address: str, kind: AccessKind, *, now: datetime) -> Iterator[Attempt]:
    """Count an attempt as a failure of this kind, and take it back if it passes.

    Counting first bounds also those who try many at once. Raises `LockedOut`, without writing
    anything, once a bound is full.
    """
    under_way = Attempt(name, counted_as(address))
    until = locked_until(under_way.name, under_way.address, now=now)
    if until:
        raise LockedOut(until)
    row = count(under_way, kind, now=now)
    # Of many at once none passes that the others, counted as failures, leave no room for.
    until = locked_until(under_way.name, under_way.address, now=now, under_way=1)
    if until:
        note_lock(under_way, now=now)
        raise LockedOut(until)
    try:
        yield under_way
    finally:
        if under_way.passed:
            take_back(row)
        else:
            log_access(row)
            if locked_until(under_way.name, under_way.address, now=now):
                note_lock(under_way, now=now)


def note_lock(under_way: Attempt, *, now: datetime) -> None:
    """Record that a bound is full, once."""
    same = AccessEvent.objects.filter(
        kind=AccessKind.LOCKED, name=under_way.name, address=under_way.address
    )
    if not same.filter(at__gt=now - ONE_ROW_FOR).exists():
        record_access(AccessKind.LOCKED, under_way.name, who="", address=under_way.address, at=now)


def count(under_way: Attempt, kind: AccessKind, *, now: datetime) -> AccessEvent:
    """Add one to the row of such failures, or begin one."""
    alike = failures().filter(kind=kind, name=under_way.name, address=under_way.address)
    row = alike.filter(at__gt=now - ONE_ROW_FOR).order_by("-at").first()
    if row and alike.filter(pk=row.pk).update(times=F("times") + 1, at=now):
        return row
    return AccessEvent.objects.create(
        kind=kind, name=under_way.name, address=under_way.address, at=now, is_counted=True
    )


def take_back(row: AccessEvent) -> None:
    """Uncount an attempt that passed."""
    AccessEvent.objects.filter(pk=row.pk).update(times=F("times") - 1)
    AccessEvent.objects.filter(pk=row.pk, times=0).delete()


def signed_in(name: str, address: str, *, now: datetime) -> None:
    """Record that somebody is in; their own slips from there count no longer."""
    address = counted_as(address)
    failures().filter(name=name, address=address).update(is_counted=False)
    record_access(AccessKind.SIGNED_IN, name, who=name, address=address, at=now)
