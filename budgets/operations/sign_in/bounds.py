"""Bounds of guessing: how many failures of a name, from an address, and of both together.

They expire by themselves, as the failures they count grow old: nobody is locked out for good.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address, ip_network

from django.db.models import Q, QuerySet, Sum

from budgets.models import AccessEvent, AccessKind
from budgets.models.sign_in.access_event import FAILURES

IPV6_NETWORK_BITS = 64
"""What a subscriber is given, to take any address of: counted as one."""

KNOWN_FOR = timedelta(days=90)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """So many failures within a time, by the columns that tell one guesser from another."""

    columns: tuple[str, ...]
    failures: int
    within: timedelta


OF_NAME_AND_ADDRESS = Bound(columns=("name", "address"), failures=5, within=timedelta(minutes=15))
OF_ADDRESS = Bound(columns=("address",), failures=20, within=timedelta(minutes=15))
OF_ADDRESS_A_DAY = Bound(columns=("address",), failures=100, within=timedelta(days=1))
OF_NAME = Bound(columns=("name",), failures=50, within=timedelta(hours=1))
BOUNDS = (OF_NAME_AND_ADDRESS, OF_ADDRESS, OF_ADDRESS_A_DAY, OF_NAME)


def locked_until(name: str, address: str, *, now: datetime, under_way: int = 0) -> datetime | None:
    """Return the instant at which the name may be tried again from the address; `None` is now.

    A name that has signed in from the address is bounded by what failed for both together only:
    who guesses at it from elsewhere, or sits behind the same router, locks nobody out who was there
    before. `under_way` attempts are counted already and do not lock themselves.
    """
    bounds = BOUNDS[:1] if is_known(name, address, now=now) else BOUNDS
    typed = {"name": name, "address": address}
    ends = [
        full_until(
            failures().filter(**{column: typed[column] for column in bound.columns}),
            bound,
            now=now,
            under_way=under_way,
        )
        for bound in bounds
    ]
    return max(filter(None, ends), default=None)


def full_until(
    rows: QuerySet[AccessEvent], bound: Bound, *, now: datetime, under_way: int
) -> datetime | None:
    """Return when the failures within the bound's time fall below it again."""
    counted, most = 0, bound.failures + under_way
    newest = rows.filter(at__gt=now - bound.within).order_by("-at")
    for at, times in newest.values_list("at", "times")[:most]:
        counted += times
        if counted >= most:
            return at + bound.within
    return None


def failures() -> QuerySet[AccessEvent]:
    return AccessEvent.objects.filter(kind__in=FAILURES, is_counted=True)


def is_known(name: str, address: str, *, now: datetime) -> bool:
    """Say whether the name has signed in from the address lately."""
    came_in = AccessEvent.objects.filter(kind=AccessKind.SIGNED_IN, name=name, address=address)
    return came_in.filter(at__gt=now - KNOWN_FOR).exists()


def counted_as(address: str) -> str:
    """Return what an address is counted by: an IPv6 address by its network."""
    try:
        read = ip_address(address)
    except ValueError:
        return ""
    if isinstance(read, IPv6Address):
        return str(ip_network((read, IPV6_NETWORK_BITS), strict=False))
    return str(read)


def locks(*, now: datetime, most: int) -> list[dict[str, str]]:
    """Return what is locked now, by the columns of its bound."""
    found: list[dict[str, str]] = []
    for bound in BOUNDS:
        groups = failures().filter(at__gt=now - bound.within).order_by().values(*bound.columns)
        full = groups.annotate(total=Sum("times")).filter(total__gte=bound.failures)
        locked = [{column: each[column] for column in bound.columns} for each in full[:most]]
        found += [each for each in locked if each not in found]
    return found[:most]


def lift(*, now: datetime, name: str = "", address: str = "") -> int:
    """Forgive what failed for a name, an address or both together; return how many rows."""
    given = Q(**{key: text for key, text in (("name", name), ("address", address)) if text})
    if not given:
        return 0
    return failures().filter(given, at__lte=now).update(is_counted=False)
