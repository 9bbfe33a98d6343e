"""Found campaign: one that an account has and none of ours is linked to, as it was last listed."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from budgets.models.fields import MoneyField
from budgets.models.platforms.platform_account import PlatformAccount


class FoundCampaignQuerySet(models.QuerySet["FoundCampaign"]):
    def uncovered(self) -> "FoundCampaignQuerySet":
        """Those that spend, and that nobody said are to be left out."""
        return self.filter(spent__gt=0, is_left_out=False)


class FoundCampaign(models.Model):
    """What it spends is in no budget. Rows of those that are gone or linked by now are deleted."""

    account = models.ForeignKey(
        PlatformAccount, on_delete=models.CASCADE, related_name="found", db_index=False
    )
    external_id = models.CharField(_("ID at the platform"), max_length=100)
    name = models.CharField(_("name"), max_length=300, blank=True)
    status = models.CharField(_("status"), max_length=10)
    spent = MoneyField(db_column="spent_micros")
    """Since the first of the account's month, in its currency."""
    is_left_out = models.BooleanField(_("left out"), default=False, db_default=False)
    """Somebody said that it is none of ours."""

    objects = FoundCampaignQuerySet.as_manager()

    class Meta:
        ordering = ["account", "name", "external_id"]
        constraints = [
            models.UniqueConstraint(
                fields=["account", "external_id"], name="a_campaign_of_an_account_is_found_once"
            )
        ]

    def __str__(self) -> str:
        return self.name or self.external_id
