"""Platform account: one login of a brand at an ad platform; its spend is a source of the brand."""

from collections.abc import Mapping
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from budgets.models.brand import validate_currency
from budgets.models.ledger.source import Source
from budgets.models.platforms.sealing import seal, unseal
from budgets.rules.clock import DAY

LONGEST_OVERLAP_DAYS = 90


class Outside(models.TextChoices):
    """What to do about a campaign that a person paused on the platform."""

    RESPECT = "respect", _("Respect: hold it here until a person lifts the hold")
    REPORT = "report", _("Report: say so, and start it no more until a person asks for it")
    ENFORCE = "enforce", _("Enforce: start it again, and say so")


class DailyBudgets(models.TextChoices):
    """Which daily budget the platform itself is given: a second line of defence behind ours."""

    OFF = "off", _("Off: leave the platform's own budgets alone")
    RECOMMENDED = "recommended", _("Recommended daily: what remains of the month a day")
    DAILY = "daily", _("The campaign's daily budget")


class PlatformAccount(Source):
    """A source that is asked for its spend, and is told which campaigns stop and start.

    Its name and reporting zone are the source's, so its days are booked on its own dates.
    """

    connector = models.CharField(_("platform"), max_length=30)
    external_id = models.CharField(
        _("account ID"),
        max_length=100,
        help_text=_("The account's own number at the platform, as it is shown there."),
    )
    currency = models.CharField(
        _("currency"),
        max_length=3,
        validators=[validate_currency],
        help_text=_("The account's; it must be the brand's, as nothing is converted."),
    )
    sealed_credentials = models.TextField(editable=False, default="", db_default="")
    is_on = models.BooleanField(
        _("on"),
        default=True,
        db_default=True,
        help_text=_("Off: spend is not read, and the platform is told nothing."),
    )
    reads_from = models.DateField(
        _("first day to read"),
        help_text=_(
            "Spend of earlier days comes from elsewhere, such as files; it is not read here."
        ),
    )
    overlap_days = models.PositiveSmallIntegerField(
        _("days read again"),
        default=3,
        db_default=3,
        help_text=_("Platforms correct what they reported for so many days."),
    )
    read_until = models.DateTimeField(_("read until"), null=True, editable=False)
    """Everything before it has been read: where the next reading begins, less the overlap."""

    outside = models.CharField(
        _("what people do there"),
        max_length=10,
        choices=Outside,
        default=Outside.RESPECT,
        db_default=Outside.RESPECT,
        help_text=_("When somebody pauses a campaign on the platform itself."),
    )
    daily_budgets = models.CharField(
        _("daily budgets there"),
        max_length=12,
        choices=DailyBudgets,
        default=DailyBudgets.OFF,
        db_default=DailyBudgets.OFF,
        help_text=_(
            "What the platform itself keeps campaigns to, should a stop be late. Platforms spend "
            "up to twice of it on a day."
        ),
    )
    listed_at = models.DateTimeField(_("campaigns listed"), null=True, editable=False)
    silent_since = models.DateTimeField(_("silent since"), null=True, editable=False)
    """Since when no spend was read, once that is for longer than the brand allows."""

    # How many calls were made in the minute that began then.
    calls_minute = models.DateTimeField(null=True, editable=False)
    calls = models.PositiveIntegerField(default=0, db_default=0, editable=False)

    class Meta:
        ordering = ["brand", "name"]
        verbose_name = _("platform account")
        verbose_name_plural = _("platform accounts")
        constraints = [
            models.CheckConstraint(
                name="days_read_again_are_bounded",
                condition=Q(overlap_days__lte=LONGEST_OVERLAP_DAYS),
                violation_error_message=_("Read 90 days again at the most."),
            ),
        ]

    def clean(self) -> None:
        super().clean()
        if self.brand_id and self.currency != self.brand.currency:
            text = _("“%(brand)s” spends %(currency)s; an account in another currency is refused.")
            told = {"brand": self.brand, "currency": self.brand.currency}
            raise ValidationError({"currency": text % told})
        twins = PlatformAccount.objects.filter(
            brand=self.brand_id, connector=self.connector, external_id=self.external_id
        )
        if twins.exclude(pk=self.pk).exists():
            raise ValidationError(
                {
                    "external_id": _(
                        "The brand has this account already; its spend would count twice."
                    )
                }
            )
        moved = PlatformAccount.objects.filter(pk=self.pk).exclude(brand=self.brand_id)
        if self.pk and self.campaigns.exists() and moved.exists():
            raise ValidationError(
                {"brand": _("Its campaigns belong to the old brand; unlink them first.")}
            )

    @property
    def credentials(self) -> Mapping[str, str]:
        """What opens the account. Raises `CannotOpen`."""
        return unseal(self.sealed_credentials)

    @credentials.setter
    def credentials(self, credentials: Mapping[str, str]) -> None:
        self.sealed_credentials = seal(credentials)

    def days_to_read(self, now: datetime) -> tuple[date, date]:
        """Return the first and the last day to read at the instant, on the account's calendar."""
        last = self.clock.day(now)
        if self.read_until is None:
            return min(self.reads_from, last), last
        since = self.clock.day(min(self.read_until, now))
        first = since - self.overlap_days * DAY
        return min(max(first, self.reads_from), last), last
