"""Linked campaign: a campaign as a platform runs it; the status wanted, sent and confirmed."""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from budgets.models.campaign import Campaign
from budgets.models.change import Change
from budgets.models.platforms.platform_account import Outside, PlatformAccount
from budgets.rules.status import RunStatus

LONGEST_ERROR = 500


def status_field(name: Any) -> Any:
    """Return a column for a status; empty where there is none."""
    return models.CharField(
        name, max_length=10, blank=True, default="", db_default="", editable=False
    )


class LinkedCampaignQuerySet(models.QuerySet["LinkedCampaign"]):
    def unconfirmed(self) -> "LinkedCampaignQuerySet":
        """Those whose platform is not known to have the status that is wanted."""
        return self.exclude(confirmed=F("wanted"))

    def settled(self) -> "LinkedCampaignQuerySet":
        """Those that have what is wanted, or what somebody made of them, with nothing under way."""
        return self.filter(Q(confirmed=F("wanted")) | ~Q(seen=""), sent="")

    def due(self, at: datetime) -> "LinkedCampaignQuerySet":
        """Those to be sent, asked about or sent again by now, of accounts that are on."""
        waiting = self.filter(UNSETTLED, is_given_up=False, account__is_on=True)
        # A pause that somebody made there is not undone where it is only to be reported.
        waiting = waiting.exclude(
            account__outside=Outside.REPORT, seen=RunStatus.PAUSED, wanted=RunStatus.RUNNING
        )
        return waiting.filter(Q(next_try_at=None) | Q(next_try_at__lte=at))


UNSETTLED = ~Q(confirmed=F("wanted")) | ~Q(sent="")
"""As the partial index says it."""


class LinkedCampaign(models.Model):
    """Where one of our campaigns runs. Whatever is wanted and not confirmed is due."""

    campaign = models.ForeignKey(
        Campaign, on_delete=models.CASCADE, related_name="links", verbose_name=_("campaign")
    )
    account = models.ForeignKey(
        PlatformAccount,
        on_delete=models.CASCADE,
        related_name="campaigns",
        db_index=False,  # its constraint serves it
        verbose_name=_("platform account"),
    )
    external_id = models.CharField(
        _("ID at the platform"),
        max_length=100,
        help_text=_("The campaign's own number, as the platform shows it."),
    )
    wanted = status_field(_("wanted"))
    wanted_at = models.DateTimeField(null=True, editable=False)
    change = models.ForeignKey(
        Change,
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        db_index=False,
        db_constraint=False,  # written by checks, in the transaction that writes the change
    )
    """The change that decided it; none where the campaign stood so when it was linked."""
    sent = status_field(_("sent"))
    """On its way: sent, and not answered yet."""
    sent_at = models.DateTimeField(null=True, editable=False)
    confirmed = status_field(_("confirmed"))
    confirmed_at = models.DateTimeField(null=True, editable=False)
    seen = status_field(_("seen there"))
    """What somebody else made of it on the platform; empty while it stands as we left it."""
    seen_at = models.DateTimeField(null=True, editable=False)
    attempts = models.PositiveIntegerField(default=0, db_default=0, editable=False)
    next_try_at = models.DateTimeField(null=True, editable=False)
    is_given_up = models.BooleanField(default=False, db_default=False, editable=False)
    error = models.CharField(
        max_length=LONGEST_ERROR, blank=True, default="", db_default="", editable=False
    )

    objects = LinkedCampaignQuerySet.as_manager()

    class Meta:
        ordering = ["account", "id"]
        verbose_name = _("linked campaign")
        verbose_name_plural = _("linked campaigns")
        constraints = [
            models.UniqueConstraint(
                fields=["account", "external_id"],
                name="a_campaign_of_a_platform_is_linked_once",
                violation_error_message=_("This campaign of the account is linked already."),
            )
        ]
        indexes = [
            models.Index(fields=["account", "id"], name="link_unsettled", condition=UNSETTLED)
        ]

    def __str__(self) -> str:
        return self.external_id

    def clean(self) -> None:
        super().clean()
        if self.campaign_id and self.account_id and self.campaign.brand_id != self.account.brand_id:
            text = _("The account is of “%(theirs)s”, the campaign of “%(ours)s”.")
            told = {"theirs": self.account.brand, "ours": self.campaign.brand}
            raise ValidationError({"account": text % told})

    @property
    def is_confirmed(self) -> bool:
        return bool(self.wanted) and self.confirmed == self.wanted

    def status_of_campaign(self) -> RunStatus:
        return RunStatus.PAUSED if self.campaign.reasons else RunStatus.RUNNING
