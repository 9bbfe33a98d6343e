"""Brand: a client with a budget, a currency and a clock of its own."""

from datetime import date, datetime
from typing import Any

from babel.numbers import get_currency_precision, list_currencies
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Now
from django.utils.timezone import now as instant_now
from django.utils.translation import gettext_lazy as _

from budgets.models.editable import Editable, KeptQuerySet
from budgets.models.fields import BudgetField, MoneyField
from budgets.models.history import history_without
from budgets.models.hours.exception_day import HasExceptions
from budgets.models.periods.budget_in_force import Budgeted
from budgets.models.periods.rollover import RollsOver
from budgets.models.platforms.feeds_watched import FeedsWatched
from budgets.rules.clock import DAY, LocalClock, UnknownZone, clock_of

FIXED = {
    "currency": _("Money was spent in the old currency; make a new brand instead."),
    "timezone": _(
        "Money was spent on the old clock; move the brand on its page, or with "
        "“manage.py move_zone”, so that its days move along."
    ),
}
"""What stays once money was spent, and what to do instead."""


def validate_zone(name: str) -> None:
    """Refuse a name that is no IANA time zone."""
    try:
        LocalClock.of(name)
    except UnknownZone as error:
        raise ValidationError(str(error), code="unknown_zone") from None


def validate_currency(code: str) -> None:
    """Refuse a code that is no ISO 4217 currency."""
    if code not in list_currencies():
        raise ValidationError(
            _("“%(code)s” is no ISO 4217 currency; write a code such as USD, EUR or JPY."),
            params={"code": code},
            code="unknown_currency",
        )


def closed_until(closed_day: date | None, created_at: datetime, zone: str) -> date:
    """Return a brand's last local day that is closed; at first the one before it was made.

    So no day before its first is ever open: what was spent then has its statement at once.
    """
    before_its_first = clock_of(zone).day(created_at) - DAY
    return max(closed_day or before_its_first, before_its_first)


def late_while_closing(column: str) -> Any:
    """Return a column for money that comes in while a day's statements are being written."""
    return MoneyField(db_column=column, default=0, db_default=0, editable=False)


class BrandQuerySet(KeptQuerySet["Brand"]):
    def update(self, **columns: Any) -> int:
        """Refuse what a save refuses where money was spent. Raises `ValidationError`."""
        fixed = FIXED.keys() & columns.keys()
        if fixed and self.filter(campaigns__spend_days__isnull=False).exists():
            raise ValidationError({column: FIXED[column] for column in fixed})
        return super().update(**columns)


class Brand(Budgeted, RollsOver, HasExceptions, FeedsWatched, Editable):
    """A client of the agency. Its limits apply to the sum over its campaigns."""

    name = models.CharField(_("name"), max_length=200)
    currency = models.CharField(
        _("currency"),
        max_length=3,
        default="USD",
        db_default="USD",
        validators=[validate_currency],
        help_text=_("ISO 4217 code. Fixed once money was spent."),
    )
    timezone = models.CharField(
        _("time zone"),
        max_length=64,
        default="UTC",
        db_default="UTC",
        validators=[validate_zone],
        help_text=_("Days, months, flights and schedules of this brand follow this clock."),
    )
    daily_budget = BudgetField(
        _("daily budget"),
        db_column="daily_budget_micros",
        help_text=_("Most that all campaigns together spend a day. Empty: no limit. 0: nothing."),
    )
    monthly_budget = BudgetField(
        _("monthly budget"),
        db_column="monthly_budget_micros",
        help_text=_("Most that all campaigns together spend a calendar month."),
    )
    is_held = models.BooleanField(
        _("on hold"),
        default=False,
        db_default=False,
        help_text=_("Stops every campaign until a person lifts the hold."),
    )
    closed_day = models.DateField(
        _("last day closed"),
        null=True,
        editable=False,
        help_text=_("The last local day whose figures are closed."),
    )
    closed_month = models.DateField(
        _("last month closed"),
        null=True,
        editable=False,
        help_text=_("The first day of the last local month whose figures are closed."),
    )
    closing_day = models.DateField(
        _("day being closed"),
        null=True,
        editable=False,
        help_text=_("A closed local day whose statements are still being written."),
    )
    # What came in late for it, and for the month that ends with it, since it counts as closed.
    closing_day_late = late_while_closing("closing_day_late_micros")
    closing_month_late = late_while_closing("closing_month_late_micros")
    # The newest local day on which dated budgets of it came into force by themselves.
    budgets_as_of = models.DateField(null=True, editable=False)
    created_at = models.DateTimeField(default=instant_now, db_default=Now(), editable=False)

    objects = BrandQuerySet.as_manager()

    own_budgets = {"campaign__isnull": True}
    is_moving = False
    """Set by the operation that moves what was spent along with the time zone."""

    operations_own = frozenset({"closed_day", "closed_month", "closing_day", "budgets_as_of"}) | {
        *("closing_day_late", "closing_month_late", "carried", "carried_month", "exceptions_read")
    }
    history = history_without(operations_own | {"created_at"})
    kept_by = ("statements", "changes")
    why_kept = _(
        "“%(name)s” has statements or pauses on record, and these stay. Hold the brand instead."
    )

    class Meta:
        ordering = ["name", "id"]
        verbose_name = _("brand")
        verbose_name_plural = _("brands")
        constraints = [
            models.CheckConstraint(
                name="brand_daily_budget_is_not_negative",
                condition=models.Q(daily_budget__gte=0),
            ),
            models.CheckConstraint(
                name="brand_monthly_budget_is_not_negative",
                condition=models.Q(monthly_budget__gte=0),
            ),
        ]
        indexes = [models.Index(fields=["name", "id"], name="brand_by_name")]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        super().clean()
        if not self.pk or not self.has_spend():
            return
        if self.currency != self._stored("currency"):
            raise ValidationError({"currency": FIXED["currency"]})
        # A name that is no zone runs on UTC, and may be mended to say so.
        stored = clock_of(self._stored("timezone")).zone.key
        if self.timezone not in {stored, self._stored("timezone")} and not self.is_moving:
            raise ValidationError({"timezone": FIXED["timezone"]})

    @property
    def clock(self) -> LocalClock:
        return clock_of(self.timezone)

    @property
    def currency_decimals(self) -> int:
        """How many decimals amounts of this currency are written with."""
        return get_currency_precision(self.currency)

    @property
    def closed_until(self) -> date:
        return closed_until(self.closed_day, self.created_at, self.timezone)

    def has_spend(self) -> bool:
        """Return whether any money was ever recorded for the brand."""
        return self.campaigns.filter(spend_days__isnull=False).exists()

    def brands_concerned(self) -> set[int]:
        return {self.pk} if self.pk else set()

    def _stored(self, field: str) -> Any:
        return Brand.objects.values_list(field, flat=True).get(pk=self.pk)
