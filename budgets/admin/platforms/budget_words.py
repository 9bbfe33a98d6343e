"""The platform's own daily budgets in words, beside ours."""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from budgets.admin.platforms.titles import platform_title
from budgets.models import LinkedCampaign, PlatformBudget
from budgets.models.platforms.platform_account import DailyBudgets, Outside
from budgets.reports.platforms import LATELY
from budgets.reports.words import local_time, money
from budgets.rules.clock import LocalClock


def budget_in_words(link: LinkedCampaign, *, clock: LocalClock, now: datetime) -> str:
    """Say which daily budget the platform has for a campaign; empty where that is none of ours."""
    platform = platform_title(link.account.connector)
    budget = getattr(link, "budget", None)
    if budget is not None:
        return " ".join(said_of(link, budget, platform, clock=clock, now=now))
    if link.account.daily_budgets == DailyBudgets.OFF:
        return ""
    text = _(
        "No daily budget was set on %(platform)s: one is set where the campaign has a budget of "
        "its own here and is one campaign there."
    )
    return text % {"platform": platform}


def said_of(
    link: LinkedCampaign, budget: PlatformBudget, platform: str, *, clock: LocalClock, now: datetime
) -> Iterator[str]:
    def amount(of: Decimal | None, otherwise: str) -> str:
        return otherwise if of is None else money(of, link.account.currency)

    told = {
        "platform": platform,
        "there": amount(budget.there, _("not known")),
        "ours": amount(link.campaign.daily_budget, _("none")),
        "seen": amount(budget.seen, ""),
        "refused": amount(budget.refused, ""),
        "at": local_time(budget.seen_at, clock) if budget.seen_at else "",
    }
    yield _("Daily budget on %(platform)s: %(there)s; here: %(ours)s.") % told
    if budget.refused is not None:
        yield _("%(platform)s refused %(refused)s:") % told + f" {budget.error}"
    elif budget.error:
        yield _("It could not be set yet:") + f" {budget.error}"
    is_kept = link.account.outside != Outside.ENFORCE
    if budget.seen_at and (is_kept or now - budget.seen_at < LATELY):
        yield (
            _("Somebody set %(seen)s there, seen %(at)s; that stays.")
            if is_kept
            else _("Somebody set %(seen)s there, seen %(at)s; ours was set again.")
        ) % told
