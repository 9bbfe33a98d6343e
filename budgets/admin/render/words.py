"""Figures in words: a share, a pace, and what a change was decided on."""

from decimal import ROUND_DOWN, ROUND_HALF_EVEN, Decimal
from typing import Any

from django.utils.translation import gettext as _

from budgets.cells.currencies import decimals_of
from budgets.models import Change
from budgets.reports.pace import Pace
from budgets.reports.words import money
from budgets.rules.money import EXACT


def percent(share: Decimal) -> str:
    """Return a share in whole percent, cut: 99.9 % is not yet 100 %."""
    whole = int(share * 100)
    if whole == 100 and share > 1:
        return _("over 100 %")
    return _("%(whole)s %%") % {"whole": f"{whole:,}"}


def share_in_percent(share: Decimal) -> str:
    """Return a part of a whole in percent, rounded: the parts of a whole add up to about 100."""
    if 0 < share < Decimal("0.01"):
        return _("under 1 %")
    return _("%(whole)s %%") % {"whole": f"{round(share * 100):,}"}


def pace_in_words(pace: Pace, currency: str) -> dict[str, Any]:
    """Return pacing, projection and recommendation as the templates show them."""
    look, words = pacing_in_words(pace)
    share = pace.recommended
    return {
        "pace": look,
        "pacing": words,
        "projected": estimate(pace.projected, currency),
        "recommended": "" if share is None else estimate(share, currency, ROUND_DOWN),
    }


def pacing_in_words(pace: Pace) -> tuple[str, str]:
    """Return the look and the words for how far off its plan a month is; empty without a plan."""
    if pace.starts_today:
        return "new", _("plan starts today")
    off = pace.off_plan
    if off is None:
        return "", ""
    told = {"percent": f"{round(abs(off) * 100):,}"}
    if off == 0:
        return "on", _("on plan")
    if off > 0:
        return "ahead", _("%(percent)s %% ahead of plan") % told
    return "behind", _("%(percent)s %% behind plan") % told


def estimate(amount: Decimal, currency: str, rounding: str = ROUND_HALF_EVEN) -> str:
    """Show an estimate, rounded to what the currency is written with."""
    smallest = Decimal(1).scaleb(-decimals_of(currency))
    return money(amount.quantize(smallest, rounding, context=EXACT), currency)


def figures_in_words(change: Change) -> list[str]:
    """Return the spend and budgets the change was decided on, where there was a budget."""
    currency = change.brand.currency
    pairs = (
        (_("Today"), change.day_spent, change.daily_budget),
        (_("Month"), change.month_spent, change.monthly_budget),
        (_("Brand today"), change.brand_day_spent, change.brand_daily_budget),
        (_("Brand month"), change.brand_month_spent, change.brand_monthly_budget),
    )
    return [
        _("%(period)s: %(spent)s of %(budget)s")
        % {"period": period, "spent": money(spent, currency), "budget": money(budget, currency)}
        for period, spent, budget in pairs
        if budget is not None and spent is not None
    ]
