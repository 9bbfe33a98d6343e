"""Campaign match: what a person said once of a campaign that reports call otherwise than we do."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from budgets.models.brand import Brand
from budgets.models.campaign import Campaign

LONGEST_IDENTIFIER = 500


class CampaignMatchQuerySet(models.QuerySet["CampaignMatch"]):
    def in_force(self) -> "CampaignMatchQuerySet":
        """Matches but for those whose campaign has moved to another brand since."""
        return self.filter(Q(campaign=None) | Q(campaign__brand=F("brand")))


class CampaignMatch(models.Model):
    """Which campaign of a brand a source means by an id, or by a name where it gives no id.

    Without a campaign it is none of ours: its rows are left out. It goes with its campaign, whose
    rows are then unknown again; none of them is ever left out because a campaign was deleted.
    """

    brand = models.ForeignKey(
        Brand, on_delete=models.CASCADE, related_name="+", verbose_name=_("brand")
    )
    source = models.CharField(_("source"), max_length=50)
    identifier = models.CharField(
        _("ID or name in reports"),
        max_length=LONGEST_IDENTIFIER,
        help_text=_("The ID; where reports give none the name, in small letters."),
    )
    is_name = models.BooleanField(
        _("known by its name"), help_text=_("Whether reports give no ID.")
    )
    name = models.CharField(_("name in reports"), max_length=LONGEST_IDENTIFIER, blank=True)
    campaign = models.ForeignKey(
        Campaign,
        on_delete=models.CASCADE,
        related_name="+",
        null=True,
        verbose_name=_("campaign"),
        help_text=_("Empty: its rows are left out."),
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("by"),
    )
    at = models.DateTimeField(_("when"))

    objects = CampaignMatchQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        verbose_name = _("campaign match")
        verbose_name_plural = _("campaign matches")
        constraints = [
            # The identifier first: files name it with or without a brand.
            models.UniqueConstraint(
                fields=["identifier", "source", "brand", "is_name"],
                name="a_source_means_one_campaign_of_a_brand_by_an_identifier",
            )
        ]

    def __str__(self) -> str:
        return f"{self.source}: {self.name or self.identifier}"

    @property
    def meaning(self) -> str:
        """Say to people what was matched to it."""
        if self.campaign is None:
            return gettext("left out")
        if self.campaign.brand_id != self.brand_id:
            return gettext("a campaign that is of another brand now")
        return gettext("campaign “%(name)s” (%(id)s)") % {
            "name": self.campaign,
            "id": self.campaign_id,
        }
