"""Rollover: whether a brand's months hand their budget on, and what each was handed."""

from datetime import date
from decimal import Decimal

from django.db import models
from django.utils.translation import gettext_lazy as _

from budgets.models.fields import BudgetField, MoneyField
from budgets.rules.money import to_micros, to_units
from budgets.rules.rollover import Rollover, RolloverRule, limit_of

NOTHING = Decimal("0.00")


class RolloverChoice(models.TextChoices):
    """`rules.rollover.Rollover`, as people read it."""

    NONE = Rollover.NONE.value, _("nothing")
    UNSPENT = Rollover.UNSPENT.value, _("what is unspent")
    BOTH = Rollover.BOTH.value, _("what is unspent, or overspent")


def rollover_rule(rollover: str, most: Decimal | None) -> RolloverRule:
    """Return what is stored as the rules take it."""
    micros = None if most is None else to_micros(most)
    return RolloverRule(rollover=Rollover(rollover), most_micros=micros)


class RollsOver(models.Model):
    """What a brand says about the ends of its months, and what the running one was handed."""

    rollover = models.CharField(
        _("a month hands on"),
        max_length=7,
        choices=RolloverChoice,
        default=RolloverChoice.NONE,
        db_default=RolloverChoice.NONE,
        help_text=_("To the next month's budget, from the end of this month on."),
    )
    rollover_cap = BudgetField(
        _("hands on at most"),
        db_column="rollover_cap_micros",
        help_text=_("Most that one month hands to the next, more or less. Empty: all of it."),
    )
    carried = MoneyField(db_column="carried_micros", default=0, db_default=0, editable=False)
    """What the month `carried_month` was handed; below 0 where that takes from its budget."""
    carried_month = models.DateField(null=True, editable=False)
    """The first day of the newest month that was begun; empty where none ever hands on."""

    class Meta:
        abstract = True

    monthly_budget: Decimal | None

    @property
    def rollover_rule(self) -> RolloverRule:
        """By which the running month will hand on."""
        return rollover_rule(self.rollover, self.rollover_cap)

    def carried_in(self, month: date) -> Decimal:
        """Return what the month, if it is the newest that was begun, was handed."""
        return self.carried if self.carried_month == month else NOTHING

    def limit_in(self, month: date) -> Decimal | None:
        """Return what may be spent in the running month; `None`: no limit."""
        budget = None if self.monthly_budget is None else to_micros(self.monthly_budget)
        limit = limit_of(budget, to_micros(self.carried_in(month)))
        return None if limit is None else to_units(limit)


class RolledOver(models.Model):
    """What a month of a brand was handed by the one before, and by which rule.

    Written when the month begins; what comes in late for a month before works it out anew.
    """

    brand = models.ForeignKey(
        "budgets.Brand",
        on_delete=models.CASCADE,
        related_name="months_handed",
        db_index=False,  # a_month_is_handed_over_once serves it
    )
    month = models.DateField()
    rollover = models.CharField(max_length=7, choices=RolloverChoice)
    rollover_cap = BudgetField(db_column="rollover_cap_micros")
    amount = MoneyField(db_column="amount_micros", default=0)

    class Meta:
        ordering = ["month", "brand_id"]
        constraints = [
            models.UniqueConstraint(fields=["brand", "month"], name="a_month_is_handed_over_once")
        ]

    def __str__(self) -> str:
        return f"{self.brand}, {self.month:%Y-%m}: {self.amount}"

    @property
    def rule(self) -> RolloverRule:
        return rollover_rule(self.rollover, self.rollover_cap)
