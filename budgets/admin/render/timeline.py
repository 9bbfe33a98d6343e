"""The timeline strip: seven days of running and paused, as coloured stretches and as a table."""

from datetime import datetime
from typing import Any

from babel.dates import format_date
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy

from budgets.admin.render.cells import REASON_LOOKS
from budgets.models import Campaign
from budgets.reports.timeline import Stretch, TimelineDay, timeline
from budgets.reports.words import locale, status_in_words
from budgets.rules.clock import LocalClock
from budgets.rules.reasons import PauseReason

RUNNING = "running"

LOOKS_IN_WORDS = {
    RUNNING: gettext_lazy("Running"),
    "hold": gettext_lazy("On hold"),
    "flight": gettext_lazy("Outside its flight"),
    "hours": gettext_lazy("Outside its hours"),
    "budget": gettext_lazy("Budget reached"),
    "brand-budget": gettext_lazy("Brand's budget reached"),
    "forecast": gettext_lazy("About to reach a budget"),
}


def strip(campaign: Campaign, *, now: datetime) -> SafeString:
    """Draw when the campaign ran and why it did not."""
    clock = campaign.brand.clock
    days = [day_in_parts(day, clock) for day in timeline(campaign, now=now)]
    seen = {part["look"] for day in days for part in day["parts"]}
    legend = [(look, words) for look, words in LOOKS_IN_WORDS.items() if look in seen]
    context = {"days": days, "legend": legend, "zone": clock.zone.key}
    return render_to_string("budgets/charts/timeline.html", context)


def day_in_parts(day: TimelineDay, clock: LocalClock) -> dict[str, Any]:
    return {
        "name": format_date(day.day, "EEE d MMM", locale=locale()),
        "parts": [part_of(day, stretch, clock) for stretch in day.stretches],
    }


def part_of(day: TimelineDay, stretch: Stretch, clock: LocalClock) -> dict[str, str]:
    start, end = day.place(stretch.start), day.place(stretch.end)
    status = status_in_words(stretch.reasons)
    since = f"{clock.local(stretch.start):%H:%M}"
    until = "24:00" if stretch.end == day.end else f"{clock.local(stretch.end):%H:%M}"
    return {
        "left": f"{start * 100:.2f}",
        "width": f"{(end - start) * 100:.2f}",
        "look": look_of(stretch.reasons),
        "words": f"{since}–{until}: {status}",
        "from": since,
        "to": until,
        "status": status,
    }


def look_of(reasons: PauseReason) -> str:
    """Return the look of a stretch: that of its first reason, which only goes last."""
    return next((REASON_LOOKS[reason] for reason in reasons), RUNNING)
