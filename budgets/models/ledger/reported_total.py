"""What a source last reported as a campaign's total of a day."""

from django.db import models

from budgets.models.campaign import Campaign
from budgets.models.fields import MoneyField


class ReportedTotal(models.Model):
    """The newest cumulative total of a source for a campaign and local day.

    The ledger holds the differences; this row says which report is the newest known.
    """

    source = models.CharField(max_length=50)
    campaign = models.ForeignKey(
        Campaign,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,  # its constraint serves it
    )
    day = models.DateField()
    total = MoneyField(db_column="total_micros")
    as_of = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "campaign", "day", "source", name="a_source_has_one_total_a_campaign_and_day"
            )
        ]

    def __str__(self) -> str:
        return f"{self.source}: {self.campaign_id} on {self.day}"
