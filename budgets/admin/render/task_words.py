"""Recurring tasks in words: what each does, how often, for how long, when next."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

from django.utils.formats import date_format
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, ngettext_lazy
from django_celery_beat.models import (
    ClockedSchedule,
    CrontabSchedule,
    IntervalSchedule,
    PeriodicTask,
    SolarSchedule,
)

from budgets.reports.diagnostics.recurring import OUR_TASKS

TITLES = {
    "check_spend": gettext_lazy("Check budgets"),
    "check_dayparts": gettext_lazy("Check hours and flights"),
    "decide_due": gettext_lazy("Open, close and turn days on time"),
    "reset_daily": gettext_lazy("Close days and months"),
    "deliver_changes": gettext_lazy("Tell ad platforms"),
    "sync_spend": gettext_lazy("Read spend from ad platforms"),
    "resume_jobs": gettext_lazy("Go on with imports and other jobs"),
    "celery.backend_cleanup": gettext_lazy("Tidy up"),
}
NAMES = re.compile(rf"(?<![\w.])({'|'.join(map(re.escape, TITLES))})\b")
WORDS = {
    "check_spend": gettext_lazy(
        "Pauses campaigns that have reached a budget, and resumes those that have room again. "
        "Reported spend is checked at once; this is the net below."
    ),
    "check_dayparts": gettext_lazy(
        "Opens and closes schedules and flights, should their instant have been missed."
    ),
    "decide_due": gettext_lazy(
        "Decides what time alone changes: openings, closings, midnights. A worker does it at each "
        "quarter hour, on the second; this is the net below."
    ),
    "reset_daily": gettext_lazy(
        "Closes each brand's day after its own midnight, and its month on the 1st, into statements."
    ),
    "deliver_changes": gettext_lazy(
        "Tells ad platforms which campaigns stop and start, until they confirm. What is decided is "
        "told at once; this is the net below."
    ),
    "sync_spend": gettext_lazy("Reads spend from every platform account."),
    "resume_jobs": gettext_lazy(
        "Begins imports and other jobs that wait, and goes on with those that were interrupted."
    ),
    "celery.backend_cleanup": gettext_lazy("Forgets how tasks of some days ago ended."),
}
COUNTED = {
    "check_spend": ngettext_lazy("%(n)s campaign changed", "%(n)s campaigns changed", "n"),
    "check_dayparts": ngettext_lazy("%(n)s campaign changed", "%(n)s campaigns changed", "n"),
    "decide_due": ngettext_lazy("%(n)s campaign changed", "%(n)s campaigns changed", "n"),
    "reset_daily": ngettext_lazy("%(n)s period closed", "%(n)s periods closed", "n"),
    "deliver_changes": ngettext_lazy("%(n)s change confirmed", "%(n)s changes confirmed", "n"),
    "sync_spend": ngettext_lazy(
        "%(n)s total or entry booked", "%(n)s totals or entries booked", "n"
    ),
    "resume_jobs": ngettext_lazy("%(n)s job begun", "%(n)s jobs begun", "n"),
}
UNITS = {
    "days": ngettext_lazy("every day", "every %(n)s days", "n"),
    "hours": ngettext_lazy("every hour", "every %(n)s hours", "n"),
    "minutes": ngettext_lazy("every minute", "every %(n)s minutes", "n"),
    "seconds": ngettext_lazy("every second", "every %(n)s seconds", "n"),
    "microseconds": ngettext_lazy("every microsecond", "every %(n)s microseconds", "n"),
}
HALF_DAYS = re.compile(r"(?P<hour>\d\d?):(?P<minute>\d\d) (?P<half>AM|PM)")


def with_titles(text: str) -> str:
    """Return a sentence about tasks with the name that each has on our pages."""
    return NAMES.sub(lambda found: _("“%(title)s”") % {"title": TITLES[found[0]]}, text)


def title_of(row: PeriodicTask) -> str:
    return str(TITLES.get(row.task.removeprefix(OUR_TASKS)) or row.name)


def since(at: datetime | None, *, now: datetime) -> str:
    """Say how long ago an instant was."""
    if at is None:
        return _("never yet")
    if now - at < timedelta(minutes=1):
        return _("just now")
    return _("%(time)s ago") % {"time": timesince(at, now, depth=1)}


def how_often(row: PeriodicTask) -> str:
    """Say in words how often beat sends a task."""
    schedule = row.interval or row.crontab or row.solar or row.clocked
    return schedule_in_words(schedule) if schedule else "–"


def schedule_in_words(row: Any) -> str:
    """Say in words when something runs that has a schedule of beat's."""
    match row:
        case IntervalSchedule():
            return interval_in_words(row)
        case CrontabSchedule():
            text = HALF_DAYS.sub(of_24_hours, row.human_readable)
            if row.hour == "*":  # the same minutes in any zone
                text = text.removesuffix(f" {row.timezone}")
            return text[:1].lower() + text[1:]
        case SolarSchedule():
            place = {
                "latitude": f"{float(row.latitude):g}",
                "longitude": f"{float(row.longitude):g}",
            }
            words = _("%(event)s at latitude %(latitude)s, longitude %(longitude)s")
            return words % {"event": row.get_event_display(), **place}
        case ClockedSchedule():
            at = row.clocked_time.astimezone(UTC)
            return _("once, %(at)s UTC") % {"at": date_format(at, "j M Y, H:i")}
    raise TypeError(row)


def interval_in_words(row: IntervalSchedule) -> str:
    """Say an interval in the largest unit that it is a multiple of."""
    try:
        length = timedelta(**{row.period: row.every})
    except OverflowError:  # typed into the form, which refuses it
        return UNITS[row.period] % {"n": row.every}
    name = next(name for name in UNITS if not length % timedelta(**{name: 1}))
    return UNITS[name] % {"n": length // timedelta(**{name: 1})}


def of_24_hours(found: re.Match[str]) -> str:
    return f"{int(found['hour']) % 12 + 12 * (found['half'] == 'PM'):02}:{found['minute']}"


def duration(took: timedelta | None) -> str:
    if took is None:
        return ""
    seconds = took.total_seconds()
    if seconds < 0.1:
        return _("less than 0.1 s")
    if seconds < 60:
        return _("%(n)s s") % {"n": f"{seconds:.1f}"}
    return _("%(n)s min") % {"n": f"{seconds / 60:.0f}"}


def ahead(at: datetime | None, *, now: datetime) -> str:
    """Say how far ahead an instant is."""
    if at is None:
        return "–"
    minutes = (at - now) // timedelta(minutes=1)
    if minutes < 1:
        return _("within a minute")
    if minutes < 120:
        return ngettext("in %(n)s minute", "in %(n)s minutes", minutes) % {"n": minutes}
    if minutes < 48 * 60:
        return _("in %(n)s hours") % {"n": minutes // 60}
    return _("in %(n)s days") % {"n": minutes // 1440}
