"""Change: one recorded transition of a campaign, and the figures it was decided on."""

from dataclasses import dataclass
from typing import Any, Literal

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from budgets.models.brand import Brand
from budgets.models.campaign import Campaign
from budgets.models.feed_numbering import TransactionNumber
from budgets.models.fields import MoneyField
from budgets.rules.reasons import NO_REASON, PauseReason

NOTE_LENGTH = 500


class Trigger(models.TextChoices):
    """What made us look."""

    SPEND = "spend", _("spend came in")
    TICK = "tick", _("scheduled check")
    EDIT = "edit", _("an edit")
    HOLD = "hold", _("a person held it")
    RELEASE = "release", _("a person released it")
    PERIOD = "period", _("a day or month ended")
    COMMAND = "command", _("a command")
    NEW = "new", _("it is new")
    PLANNED = "planned", _("a planned budget")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """Why a change was decided: its trigger, the person behind it if any, and the person's words.

    Raises `ValidationError` for more words than the history keeps.
    """

    trigger: Trigger
    by_id: int | None = None
    note: str = ""

    def __post_init__(self) -> None:
        if len(self.note) > NOTE_LENGTH:
            raise ValidationError(
                {"note": f"The note has {len(self.note)} characters; write {NOTE_LENGTH} at most."}
            )


def figure(name: str) -> Any:
    """Return a column for one figure of the decision; empty where there was no budget."""
    return MoneyField(db_column=f"{name}_micros", null=True)


class Change(models.Model):
    """The reasons of a campaign before and after one decision. Written once, read for ever."""

    campaign = models.ForeignKey(
        Campaign,
        on_delete=models.PROTECT,
        related_name="changes",
        db_index=False,  # change_of_campaign_newest serves it
    )
    brand = models.ForeignKey(
        Brand,
        on_delete=models.PROTECT,
        related_name="changes",
        db_index=False,  # change_of_brand_newest serves it
        db_constraint=False,  # a check writes many rows, of brands whose locks it holds
        verbose_name=_("brand"),
        help_text=_("The campaign's at the time: its figures and words stay with it."),
    )
    at = models.DateTimeField(_("at"))
    before = models.PositiveSmallIntegerField(_("reasons before"))
    after = models.PositiveSmallIntegerField(_("reasons after"))
    trigger = models.CharField(_("trigger"), max_length=10, choices=Trigger)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        db_index=False,  # nobody asks for it, and a check may write many rows
        verbose_name=_("by"),
    )
    note = models.CharField(_("note"), max_length=NOTE_LENGTH, blank=True, db_default="")

    day_spent = figure("day_spent")
    daily_budget = figure("daily_budget")
    month_spent = figure("month_spent")
    monthly_budget = figure("monthly_budget")
    brand_day_spent = figure("brand_day_spent")
    brand_daily_budget = figure("brand_daily_budget")
    brand_month_spent = figure("brand_month_spent")
    brand_monthly_budget = figure("brand_monthly_budget")

    confirmed_at = models.DateTimeField(_("confirmed by every platform at"), null=True)

    transaction = models.BigIntegerField(db_default=TransactionNumber(), editable=False)

    class Meta:
        ordering = ["-id"]
        verbose_name = _("change")
        verbose_name_plural = _("changes")
        constraints = [
            models.CheckConstraint(
                name="a_change_changes_something", condition=~Q(before=models.F("after"))
            )
        ]
        indexes = [
            models.Index(fields=["campaign", "-id"], name="change_of_campaign_newest"),
            models.Index(fields=["brand", "-id"], name="change_of_brand_newest"),
            models.Index(fields=["transaction", "id"], name="change_feed"),
            # Tells a machine whose clock is behind that another's decisions are ahead.
            models.Index(fields=["at"], name="change_by_instant"),
        ]

    def __str__(self) -> str:
        is_here = self.campaign.brand_id == self.brand_id
        local = self.brand.clock.local(self.at)
        act = {"stop": gettext("paused"), "start": gettext("resumed")}
        return gettext("%(campaign)s: %(act)s on %(at)s") % {
            # What it is called now is for those of its present brand.
            "campaign": self.campaign if is_here else gettext("A campaign that has moved"),
            "act": act.get(self.action or "", gettext("still paused")),
            "at": date_format(local, "j M Y, H:i"),
        }

    @property
    def reasons_before(self) -> PauseReason:
        return PauseReason(self.before)

    @property
    def reasons_after(self) -> PauseReason:
        return PauseReason(self.after)

    @property
    def must_stop(self) -> bool:
        """Whether the campaign ran before and must not run now."""
        return self.reasons_before == NO_REASON

    @property
    def is_first(self) -> bool:
        """Whether the campaign was only made with it: it did not run before."""
        return self.trigger == Trigger.NEW

    @property
    def action(self) -> Literal["stop", "start"] | None:
        """What the ad platform has to do; nothing while the campaign stays paused."""
        if self.must_stop:
            return "stop"
        return "start" if self.may_start else None

    @property
    def may_start(self) -> bool:
        """Whether the campaign was paused before and may run now."""
        return self.reasons_after == NO_REASON
