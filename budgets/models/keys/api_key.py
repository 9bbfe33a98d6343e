"""API keys: what a program may do, on which brands, from where and until when."""

from __future__ import annotations

from datetime import datetime
from ipaddress import ip_address, ip_network

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from budgets.models.brand_scope import BrandScope

DEFAULT_REQUESTS_PER_MINUTE = 600
MOST_ADDRESSES = 100


class KeyScope(models.TextChoices):
    """What a key may do."""

    READ = "read", _("read")
    SPEND = "spend", _("report spend")
    MANAGE = "manage", _("manage")


def addresses_in(text: str) -> list[str]:
    """Return the addresses and networks of a list, whatever separates them."""
    return text.replace(",", " ").split()


def validate_addresses(text: str) -> None:
    """Refuse what names no address and no network, in IPv4 or IPv6."""
    parts = addresses_in(text)
    if len(parts) > MOST_ADDRESSES:
        raise ValidationError(_("Write %(n)s addresses at most."), params={"n": MOST_ADDRESSES})
    for part in parts:
        try:
            network = ip_network(part)
            if getattr(network.network_address, "ipv4_mapped", None):
                raise ValueError(_("it is an IPv4 address, written as IPv6"))
        except ValueError as error:
            raise ValidationError(
                _("This is no address and no network: %(why)s. Write 192.0.2.7 or 10.0.0.0/8."),
                params={"why": error},
            ) from None


class ApiKey(BrandScope):
    """A program's way in.

    It may do what it says itself and the person who made it may do now, on brands that both reach.
    Once an owner has handed it over to the house, what it says itself is all that limits it.
    """

    name = models.CharField(
        _("name"), max_length=100, help_text=_("The program that uses it. Stands in the history.")
    )
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
    addresses = models.TextField(
        _("only from"),
        blank=True,
        default="",
        validators=[validate_addresses],
        help_text=_(
            "Addresses or networks it may be used from, one a line: 192.0.2.7, 10.0.0.0/8, "
            "2001:db8::/32. Empty: from anywhere."
        ),
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("made by"),
        help_text=_("What the program does is recorded under this person's name."),
    )
    is_of_house = models.BooleanField(
        _("of the house"),
        default=False,
        editable=False,
        help_text=_("Handed over by an owner: it works whatever becomes of who made it."),
    )
    created_at = models.DateTimeField(_("created at"), default=timezone.now, editable=False)
    expires_at = models.DateTimeField(
        _("expires at"),
        null=True,
        blank=True,
        help_text=_("In UTC. Empty: works until it is revoked."),
    )
    revoked_at = models.DateTimeField(_("revoked at"), null=True, editable=False)

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

    def clean(self) -> None:
        super().clean()
        self.addresses = "\n".join(addresses_in(self.addresses))

    def has_expired(self, *, at: datetime) -> bool:
        return self.expires_at is not None and self.expires_at <= at

    def works(self, *, at: datetime) -> bool:
        """Say whether the key itself opens anything at the instant, whoever made it."""
        return self.revoked_at is None and not self.has_expired(at=at)

    def may(self, scope: KeyScope) -> bool:
        return bool(getattr(self, f"may_{scope.value}"))

    def works_from(self, address: str) -> bool:
        """Say whether the key may be used from an address; an unknown one is on no list."""
        networks = [ip_network(part) for part in self.addresses.split()]
        if not networks:
            return True
        return bool(address) and any(ip_address(address) in network for network in networks)
