"""Standing: where a campaign stands in its newest local day and month with spend."""

from django.db import models

from budgets.models.fields import MoneyField


class Standing(models.Model):
    """Where a campaign stands: what operations keep current and nothing else writes.

    The totals belong to the newest local day and month that saw spend. They are never zeroed: a
    total whose day is over simply is not today's.
    """

    reasons = models.PositiveSmallIntegerField(default=0, db_default=0, editable=False)
    day = models.DateField(null=True, editable=False)
    day_spent = MoneyField(
        db_column="day_spent_micros", default=0, db_default=models.Value(0), editable=False
    )
    month = models.DateField(null=True, editable=False)
    month_spent = MoneyField(
        db_column="month_spent_micros", default=0, db_default=models.Value(0), editable=False
    )

    class Meta:
        abstract = True
