"""Who asks: the API key of a request, and whether it may do this."""

from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any

from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone
from ninja.security import HttpBearer

from budgets.access.makers import maker_may, reach_of_maker
from budgets.api.http.problems import Problem, unauthorized
from budgets.api.http.rate import rate_limit
from budgets.models import ApiKey, KeyScope, KeySecret
from budgets.models.keys.key_secret import prefix_of
from core.requests.addresses import client_address

USE_NOTED_EVERY = timedelta(minutes=1)

AN_OWNER = "An owner can hand the key over to the house on its page in the admin."


class KeyRequest(HttpRequest):
    """A request that a key has been found for."""

    auth: ApiKey


class Key(HttpBearer):
    """Demand an API key with a scope, and that its maker may: `Authorization: Bearer abm_…`.

    A person's session is not accepted, so no page a browser visits can act on the API.
    """

    def __init__(self, scope: KeyScope, permission: str) -> None:
        super().__init__()
        self.scope = scope
        self.permission = permission

    def authenticate(self, request: HttpRequest, token: str) -> ApiKey:
        return working_key(request, token, self.scope, self.permission, now=timezone.now())


def may_read(what: str) -> Key:
    return Key(KeyScope.READ, f"view_{what}")


def may_add(what: str) -> Key:
    return Key(KeyScope.MANAGE, f"add_{what}")


def may_change(what: str) -> Key:
    return Key(KeyScope.MANAGE, f"change_{what}")


def may_delete(what: str) -> Key:
    return Key(KeyScope.MANAGE, f"delete_{what}")


may_spend = Key(KeyScope.SPEND, "add_spend")


def working_key(
    request: HttpRequest,
    token: str,
    scope: KeyScope | None,
    permission: str,
    *,
    now: datetime,
) -> ApiKey:
    """Return the key of a token, bounded by what its maker may now, its use counted and noted.

    Raises `Problem`. Without a scope any key will do whose maker has the permission.
    """
    secret = secret_of(token.strip(), permission)
    if secret is None:
        raise unauthorized()
    key: ApiKey = secret.api_key
    address = client_address(request)
    refuse_what_ended(secret, now=now)
    # Before it is counted: whoever found the key elsewhere must not use up its rate.
    if not key.works_from(address):
        raise forbidden("address_not_allowed", not_from(address))
    wait = rate_limit.wait_seconds(key, now=now)
    if wait:
        raise too_many_requests(key, wait)
    if scope is not None and not key.may(scope):
        words = f"This key may not {scope.value}; its scopes are set in the admin."
        raise forbidden("missing_scope", words)
    refuse_what_its_maker_may_not(secret, permission)
    key.bound = reach_of_maker(key)
    note_use(secret, address, now=now)
    return key


def secret_of(token: str, permission: str) -> Any:
    """Return the secret with its key, the key's maker and whether they may do this; one query."""
    prefix = prefix_of(token)
    if prefix is None:
        return None
    found = KeySecret.objects.select_related("api_key__created_by__brand_access")
    may = maker_may(permission, "api_key__created_by")
    secret = found.annotate(maker_may=may).filter(prefix=prefix).first()
    return secret if secret and secret.matches(token) else None


def refuse_what_ended(secret: KeySecret, *, now: datetime) -> None:
    """Say what became of a key to whoever has it. Raises `Problem`."""
    key = secret.api_key
    if key.revoked_at is not None:
        words = f"This key was revoked at {stamp(key.revoked_at)}; ask an owner for another."
        raise unauthorized("key_revoked", words)
    if key.expires_at is not None and key.has_expired(at=now):
        words = f"This key expired at {stamp(key.expires_at)}; an owner can set a later time."
        raise unauthorized("key_expired", words)
    if secret.ends_at is not None and secret.has_ended(at=now):
        words = f"The key was rotated: this secret ended at {stamp(secret.ends_at)}; use the newer."
        raise unauthorized("secret_ended", words)


def refuse_what_its_maker_may_not(secret: Any, permission: str) -> None:
    """Let a key do what the person who made it may still do, and the house's all of its own."""
    key = secret.api_key
    if key.is_of_house or secret.maker_may:
        return
    if key.created_by is None:
        raise forbidden("maker_gone", f"The person who made this key is gone. {AN_OWNER}")
    what = permission.replace("_", " ")
    words = f"The person who made this key may no longer {what} here. {AN_OWNER}"
    raise forbidden("maker_may_not", words)


def note_use(secret: KeySecret, address: str, *, now: datetime) -> None:
    """Remember when and from where it was last used, a minute exact: not every read writes."""
    before = now - USE_NOTED_EVERY
    if secret.last_used_at is None or secret.last_used_at <= before:
        is_old = Q(last_used_at=None) | Q(last_used_at__lte=before)
        noted = {"last_used_at": now, "last_used_from": address or None}
        KeySecret.objects.filter(is_old, pk=secret.pk).update(**noted)


def stamp(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%SZ}"


def not_from(address: str) -> str:
    return (
        f"This key may not be used from {address or 'an unknown address'}; "
        "the addresses it works from are set on its page in the admin."
    )


def forbidden(code: str, detail: str) -> Problem:
    """Return the problem of a key that is good, but not for this."""
    return Problem(HTTPStatus.FORBIDDEN, code, detail)


def too_many_requests(key: ApiKey, wait_seconds: int) -> Problem:
    """Return the problem of a key that asks too often."""
    return Problem(
        HTTPStatus.TOO_MANY_REQUESTS,
        "too_many_requests",
        f"This key may send {key.requests_per_minute} requests a minute; "
        f"wait {wait_seconds} s, or send more rows a request.",
        headers={"Retry-After": str(wait_seconds)},
    )
