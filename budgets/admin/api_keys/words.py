"""How a key and its secrets stand, in words."""

from datetime import datetime
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from budgets.access.makers import maker_may
from budgets.models import ApiKey, KeyScope, KeySecret

STATES = {"works": "success", "rotates": "info", "stopped": "warning", "expired": "warning",
          "revoked": "danger", "ended": "danger"}  # fmt: skip

MAKER_MAY = {
    f"maker_may_{scope.value}": maker_may(permission, "created_by")
    for scope, permission in (
        (KeyScope.READ, "view_campaign"),
        (KeyScope.SPEND, "add_spend"),
        (KeyScope.MANAGE, "change_campaign"),
    )
}
"""What is looked up with each key of a list: what the person who made it may now."""


def state_of(key: Any, *, at: datetime) -> tuple[str, str]:
    """Return how a key stands; `key` was loaded with its secrets and `MAKER_MAY`."""
    if key.revoked_at:
        return "revoked", _("revoked")
    if key.expires_at is not None and key.has_expired(at=at):
        return "expired", _("expired %(at)s") % {"at": instant(key.expires_at)}
    lost = lost_scopes(key)
    if lost and key.created_by is None:
        return "stopped", _("stopped: who made it is gone")
    if lost:
        return "stopped", _("its maker may no longer: %(what)s") % {"what": ", ".join(lost)}
    old = old_secrets(key, at=at)
    if old:
        until = max(secret.ends_at for secret in old if secret.ends_at)
        return "rotates", _("works; the old secret until %(at)s") % {"at": instant(until)}
    return "works", _("works")


def lost_scopes(key: Any) -> list[str]:
    """Return what the key says that it may, and may not for its maker may no longer."""
    if key.is_of_house:
        return []
    return [
        str(scope.label)
        for scope in KeyScope
        if key.may(scope) and not getattr(key, f"maker_may_{scope.value}")
    ]


def old_secrets(key: ApiKey, *, at: datetime) -> list[KeySecret]:
    """Return the secrets that work beside the newest; the secrets were loaded, newest first."""
    return [secret for secret in list(key.secrets.all())[1:] if not secret.has_ended(at=at)]


def state_of_secret(secret: KeySecret, *, at: datetime) -> tuple[str, str]:
    if secret.ends_at is None:
        return "works", _("works")
    ended = secret.has_ended(at=at)
    text = _("ended %(at)s") if ended else _("works until %(at)s")
    return "ended" if ended else "rotates", text % {"at": instant(secret.ends_at)}


def last_use(secrets: list[KeySecret]) -> str:
    """Say when and from where one of these was last used."""
    used = [secret for secret in secrets if secret.last_used_at]
    if not used:
        return _("never")
    newest = max(used, key=lambda secret: secret.last_used_at or secret.made_at)
    at = instant(newest.last_used_at) if newest.last_used_at else ""
    return f"{at} · {newest.last_used_from}" if newest.last_used_from else at


def brands_of(key: ApiKey) -> str:
    """Name the brands of a key, and say where its maker reaches fewer."""
    named = _("all") if key.all_brands else ", ".join(brand.name for brand in key.brands.all())
    maker: Any = key.created_by
    access = getattr(maker, "brand_access", None)
    is_bounded = maker and not maker.is_superuser and not (access and access.all_brands)
    if is_bounded and not key.is_of_house:
        return _("%(brands)s, of these its maker's") % {"brands": named or _("none")}
    return named or _("none")


def instant(at: datetime) -> str:
    return date_format(at, "DATETIME_FORMAT")
