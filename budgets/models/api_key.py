"""API keys: what a program shows to be let in, and the answers it may ask for again."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from datetime import datetime

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from budgets.models.brand_scope import BrandScope

KIND = "abm"
PREFIX_BYTES = 6
PREFIX = re.compile("[0-9a-f]{12}")
SECRET_BYTES = 32
DEFAULT_REQUESTS_PER_MINUTE = 600


class KeyScope(models.TextChoices):
    """What a key may do."""

    READ = "read", _("read")
    SPEND = "spend", _("report spend")
    MANAGE = "manage", _("manage")


class ApiKey(BrandScope):
    """A program's way in. The token itself is known only to whoever it was shown to, once."""

    name = models.CharField(
        _("name"), max_length=100, help_text=_("The program that uses it. Stands in the history.")
    )
    prefix = models.CharField(_("prefix"), max_length=16, unique=True, editable=False)
    token_hash = models.CharField(max_length=64, editable=False)
    may_read = models.BooleanField(
        _("may read"), default=True, help_text=_("Brands, campaigns, schedules, changes.")
    )
    may_spend = models.BooleanField(
        _("may report spend"), default=False, help_text=_("Send spend entries and day totals.")
    )
    may_manage = models.BooleanField(
        _("may manage"), default=False, help_text=_("Create, edit, hold and release.")
    )
    requests_per_minute = models.PositiveIntegerField(
        _("requests a minute"),
        default=DEFAULT_REQUESTS_PER_MINUTE,
        validators=[MinValueValidator(1), MaxValueValidator(1_000_000)],
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("created by"),
        help_text=_("What the program does is recorded under this person's name."),
    )
    created_at = models.DateTimeField(_("created at"), default=timezone.now, editable=False)
    expires_at = models.DateTimeField(
        _("expires at"), null=True, blank=True, help_text=_("Empty: works until it is revoked.")
    )
    revoked_at = models.DateTimeField(_("revoked at"), null=True, editable=False)
    last_used_at = models.DateTimeField(_("last used at"), null=True, editable=False)

    token: str
    """Only on the instance that was given it, until it was shown."""

    class Meta:
        ordering = ["-id"]
        verbose_name = _("API key")
        verbose_name_plural = _("API keys")
        constraints = [
            models.CheckConstraint(
                name="an_api_key_may_do_something",
                condition=Q(may_read=True) | Q(may_spend=True) | Q(may_manage=True),
                violation_error_message=_("Tick at least one thing that the key may do."),
            )
        ]

    def __str__(self) -> str:
        return self.name

    def new_token(self) -> str:
        """Give the unsaved key its token and return it; afterwards only the hash is known.

        SHA-256 is enough: slow hashes make guessable passwords costly to guess, and nobody can
        guess 256 random bits, while every request would pay for the slowness. The prefix is not
        secret: it finds the row, and people tell keys apart by it.
        """
        self.prefix = secrets.token_hex(PREFIX_BYTES)
        self.token = f"{KIND}_{self.prefix}_{secrets.token_urlsafe(SECRET_BYTES)}"
        self.token_hash = hash_of(self.token)
        return self.token

    def matches(self, token: str) -> bool:
        """Say whether this is the key's token, in a time that tells nothing about it."""
        return hmac.compare_digest(self.token_hash, hash_of(token))

    def works(self, *, at: datetime) -> bool:
        """Say whether the key opens anything at the instant."""
        is_expired = self.expires_at is not None and self.expires_at <= at
        return self.revoked_at is None and not is_expired

    def may(self, scope: KeyScope) -> bool:
        return bool(getattr(self, f"may_{scope.value}"))


class GivenAnswer(models.Model):
    """What was answered to a request that created something, for when it is sent again."""

    api_key = models.ForeignKey(ApiKey, on_delete=models.CASCADE, related_name="given_answers")
    name = models.CharField(max_length=255)
    request_hash = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(default=0)
    body = models.TextField(default="")
    location = models.CharField(max_length=200, default="")
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        verbose_name = _("given answer")
        verbose_name_plural = _("given answers")
        constraints = [
            models.UniqueConstraint(
                "api_key", "name", name="an_answer_is_given_once_a_key_and_idempotency_name"
            )
        ]
        indexes = [models.Index(fields=["created_at"], name="given_answer_by_age")]

    def __str__(self) -> str:
        return self.name


def prefix_of(token: str) -> str | None:
    """Return the part of a token that finds its key, `None` for what is no token."""
    parts = token.split("_", 2)
    is_token = len(parts) == 3 and parts[0] == KIND
    return parts[1] if is_token and PREFIX.fullmatch(parts[1]) else None


def hash_of(text: str) -> str:
    """Return the SHA-256 of a text, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()
