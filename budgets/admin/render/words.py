"""Figures in words: a share, a pace, and what a change was decided on."""

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from budgets.models import Brand, Change
from budgets.reports.pace import Pace
from budgets.reports.words import money, reasons_in_words
from budgets.rules.reasons import PauseReason

PACE_WORDS = {
    "on": gettext_lazy("on plan"),
    "ahead": gettext_lazy("ahead of plan"),
    "behind": gettext_lazy("behind plan"),
}


def percent(share: Decimal) -> str:
    """Return a share in whole percent, cut: 99.9 % is not yet 100 %."""
    whole = int(share * 100)
    if whole == 100 and share > 1:
        return _("over 100 %")
    return _("%(whole)s %%") % {"whole": f"{whole:,}"}


def pace_in_words(pace: Pace, brand: Brand) -> dict[str, Any]:
    """Return pacing, projection and recommendation as the templates show them."""
    return {
        "pace": pace.verdict,
        "pace_words": PACE_WORDS.get(pace.verdict, ""),
        "pacing": None if pace.pacing is None else percent(pace.pacing),
        "projected": estimate(pace.projected, brand),
        "recommended": "" if pace.recommended is None else estimate(pace.recommended, brand),
    }


def estimate(amount: Decimal, brand: Brand) -> str:
    """Show an estimate, rounded to what the currency is written with."""
    return money(round(amount, brand.currency_decimals), brand.currency)


def status_in_words(reasons: PauseReason) -> str:
    """Return the reasons as one text; none means running."""
    return ", ".join(reasons_in_words(reasons)) or _("Running")


def figures_in_words(change: Change) -> list[str]:
    """Return the spend and budgets the change was decided on, where there was a budget."""
    currency = change.campaign.brand.currency
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
