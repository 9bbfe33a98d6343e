"""Platform budget: the daily budget that a platform itself keeps a linked campaign to."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from budgets.models.fields import MoneyField
from budgets.models.platforms.linked_campaign import LONGEST_ERROR, LinkedCampaign


def amount(name: str) -> MoneyField:
    return MoneyField(db_column=f"{name}_micros", null=True)


class PlatformBudget(models.Model):
    """A second line of defence. Amounts are in the account's currency; none is not known."""

    link = models.OneToOneField(
        LinkedCampaign, on_delete=models.CASCADE, primary_key=True, related_name="budget"
    )
    there = amount("there")
    there_at = models.DateTimeField(null=True)
    """Since when that is known, or since when an amount is on its way."""
    sent = amount("sent")
    confirmed = amount("confirmed")
    """What we sent last, and what we last know to have set."""
    seen = amount("seen")
    seen_at = models.DateTimeField(null=True)
    """What somebody else set there."""
    refused = amount("refused")
    """An amount that the platform refuses for good: it is not tried again."""
    error = models.CharField(max_length=LONGEST_ERROR, blank=True, default="", db_default="")

    class Meta:
        verbose_name = _("daily budget there")
        verbose_name_plural = _("daily budgets there")

    def __str__(self) -> str:
        return f"{self.link_id}: {self.there}"

    def is_ours(self, amount: object) -> bool:
        """Say whether an amount is one that we set or tried to."""
        return amount in {self.sent, self.confirmed}
