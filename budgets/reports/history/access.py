"""Access events among the activity: sign-ins and changes of rights, for those who may know."""

from typing import Any

from django.db.models import Q, QuerySet

from budgets.models import AccessEvent
from budgets.models.sign_in.access_event import SIGN_INS

SEES_ACCESS = "budgets.view_accessevent"
"""The permission of owners; `BrandBackend` keeps it from those limited to brands."""

IS_SIGN_IN = Q(kind__in=SIGN_INS)


def access_events(*, sign_ins: bool = True, rights: bool = True, person: str = "") -> QuerySet[Any]:
    """Return the events of signing in, of rights, or both, newest first."""
    events = AccessEvent.objects.filter(times__gt=0)
    if not rights:
        events = events.filter(IS_SIGN_IN)
    if not sign_ins:
        events = events.exclude(IS_SIGN_IN)
    if person:
        events = events.filter(Q(who__iexact=person) | Q(name__iexact=person))
    return events.order_by("-at", "-id")
