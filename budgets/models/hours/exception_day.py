"""Exception dates of schedules and brands: people write text, decisions read days."""

import logging
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from budgets.rules.exceptions import BadExceptions, parse_exceptions

log = logging.getLogger(__name__)


def validate_exceptions(text: str) -> None:
    """Refuse text that is no list of dates, saying where and why."""
    try:
        parse_exceptions(text)
    except BadExceptions as error:
        raise ValidationError(str(error), code="bad_exceptions") from None


class HasExceptions(models.Model):
    """A schedule or a brand: what may have dates on which other hours count."""

    exceptions = models.TextField(
        _("dates with other hours"),
        blank=True,
        default="",
        db_default="",
        validators=[validate_exceptions],
        help_text=_(
            "A date a line: “2026-12-25 closed # Christmas Day”, “2026-12-31 open” for the whole "
            "day, or hours such as “2027-01-02 10:00-14:00, 16:00-18:00”."
        ),
    )
    exceptions_read = models.TextField(default="", db_default="", editable=False)
    """The text from which the days were derived; differs until whoever decides has read it."""

    class Meta:
        abstract = True


class ExceptionDay(models.Model):
    """A local day on which a schedule, or a brand, has other hours; derived from their text.

    Where both have some, those of the brand count.
    """

    schedule = models.ForeignKey(
        "budgets.Schedule",
        on_delete=models.CASCADE,
        related_name="exception_days",
        null=True,
        db_index=False,  # the constraint serves it
    )
    brand = models.ForeignKey(
        "budgets.Brand",
        on_delete=models.CASCADE,
        related_name="exception_days",
        null=True,
        db_index=False,  # the constraint serves it
    )
    day = models.DateField(db_index=True)
    quarters = models.BinaryField()
    name = models.TextField(default="", db_default="")

    class Meta:
        ordering = ["day", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["schedule", "day"],
                name="a_schedule_has_one_exception_a_day",
                condition=Q(schedule__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["brand", "day"],
                name="a_brand_has_one_exception_a_day",
                condition=Q(brand__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.brand or self.schedule}, {self.day}"


def read_exceptions(rows: models.QuerySet[Any], owner: str) -> int:
    """Derive the days of the rows whose text changed; return how many rows. `owner` says whose.

    Text that is no list of dates keeps the days there were.
    """
    changed = rows.exclude(exceptions=F("exceptions_read")).order_by("pk")
    if not changed.exists():
        return 0
    with transaction.atomic():
        stale = list(changed.select_for_update().only("pk", "exceptions"))
        for row in stale:
            try:
                dates = parse_exceptions(row.exceptions)
            except BadExceptions as error:
                log.error("%s %s has unreadable dates: %s", owner, row.pk, error)
            else:
                derived = ExceptionDay.objects.filter(**{owner: row.pk})
                derived.delete()
                derived.bulk_create(
                    ExceptionDay(
                        **{f"{owner}_id": row.pk},
                        day=each.day,
                        quarters=each.quarters,
                        name=each.name,
                    )
                    for each in dates
                )
            own = rows.model._base_manager.filter(pk=row.pk)
            own.update(exceptions_read=row.exceptions)
    return len(stale)
