"""Spend: the ledger of entries, and their totals a campaign and local day."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from budgets.models.brand import Brand
from budgets.models.campaign import Campaign
from budgets.models.editable import SavedAsEdit
from budgets.models.fields import MoneyField, MoneySum, within_the_ledger
from budgets.rules.clock import next_month_of


class LedgerEntry(models.Model):
    """A report of money spent. A correction is another entry; only moving its brand changes it."""

    source = models.CharField(_("source"), max_length=50)
    key = models.CharField(_("key"), max_length=200)
    # Beside the campaign, so that a key is its brand's own: none can block or learn another's.
    brand = models.ForeignKey(
        Brand,
        on_delete=models.DO_NOTHING,  # its campaigns keep it from going
        related_name="+",
        db_index=False,  # nobody asks for it alone
        db_constraint=False,  # as for the campaign
    )
    campaign = models.ForeignKey(
        Campaign,
        on_delete=models.PROTECT,
        related_name="entries",
        db_index=False,  # entry_of_campaign_and_day serves it
        # Every entry has a day in Spend, and that refers to the campaign. Checked once more for
        # every entry, this would cost as much as putting the entry in.
        db_constraint=False,
    )
    occurred_at = models.DateTimeField(_("occurred at"))
    day = models.DateField(_("local day"))
    amount = MoneyField(_("amount"), db_column="amount_micros")
    recorded_at = models.DateTimeField(_("recorded at"))

    class Meta:
        ordering = ["-id"]
        verbose_name = _("spend entry")
        verbose_name_plural = _("spend entries")
        constraints = [
            models.UniqueConstraint(
                "source", "key", "brand", name="an_entry_counts_once_a_source_and_key"
            )
        ]
        indexes = [models.Index(fields=["campaign", "day"], name="entry_of_campaign_and_day")]

    def __str__(self) -> str:
        return f"{self.source}/{self.key}"


class SpendQuerySet(models.QuerySet["Spend"]):
    """Questions about day totals."""

    def in_month(self, month: date) -> "SpendQuerySet":
        """Days of the month that starts on this date."""
        return self.filter(day__gte=month, day__lt=next_month_of(month))

    def total(self) -> Decimal:
        """Return the sum, in currency units; rows must share a currency."""
        total: Decimal | None = self.aggregate(total=MoneySum("amount"))["total"]
        return Decimal("0.00") if total is None else total


class Spend(SavedAsEdit):
    """What a campaign spent on a local day, kept for ever: the sum of that day's entries.

    Written by `operations.ingest`. A row saved by hand counts too: the difference becomes an
    entry, so that the sum still holds. One made with `bulk_create` or in SQL has no entry: it is
    not spend, `manage.py doctor` reports it, and `--repair` sets it to the sum of its entries.
    """

    campaign = models.ForeignKey(
        Campaign,
        on_delete=models.PROTECT,
        related_name="spend_days",
        db_index=False,  # spend_is_one_row_a_campaign_and_day serves it
        verbose_name=_("campaign"),
    )
    day = models.DateField(_("local day"))
    amount = MoneyField(_("amount"), db_column="amount_micros")

    objects = SpendQuerySet.as_manager()

    class Meta:
        ordering = ["-day", "campaign_id"]
        verbose_name = _("spend")
        verbose_name_plural = _("spend")
        constraints = [
            models.UniqueConstraint("campaign", "day", name="spend_is_one_row_a_campaign_and_day"),
            within_the_ledger("spend_is_within_the_ledger", "amount"),
        ]
        indexes = [models.Index(fields=["-day", "campaign"], name="spend_newest_first")]

    def __str__(self) -> str:
        told = {"campaign": self.campaign, "day": date_format(self.day, "j M Y")}
        return gettext("%(campaign)s on %(day)s") % told

    def write(self, **options: Any) -> None:
        # The campaign's row, as an ingest takes it: nobody else moves its totals meanwhile.
        campaign = Campaign.objects.filter(pk=self.campaign_id).order_by()
        list(campaign.select_for_update(no_key=True).values_list("pk"))
        self.refuse_to_move()
        super().write(**options)

    def brands_concerned(self) -> set[int]:
        campaigns = Campaign.objects.filter(pk=self.campaign_id).order_by()
        return set(campaigns.values_list("brand", flat=True))

    def refuse_to_move(self) -> None:
        """Refuse to take a row to another day: the entries stay where the money was spent."""
        stored = Spend.objects.filter(pk=self.pk).values_list("campaign", "day").first()
        if stored and stored != (self.campaign_id, self.day):
            raise ValidationError(
                _("Spend stays with its campaign and day; correct both days instead.")
            )
