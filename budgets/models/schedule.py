"""Schedule: the weekly hours in which campaigns may run."""

import logging
from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from budgets.models.editable import Editable
from budgets.models.history import history_without
from budgets.models.hours.exception_day import HasExceptions, read_exceptions
from budgets.rules.clock import QUARTERS_PER_WEEK
from budgets.rules.hours import BadHours, WeekHours

log = logging.getLogger(__name__)

if TYPE_CHECKING:
    _BinaryBase = models.BinaryField[bytes, bytes]
    _TextBase = models.TextField[str, str]
else:
    _BinaryBase = models.BinaryField
    _TextBase = models.TextField


def validate_hours(text: str) -> None:
    """Refuse text that the schedule language does not know, saying where and why."""
    try:
        WeekHours.parse(text)
    except BadHours as error:
        raise ValidationError(str(error), code="bad_hours") from None


class WeekField(_BinaryBase):
    """The week as 672 bytes, derived from the hours whenever a row is written."""

    def pre_save(self, model_instance: models.Model, add: bool) -> bytes:
        week = WeekHours.parse(model_instance.hours).week  # type: ignore[attr-defined]  # only Schedule has it
        setattr(model_instance, self.attname, week)
        return week


class HoursReadField(_TextBase):
    """The text from which the week was derived; differs after somebody edits the text in SQL."""

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        hours: str = model_instance.hours  # type: ignore[attr-defined]  # only Schedule has it
        setattr(model_instance, self.attname, hours)
        return hours


class ScheduleQuerySet(models.QuerySet["Schedule"]):
    def to_read(self) -> "ScheduleQuerySet":
        """Rows whose texts are not those that the week and the dates were read from."""
        return self.exclude(hours=F("hours_read"), exceptions=F("exceptions_read"))

    def refresh_weeks(self) -> int:
        """Derive the week and the dates of every row whose text changed; return how many.

        Text that is no schedule keeps the week it had, or closes a schedule that had none: when in
        doubt, spend nothing.
        """
        stale = list(self.to_read().only("id", "name", "hours", "week"))
        for schedule in stale:
            self.filter(pk=schedule.pk).update(
                week=schedule.readable_week(), hours_read=schedule.hours
            )
        if stale:
            read_exceptions(self, "schedule")
        return len(stale)


class Schedule(HasExceptions, Editable):
    """A week of quarter hours, shared by any number of campaigns, on each brand's own clock."""

    name = models.CharField(_("name"), max_length=200)
    hours = models.TextField(
        _("hours"),
        validators=[validate_hours],
        help_text=_(
            "For example “Mon-Fri 09:00-17:30; Sat 22:00-02:00”. Quarter hours; an end at or "
            "before the start runs past midnight."
        ),
    )
    week = WeekField(editable=False, db_default=b"")
    hours_read = HoursReadField(editable=False, db_default="")

    objects = ScheduleQuerySet.as_manager()
    operations_own = frozenset({"exceptions_read"})
    history = history_without(operations_own | {"week", "hours_read"})

    class Meta:
        ordering = ["name", "id"]
        verbose_name = _("schedule")
        verbose_name_plural = _("schedules")
        indexes = [
            models.Index(
                fields=["id"],
                name="schedule_to_read",
                condition=~Q(hours=F("hours_read"), exceptions=F("exceptions_read")),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def week_hours(self) -> WeekHours:
        """The hours as last read; never open when they never could be read."""
        return WeekHours(week=bytes(self.week) or bytes(QUARTERS_PER_WEEK))

    def readable_week(self) -> bytes:
        """Return the week the text describes, or the last one that could be read."""
        try:
            return WeekHours.parse(self.hours).week
        except BadHours as error:
            log.error("Schedule “%s” (%s) has unreadable hours: %s", self, self.pk, error)
            return self.week_hours.week

    def brands_concerned(self) -> set[int]:
        if not self.pk:
            return set()
        return set(self.campaigns.values_list("brand_id", flat=True).distinct().order_by())

    def fields_to_write(self, update_fields: Iterable[str] | None = None) -> set[str]:
        fields = super().fields_to_write(update_fields)
        return fields | {"week", "hours_read"} if "hours" in fields else fields
