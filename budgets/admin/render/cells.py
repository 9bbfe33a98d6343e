"""Cells: how a status, a sum of money and a time look wherever the admin shows them."""

from datetime import datetime
from decimal import Decimal

from babel.dates import format_datetime
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from budgets.admin.render.words import pace_in_words, percent
from budgets.models import Brand, Campaign
from budgets.reports.figures import BrandFigures, PeriodFigures
from budgets.reports.pace import Pace
from budgets.reports.words import REASON_WORDS, locale, money
from budgets.rules.clock import LocalClock
from budgets.rules.reasons import PauseReason

NEARLY = Decimal("0.9")

# A reason has one look everywhere: badge, filter and timeline.
REASON_LOOKS = {
    PauseReason.HELD: "hold",
    PauseReason.BRAND_HELD: "hold",
    PauseReason.OUTSIDE_FLIGHT: "flight",
    PauseReason.OUTSIDE_SCHEDULE: "hours",
    PauseReason.DAILY_BUDGET: "budget",
    PauseReason.MONTHLY_BUDGET: "budget",
    PauseReason.BRAND_DAILY_BUDGET: "brand-budget",
    PauseReason.BRAND_MONTHLY_BUDGET: "brand-budget",
    PauseReason.FORECAST: "forecast",
    PauseReason.FEED_SILENT: "forecast",
}


def name_cell(name: str, under: object) -> SafeString:
    """Show a name, in its own reading direction, over what it belongs to."""
    return format_html(
        '<span><span class="abm-name" dir="auto">{}</span>'
        '<span class="abm-soft" dir="auto">{}</span></span>',
        name,
        under,
    )


def chip_cell(look: str, words: object) -> SafeString:
    """Show a state in its colour."""
    return format_html('<span class="abm-chip abm-chip-{}">{}</span>', look or "plain", words)


def status_cell(campaign: Campaign) -> SafeString:
    return reasons_cell(campaign.pause_reasons)


def reasons_cell(reasons: PauseReason) -> SafeString:
    """Show a set of reasons; none means running."""
    chips = [{"words": REASON_WORDS[reason], "look": REASON_LOOKS[reason]} for reason in reasons]
    return render_to_string("budgets/cells/status.html", {"chips": chips})


def campaigns_cell(brand: Brand, figures: BrandFigures) -> SafeString:
    """Show how many of a brand's campaigns run and are paused: both add up to all of them."""
    counts = {"running": figures.running, "paused": figures.paused}
    return render_to_string("budgets/cells/campaigns.html", counts | {"is_held": brand.is_held})


def percent_cell(period: PeriodFigures) -> SafeString:
    """Show the share of the budget that is spent, in the colour of its bar."""
    used = period.utilisation
    return format_html(
        '<span class="abm-bar-{} abm-bar-percent">{}</span>',
        look(period),
        "–" if used is None else percent(used),
    )


def bar_cell(period: PeriodFigures, *, with_percent: bool = True) -> SafeString:
    """Show spend of budget as numbers over a bar."""
    used = period.utilisation
    context = {
        "spent": money(period.spent, period.currency),
        "budget": None if period.budget is None else money(period.budget, period.currency),
        "carried": carried_in_words(period),
        "percent": percent(used) if with_percent and used is not None else None,
        "look": look(period),
        "width": width(period),
        "limit_at": f"{100 / used:.1f}" if used is not None and used > 1 else None,
    }
    return render_to_string("budgets/cells/bar.html", context)


def carried_in_words(period: PeriodFigures) -> str:
    """Say what of the budget the month before handed to it; empty where it was nothing."""
    if not period.carried:
        return ""
    amount = {"amount": money(abs(period.carried), period.currency)}
    if period.carried > 0:
        return _("with %(amount)s carried over") % amount
    return _("less %(amount)s overspent before") % amount


def look(period: PeriodFigures) -> str:
    """Return the state of the bar: no budget, room left, nearly there, reached or over."""
    if period.budget is None:
        return "open"
    if period.is_over:
        return "over"
    if period.is_reached:
        return "reached"
    used = period.utilisation
    return "near" if used is not None and used >= NEARLY else "room"


def width(period: PeriodFigures) -> str:
    """Return how much of the bar is filled, in percent; a credit fills nothing."""
    if period.budget == 0:
        return "100"
    used = period.utilisation or Decimal(0)
    return f"{100 * min(max(used, Decimal(0)), Decimal(1)):.1f}"


def plan_cell(pace: Pace, currency: str, *, is_wide: bool = False) -> SafeString:
    """Show how far off its plan a month is, where it ends up, and what a day may still spend."""
    context = pace_in_words(pace, currency) | {"is_wide": is_wide}
    return render_to_string("budgets/cells/plan.html", context)


def plan_in_brief(pace: Pace, currency: str) -> SafeString:
    """Show how far off its plan a month is and where it ends up, as a list has room for."""
    return render_to_string("budgets/cells/plan_brief.html", pace_in_words(pace, currency))


def clock_cell(clock: LocalClock, *, now: datetime) -> SafeString:
    """Show the time on a brand's wall clock, with its zone."""
    return format_html(
        '<span class="abm-clock"><b>{}</b> <span class="abm-soft">{}</span></span>',
        format_datetime(clock.local(now), "EEE HH:mm", locale=locale()),
        clock.zone.key,
    )
