"""DatedBudget: a budget with its first day, and perhaps its last; planned, or dated by an edit."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from budgets.models.brand import Brand
from budgets.models.campaign import Campaign
from budgets.models.editable import Editable, KeptQuerySet
from budgets.models.fields import BudgetField
from budgets.models.history import history_without
from budgets.models.periods.period import Period

AT_ONCE = date.min
"""When a row is due that no operation has looked at yet, as one typed into the database."""


class DatedBudgetQuerySet(KeptQuerySet["DatedBudget"]):
    def bulk_create(
        self, objs: Iterable["DatedBudget"], *args: Any, **kwargs: Any
    ) -> list["DatedBudget"]:
        """Fill in the brands of campaigns' budgets, as a save does."""
        rows = list(objs)
        for row in rows:
            row.fill_in_brand()
        return super().bulk_create(rows, *args, **kwargs)


class DatedBudget(Editable):
    """Most that a brand or campaign may spend a day or month, from a local day on.

    Of those that cover a day the one that starts last is in force (B1). Its amount is on the row
    that it is of, and counts from there.
    """

    brand = models.ForeignKey(
        Brand,
        on_delete=models.CASCADE,
        related_name="dated_budgets",
        db_index=False,  # the constraints and dated_budget_is_due serve it
        verbose_name=_("brand"),
    )
    campaign = models.ForeignKey(
        Campaign,
        on_delete=models.CASCADE,
        related_name="dated_budgets",
        null=True,
        blank=True,
        db_index=False,  # a_campaign_has_one_budget_a_period_and_start serves it
        verbose_name=_("campaign"),
        help_text=_("Empty: for all campaigns of the brand together."),
    )
    period = models.CharField(_("period"), max_length=5, choices=Period, default=Period.DAY)
    amount = BudgetField(
        _("budget"),
        db_column="amount_micros",
        help_text=_("In the brand's currency. Empty: no limit. 0: spend nothing."),
    )
    starts_on = models.DateField(_("from"), help_text=_("Local day, included."))
    ends_on = models.DateField(
        _("to"),
        null=True,
        blank=True,
        help_text=_("Local day, included; then the budget before it counts again. Empty: no end."),
    )
    due_on = models.DateField(null=True, default=AT_ONCE, db_default=AT_ONCE, editable=False)
    """The local day on which it begins or has ended, whichever comes next; empty: neither."""
    is_current = models.BooleanField(default=False, db_default=False, editable=False)
    """Whether it is the one whose amount is on its brand or campaign."""

    objects = DatedBudgetQuerySet.as_manager()

    operations_own = frozenset({"due_on", "is_current"})
    history = history_without(operations_own)
    why_kept = _("%(name)s has begun, and days were judged by it. Give it a last day instead.")

    class Meta:
        ordering = ["-starts_on", "-id"]
        verbose_name = _("dated budget")
        verbose_name_plural = _("budgets over time")
        constraints = [
            models.UniqueConstraint(
                fields=["brand", "period", "starts_on"],
                name="a_brand_has_one_budget_a_period_and_start",
                condition=Q(campaign__isnull=True),
                violation_error_message=_("Another budget of it begins on that day; edit that."),
            ),
            models.UniqueConstraint(
                fields=["campaign", "period", "starts_on"],
                name="a_campaign_has_one_budget_a_period_and_start",
                condition=Q(campaign__isnull=False),
                violation_error_message=_("Another budget of it begins on that day; edit that."),
            ),
            models.CheckConstraint(name="dated_budget_is_not_negative", condition=Q(amount__gte=0)),
            models.CheckConstraint(
                name="dated_budget_does_not_end_before_it_starts",
                condition=Q(ends_on__gte=F("starts_on")),
                violation_error_message=_("It ends before it starts; move one of the two days."),
            ),
        ]
        indexes = [
            models.Index(
                fields=["brand", "due_on"],
                name="dated_budget_is_due",
                condition=Q(due_on__isnull=False),
            ),
            models.Index(fields=["-starts_on", "-id"], name="dated_budget_newest_first"),
        ]

    def __str__(self) -> str:
        is_month = self.period == Period.MONTH
        text = gettext("Monthly budget of %(of)s from %(day)s")
        text = text if is_month else gettext("Daily budget of %(of)s from %(day)s")
        return text % {"of": self.of, "day": date_format(self.starts_on, "j M Y")}

    @property
    def of(self) -> Any:
        """The brand or campaign whose budget it is."""
        return self.campaign if self.campaign_id else self.brand

    def fill_in_brand(self) -> None:
        """Say whose it is, of a campaign that was given alone."""
        known: int | None = self.brand_id
        if known is None and self.campaign is not None:
            self.brand_id = self.campaign.brand_id

    def clean(self) -> None:
        super().clean()
        if self.campaign is not None and self.campaign.brand_id != self.brand_id:
            raise ValidationError({"campaign": _("The campaign is of another brand.")})

    def brands_concerned(self) -> set[int]:
        self.fill_in_brand()
        return {self.brand_id} if self.brand_id else set()
