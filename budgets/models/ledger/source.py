"""Source: where a brand's spend comes from, and the calendar by which it dates what it reports."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from budgets.models.brand import Brand, validate_zone
from budgets.rules.clock import LocalClock, clock_of


class Source(models.Model):
    """A platform account or program that reports day totals of a brand on a calendar of its own.

    A total is booked on the date that the source gives it. Sources that are not named here date
    by the brand's clock.
    """

    brand = models.ForeignKey(
        Brand, on_delete=models.CASCADE, related_name="sources", verbose_name=_("brand")
    )
    name = models.CharField(
        _("name"),
        max_length=50,
        help_text=_("As it is given with the spend, such as google or meta."),
    )
    timezone = models.CharField(
        _("reporting zone"),
        max_length=64,
        validators=[validate_zone],
        help_text=_("The time zone of the account: its days begin at midnight there."),
    )

    class Meta:
        ordering = ["brand", "name"]
        verbose_name = _("spend source")
        verbose_name_plural = _("spend sources")
        constraints = [
            models.UniqueConstraint(
                fields=["brand", "name"],
                name="a_source_has_one_reporting_zone_a_brand",
                violation_error_message=_("This brand has a source of that name already."),
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def clock(self) -> LocalClock:
        return clock_of(self.timezone)
