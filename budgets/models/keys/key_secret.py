"""Secrets of API keys: what programs show. After a rotation the old one works beside the new."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from budgets.models.keys.api_key import ApiKey

KIND = "abm"
PREFIX_BYTES = 6
PREFIX = re.compile("[0-9a-f]{12}")
SECRET_BYTES = 32


class KeySecretQuerySet(models.QuerySet["KeySecret"]):
    def working(self, *, at: datetime) -> KeySecretQuerySet:
        """Secrets that open what their key opens, at the instant."""
        return self.filter(Q(ends_at=None) | Q(ends_at__gt=at))


class KeySecret(models.Model):
    """One secret of a key. Its text is known only to whoever it was shown to, once."""

    api_key = models.ForeignKey(ApiKey, on_delete=models.CASCADE, related_name="secrets")
    prefix = models.CharField(_("prefix"), max_length=16, unique=True)
    token_hash = models.CharField(max_length=64)
    made_at = models.DateTimeField(_("made at"), default=timezone.now)
    ends_at = models.DateTimeField(_("ends at"), null=True)
    last_used_at = models.DateTimeField(_("last used at"), null=True)
    last_used_from = models.GenericIPAddressField(_("last used from"), null=True)

    objects = KeySecretQuerySet.as_manager()

    token: str
    """Only on the instance that was given it, until it was shown."""

    class Meta:
        ordering = ["-id"]
        verbose_name = _("secret of an API key")
        verbose_name_plural = _("secrets of API keys")

    def __str__(self) -> str:
        return f"{KIND}_{self.prefix}_…"

    @classmethod
    def made_for(cls, key: ApiKey, *, at: datetime) -> Self:
        """Return a new secret, not yet saved, with its text; afterwards only the hash is known.

        SHA-256 is enough: slow hashes make guessable passwords costly to guess, and nobody can
        guess 256 random bits, while every request would pay for the slowness. The prefix is not
        secret: it finds the row, and people tell secrets apart by it.
        """
        prefix = secrets.token_hex(PREFIX_BYTES)
        token = f"{KIND}_{prefix}_{secrets.token_urlsafe(SECRET_BYTES)}"
        secret = cls(api_key=key, prefix=prefix, token_hash=hash_of(token), made_at=at)
        secret.token = token
        return secret

    def matches(self, token: str) -> bool:
        """Say whether this is the secret's text, in a time that tells nothing about it."""
        return hmac.compare_digest(self.token_hash, hash_of(token))

    def has_ended(self, *, at: datetime) -> bool:
        return self.ends_at is not None and self.ends_at <= at


def prefix_of(token: str) -> str | None:
    """Return the part of a token that finds its secret, `None` for what is no token."""
    parts = token.split("_", 2)
    is_token = len(parts) == 3 and parts[0] == KIND
    return parts[1] if is_token and PREFIX.fullmatch(parts[1]) else None


def hash_of(text: str) -> str:
    """Return the SHA-256 of a text, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()
