"""Campaign: what is paused and resumed."""

from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from budgets.models.brand import Brand
from budgets.models.editable import Editable, KeptQuerySet
from budgets.models.fields import BudgetField, within_the_ledger
from budgets.models.history import history_without
from budgets.models.lookups.search import having_word, ids_by_word, words_in
from budgets.models.periods.budget_in_force import Budgeted
from budgets.models.periods.standing import Standing
from budgets.models.schedule import Schedule
from budgets.rules.clock import LocalClock, month_of
from budgets.rules.reasons import PauseReason

SPENT = _("Its spend belongs to the old brand; make a new campaign instead.")
LINKED = _("It is linked to accounts of the old brand; unlink it first.")


class CampaignQuerySet(KeptQuerySet["Campaign"]):
    def running(self) -> "CampaignQuerySet":
        return self.filter(reasons=0)

    def paused(self) -> "CampaignQuerySet":
        return self.filter(reasons__gt=0)

    def called(self, text: str) -> "CampaignQuerySet":
        """Campaigns in whose name, external ID or brand's name each word of the text occurs."""
        found, words = self, words_in(text)
        # Looked up apart: joined, no index of the campaigns could be used.
        for word, brand_ids in ids_by_word(Brand.objects.all(), words).items():
            found = found.filter(having_word(word, "name", "external_id", brand__in=brand_ids))
        return found

    def paused_by(self, reason: PauseReason) -> "CampaignQuerySet":
        """Campaigns that have this reason, alone or among others."""
        bit = F("reasons").bitand(int(reason))
        return self.annotate(_has_reason=bit).filter(_has_reason__gt=0)

    def paused_mainly_by(self, reason: PauseReason) -> "CampaignQuerySet":
        """Campaigns whose first reason this is, whatever others they have."""
        up_to_it = F("reasons").bitand(2 * int(reason) - 1)
        return self.annotate(_up_to_it=up_to_it).filter(_up_to_it=int(reason))


class Campaign(Budgeted, Editable, Standing):
    """A campaign of a brand. It runs when it has no reason to pause."""

    brand = models.ForeignKey(
        Brand,
        on_delete=models.PROTECT,
        related_name="campaigns",
        db_index=False,  # campaign_of_brand serves it
        verbose_name=_("brand"),
    )
    name = models.CharField(_("name"), max_length=200)
    external_id = models.CharField(  # noqa: DJ001  # null: many campaigns have none
        _("external ID"),
        max_length=200,
        null=True,
        blank=True,
        help_text=_("Your own reference, unique within the brand; programs can use it."),
    )
    schedule = models.ForeignKey(
        Schedule,
        on_delete=models.PROTECT,
        related_name="campaigns",
        null=True,
        blank=True,
        verbose_name=_("schedule"),
        help_text=_("Hours in which it may run. Empty: always."),
    )
    daily_budget = BudgetField(
        _("daily budget"),
        db_column="daily_budget_micros",
        help_text=_("In the brand's currency. Empty: no limit of its own. 0: spend nothing."),
    )
    monthly_budget = BudgetField(_("monthly budget"), db_column="monthly_budget_micros")
    starts_on = models.DateField(
        _("first day"), null=True, blank=True, help_text=_("Local day, included.")
    )
    ends_on = models.DateField(
        _("last day"), null=True, blank=True, help_text=_("Local day, included.")
    )
    is_held = models.BooleanField(
        _("on hold"),
        default=False,
        db_default=False,
        help_text=_("Stops the campaign until a person lifts the hold."),
    )
    created_at = models.DateTimeField(
        default=timezone.now, db_default=models.functions.Now(), editable=False
    )

    objects = CampaignQuerySet.as_manager()

    operations_own = frozenset({"reasons", "day", "day_spent", "month", "month_spent"})
    history = history_without(operations_own | {"created_at"})
    kept_by = ("entries", "spend_days", "changes", "statements")
    why_kept = _(
        "“%(name)s” has spend, statements or pauses on record, and these stay. "
        "Hold it, or end its flight, instead."
    )

    class Meta:
        ordering = ["id"]
        verbose_name = _("campaign")
        verbose_name_plural = _("campaigns")
        # None on what operations write: an update that touches no index stays on its page.
        indexes = [
            models.Index(fields=["brand", "id"], name="campaign_of_brand"),
            models.Index(
                fields=["external_id"],
                name="campaign_of_external_id",
                condition=Q(external_id__isnull=False),
            ),
            models.Index(
                fields=["ends_on"],
                name="campaign_flight_end",
                condition=Q(ends_on__isnull=False),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                "brand", "external_id", name="campaign_external_id_is_unique_within_its_brand"
            ),
            models.CheckConstraint(
                name="campaign_daily_budget_is_not_negative", condition=Q(daily_budget__gte=0)
            ),
            models.CheckConstraint(
                name="campaign_monthly_budget_is_not_negative", condition=Q(monthly_budget__gte=0)
            ),
            within_the_ledger("campaign_totals_are_within_the_ledger", "day_spent", "month_spent"),
            models.CheckConstraint(
                name="campaign_flight_does_not_end_before_it_starts",
                condition=Q(ends_on__gte=F("starts_on")),
                violation_error_message=_("The flight ends before it starts."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        super().clean()
        self.external_id = self.external_id or None
        if self.starts_on and self.ends_on and self.ends_on < self.starts_on:
            raise ValidationError(
                {"ends_on": _("The flight ends before it starts; move one of the two days.")}
            )
        if self.pk and self.brand_id != self._stored_brand():
            if self.spend_days.exists():
                raise ValidationError({"brand": SPENT})
            if self.links.exists():
                raise ValidationError({"brand": LINKED})

    @property
    def pause_reasons(self) -> PauseReason:
        """Every reason to pause, as last decided; falsy when the campaign runs."""
        return PauseReason(self.reasons)

    @property
    def status(self) -> str:
        """`"running"` or `"paused"`: derived, never stored."""
        return "paused" if self.reasons else "running"

    @property
    def daily_spend(self) -> Decimal:
        """Spend of the brand's current local day, in currency units."""
        today = self.brand.clock.day(timezone.now())
        return self.spend_days.filter(day=today).total()

    @property
    def monthly_spend(self) -> Decimal:
        """Spend of the brand's current local month, in currency units."""
        today = self.brand.clock.day(timezone.now())
        return self.spend_days.in_month(month_of(today)).total()

    @property
    def changes_here(self) -> Any:
        """Its changes under its brand, and none from before it was moved here."""
        return self.changes.filter(brand=self.brand_id)

    @property
    def clock(self) -> LocalClock:
        return self.brand.clock

    def brands_concerned(self) -> set[int]:
        brand_ids = (self.brand_id, self._stored_brand() if self.pk else None)
        return {brand_id for brand_id in brand_ids if brand_id is not None}

    def _stored_brand(self) -> Any:
        return Campaign.objects.filter(pk=self.pk).values_list("brand_id", flat=True).first()
