"""Beat's tables: how often each task runs. Edits take effect within seconds, without a restart."""

from datetime import timedelta
from typing import Any

from celery.schedules import ParseException, crontab
from django import forms
from django.contrib import admin
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_celery_beat import admin as beat
from django_celery_beat.models import (
    ClockedSchedule,
    CrontabSchedule,
    IntervalSchedule,
    PeriodicTask,
    SolarSchedule,
)
from unfold.admin import ModelAdmin, TabularInline
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from budgets.admin.base.known_history import KnownHistory
from budgets.admin.base.lists import BoundedList, BoundedRows
from budgets.admin.base.scope import AlikeUnseen
from budgets.admin.render.task_words import schedule_in_words, title_of

# Titles, choices, messages and records call a row by its `__str__`. Those of beat are written for
# its log: "2026-03-10 12:00:00+00:00", "0 4 * * * (m/h/dM/MY/d) UTC".
SCHEDULES: tuple[Any, ...] = (ClockedSchedule, CrontabSchedule, IntervalSchedule, SolarSchedule)
for schedule in SCHEDULES:
    schedule.__str__ = schedule_in_words
PeriodicTask.__str__ = title_of

admin.site.unregister((*SCHEDULES, PeriodicTask))


class TaskSelect(UnfoldAdminSelectWidget, beat.TaskSelectWidget):
    """The select of known tasks."""


class TaskForm(beat.PeriodicTaskForm):
    """A periodic task; its two boxes for the task's name get visible widgets."""

    class Meta(beat.PeriodicTaskForm.Meta):
        help_texts = {
            "enabled": gettext_lazy("Untick it to turn the task off."),
            "last_run_at": gettext_lazy("Forgotten when the task is turned off."),
            "one_off": gettext_lazy("Tick it to run the task a single time."),
            "queue": gettext_lazy("One of CELERY_TASK_QUEUES; empty for the usual one."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["task"].widget = UnfoldAdminTextInputWidget()
        self.fields["regtask"].widget = TaskSelect()

    def clean(self) -> Any:
        self.cleaned_data.setdefault("task", "")  # beat's form reads it though it was refused
        return super().clean()

    def _clean_json(self, field: str) -> Any:
        try:
            return super()._clean_json(field)
        except RecursionError:
            raise forms.ValidationError(_("This is nested too deeply.")) from None


class TasksOfSchedule(BoundedRows, beat.PeriodicTaskInline, TabularInline):
    """The tasks that run by a schedule."""


@admin.register(SolarSchedule)
class BeatScheduleAdmin(BoundedList, AlikeUnseen, KnownHistory, ModelAdmin):
    """A schedule of beat, with the tasks that use it."""

    inlines = (TasksOfSchedule,)


@admin.register(PeriodicTask)
class PeriodicTaskAdmin(BoundedList, AlikeUnseen, KnownHistory, beat.PeriodicTaskAdmin, ModelAdmin):
    """Periodic tasks."""

    form = TaskForm
    date_hierarchy = None
    list_filter = ("enabled", "one_off")

    def crontab_translation(self, task: PeriodicTask) -> str:
        return str(task.crontab or "")


class IntervalForm(forms.ModelForm[IntervalSchedule]):
    """An interval that beat can count: one too long would end it at its next start."""

    def clean(self) -> dict[str, Any] | None:
        data = super().clean() or self.cleaned_data
        if "every" in data and "period" in data:
            try:
                timedelta(**{data["period"]: data["every"]})
            except OverflowError:
                self.add_error("every", _("This is longer than beat can count. Take less."))
        return data


@admin.register(IntervalSchedule)
class IntervalScheduleAdmin(BeatScheduleAdmin):
    """Intervals."""

    form = IntervalForm


class CrontabForm(forms.ModelForm[CrontabSchedule]):
    """A crontab that beat can read: the package's own check lets -1 pass."""

    PARTS = ("minute", "hour", "day_of_week", "day_of_month", "month_of_year")

    def clean(self) -> dict[str, Any] | None:
        data = super().clean()
        for part in self.PARTS:
            try:
                crontab(**{part: self.cleaned_data.get(part, "*")})
            except (ParseException, ValueError) as error:
                self.add_error(part, str(error))
        return data


@admin.register(CrontabSchedule)
class CrontabScheduleAdmin(BeatScheduleAdmin, beat.CrontabScheduleAdmin):
    """Crontabs, without beat's "human readable": that is what they are called."""

    form = CrontabForm
    list_display = ("__str__", "timezone")
    fields = beat.CrontabScheduleAdmin.fields[1:]
    readonly_fields = ()


@admin.register(ClockedSchedule)
class ClockedScheduleAdmin(BeatScheduleAdmin, beat.ClockedScheduleAdmin):
    """Instants."""
