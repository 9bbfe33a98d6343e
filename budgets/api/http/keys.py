"""Who asks: the API key of a request, and whether it may do this."""

from datetime import datetime, timedelta
from http import HTTPStatus

from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone
from ninja.security import HttpBearer

from budgets.api.http.problems import Problem, unauthorized
from budgets.api.http.rate import rate_limit
from budgets.models import ApiKey, KeyScope
from budgets.models.api_key import prefix_of

USE_NOTED_EVERY = timedelta(minutes=1)


class KeyRequest(HttpRequest):
    """A request that a key has been found for."""

    auth: ApiKey


class Key(HttpBearer):
    """Demand an API key with a scope: `Authorization: Bearer abm_…`.

    A person's session is not accepted, so no page a browser visits can act on the API.
    """

    def __init__(self, scope: KeyScope) -> None:
        super().__init__()
        self.scope = scope

    def authenticate(self, request: HttpRequest, token: str) -> ApiKey:  # noqa: ARG002  # ninja's hook
        key = working_key(token, now=timezone.now())
        if not key.may(self.scope):
            raise Problem(
                HTTPStatus.FORBIDDEN,
                "missing_scope",
                f"This key may not {self.scope.value}; its scopes are set in the admin.",
            )
        return key


def working_key(token: str, *, now: datetime) -> ApiKey:
    """Return the key of a token, its use counted and noted. Raises `Problem`."""
    key = key_of(token.strip())
    if key is None or not key.works(at=now):
        raise unauthorized()
    wait = rate_limit.wait_seconds(key, now=now)
    if wait:
        raise too_many_requests(key, wait)
    note_use(key, now=now)
    return key


def key_of(token: str) -> ApiKey | None:
    prefix = prefix_of(token)
    key = ApiKey.objects.filter(prefix=prefix).first() if prefix else None
    return key if key and key.matches(token) else None


def note_use(key: ApiKey, *, now: datetime) -> None:
    """Remember when the key was last used, a minute exact: not every read should write."""
    before = now - USE_NOTED_EVERY
    if key.last_used_at is None or key.last_used_at <= before:
        is_old = Q(last_used_at=None) | Q(last_used_at__lte=before)
        ApiKey.objects.filter(is_old, pk=key.pk).update(last_used_at=now)


def too_many_requests(key: ApiKey, wait_seconds: int) -> Problem:
    """Return the problem of a key that asks too often."""
    return Problem(
        HTTPStatus.TOO_MANY_REQUESTS,
        "too_many_requests",
        f"This key may send {key.requests_per_minute} requests a minute; "
        f"wait {wait_seconds} s, or send more rows a request.",
        headers={"Retry-After": str(wait_seconds)},
    )


may_read = Key(KeyScope.READ)
may_spend = Key(KeyScope.SPEND)
may_manage = Key(KeyScope.MANAGE)
