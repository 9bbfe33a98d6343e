"""Account exchange: how one kind of exchange with an account goes, and when to try again."""

from datetime import datetime, timedelta
from random import uniform

from django.db import models
from django.utils.translation import gettext_lazy as _

from budgets.models.platforms.platform_account import PlatformAccount

FIRST_WAIT = timedelta(seconds=2)
LONGEST_WAIT = timedelta(minutes=1)
"""A tick tries again: what works again is noticed with the next one."""
JITTER = (0.8, 1.2)


class Direction(models.TextChoices):
    """What is exchanged. Each fails and recovers by itself: a login may read and not set."""

    SPEND = "spend", _("spend")
    STATUS = "status", _("stops and starts")
    CAMPAIGNS = "campaigns", _("campaigns there")
    BUDGETS = "budgets", _("daily budgets there")


class Failure(models.TextChoices):
    """What kind of trouble there is, by who can end it."""

    NONE = "", _("none")
    TEMPORARY = "temporary", _("the platform does not answer as it should")
    CREDENTIALS = "credentials", _("the credentials are refused")
    PERMANENT = "permanent", _("the platform refuses")
    LIMITED = "limited", _("too many calls")


class AccountExchange(models.Model):
    """The last success, and everything that went wrong since."""

    account = models.ForeignKey(PlatformAccount, on_delete=models.CASCADE, related_name="exchanges")
    direction = models.CharField(max_length=10, choices=Direction)
    ok_at = models.DateTimeField(_("last success"), null=True)
    failures = models.PositiveIntegerField(default=0, db_default=0)
    """In a row; back-off grows with them, and from some number on one small call is tried."""
    failing_since = models.DateTimeField(null=True)
    failure = models.CharField(
        max_length=12, choices=Failure, blank=True, default="", db_default=""
    )
    error = models.TextField(blank=True, default="", db_default="")
    retry_at = models.DateTimeField(null=True)
    refused = models.PositiveIntegerField(default=0, db_default=0)
    refusal = models.TextField(blank=True, default="", db_default="")
    """How many rows of the last reading the ledger did not take, and why the first was not."""

    class Meta:
        ordering = ["account", "direction"]
        constraints = [
            models.UniqueConstraint(
                fields=["account", "direction"], name="an_account_has_one_exchange_of_a_kind"
            )
        ]

    def __str__(self) -> str:
        return f"{self.account_id}: {self.direction}"

    def may_try(self, at: datetime) -> bool:
        return self.retry_at is None or self.retry_at <= at


def back_off(failures: int) -> timedelta:
    """Return how long to wait after so many failures in a row: doubled each time, jittered."""
    doubled: timedelta = FIRST_WAIT * (1 << min(failures - 1, 10))
    return min(doubled, LONGEST_WAIT) * uniform(*JITTER)
