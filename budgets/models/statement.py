"""Statement: the closed figures of a day or month."""

from decimal import Decimal

from django.db import models
from django.db.models import Q
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from budgets.models.brand import Brand
from budgets.models.campaign import Campaign
from budgets.models.fields import MoneyField
from budgets.models.periods.period import Period


class Statement(models.Model):
    """Budget and spend of a brand, or of one of its campaigns, in a period that has ended.

    What comes in later restates it: `spent` moves, `spent_at_close` stays.
    """

    brand = models.ForeignKey(
        Brand,
        on_delete=models.PROTECT,
        related_name="statements",
        db_index=False,  # a_brand_has_one_statement_a_period serves it
        verbose_name=_("brand"),
    )
    campaign = models.ForeignKey(
        Campaign,
        on_delete=models.PROTECT,
        related_name="statements",
        null=True,
        db_index=False,  # a_campaign_has_one_statement_a_period serves it
        verbose_name=_("campaign"),
        help_text=_("Empty: the whole brand."),
    )
    period = models.CharField(_("period"), max_length=5, choices=Period)
    starts_on = models.DateField(_("first day"))
    currency = models.CharField(_("currency"), max_length=3)
    budget = MoneyField(_("budget in force"), db_column="budget_micros", null=True)
    carried = MoneyField(_("carried over"), db_column="carried_micros", null=True)
    """What the month before handed to a brand's month; `None` where it could hand nothing."""
    spent_at_close = MoneyField(_("spent at close"), db_column="spent_at_close_micros")
    spent = MoneyField(_("spent"), db_column="spent_micros")
    closed_at = models.DateTimeField(_("closed at"))
    restated_at = models.DateTimeField(_("restated at"), null=True)

    class Meta:
        ordering = ["-starts_on", "-id"]
        verbose_name = _("statement")
        verbose_name_plural = _("statements")
        constraints = [
            models.UniqueConstraint(
                fields=["brand", "period", "starts_on"],
                name="a_brand_has_one_statement_a_period",
                condition=Q(campaign__isnull=True),
            ),
            models.UniqueConstraint(
                fields=["campaign", "period", "starts_on"],
                name="a_campaign_has_one_statement_a_period",
                condition=Q(campaign__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["-starts_on", "-id"], name="statement_newest_first"),
            models.Index(fields=["brand", "-starts_on", "-id"], name="statement_of_brand_newest"),
        ]

    def __str__(self) -> str:
        is_month = self.period == Period.MONTH
        text = gettext("%(of)s in %(when)s") if is_month else gettext("%(of)s on %(when)s")
        when = date_format(self.starts_on, "F Y" if is_month else "j M Y")
        return text % {"of": self.campaign or self.brand, "when": when}

    @property
    def difference(self) -> Decimal | None:
        """Spend minus budget and what was carried over; `None` without a budget.

        Overspend is above 0, underspend below.
        """
        return None if self.budget is None else self.spent - self.budget - (self.carried or 0)

    @property
    def is_restated(self) -> bool:
        """Whether spend came in after the period was closed."""
        return self.restated_at is not None
