"""Explain: why is a campaign paused, since when, on which figures, and when does it run again?"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from budgets.models import Campaign
from budgets.models.facts import facts_of, silent_accounts_of
from budgets.models.hours.opening import exception_on
from budgets.reports.words import REASON_WORDS, day_in_words, local_time, money
from budgets.rules.clock import LocalClock
from budgets.rules.decision import Facts, Figures, decide
from budgets.rules.exceptions import format_quarters
from budgets.rules.money import to_units
from budgets.rules.outlook import clears_at, figures_of, resumes_at
from budgets.rules.reasons import PauseReason

CHANGES_LOOKED_BACK = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class ReasonExplained:
    """One reason: since when, on which figures, and when it goes by itself (`None`: never)."""

    reason: PauseReason
    since: datetime
    detail: str
    clears_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """Where a campaign stands at an instant.

    `resumes_at` is the next instant at which it runs if nothing more is spent or edited: the
    instant asked about when it runs now, `None` if only a person can bring it back.
    """

    status: str
    reasons: list[ReasonExplained]
    resumes_at: datetime | None
    sentence: str


def explain(campaign: Campaign, *, now: datetime) -> Explanation:
    """Explain the campaign's status at the instant, as the rules decide it then."""
    clock = campaign.brand.clock
    facts = facts_of(campaign, now=now)
    reasons = decide(facts, today=clock.day(now), slot=clock.slot(now))
    since = beginnings(campaign, reasons, now=now)
    explained = [
        ReasonExplained(
            reason=reason,
            since=since[reason],
            detail=detail(reason, facts, campaign, now=now),
            clears_at=clears_at(reason, facts, at=now, clock=clock),
        )
        for reason in reasons
    ]
    runs_again = resumes_at(facts, at=now, clock=clock)
    return Explanation(
        status="paused" if reasons else "running",
        reasons=explained,
        resumes_at=runs_again,
        sentence=sentence(explained, paused_since(campaign, now=now), runs_again, clock),
    )


def beginnings(
    campaign: Campaign, reasons: PauseReason, *, now: datetime
) -> dict[PauseReason, datetime]:
    """Return since when each reason holds without a break; `now` for one not yet written down."""
    since = dict.fromkeys(reasons, now)
    unsettled = reasons
    changes = campaign.changes.filter(at__lte=now).order_by("-id")
    for change in changes.only("campaign", "at", "before", "after")[:CHANGES_LOOKED_BACK]:
        unsettled &= change.reasons_after
        for reason in unsettled:
            since[reason] = change.at
        unsettled &= change.reasons_before
        if not unsettled:
            break
    return since


def detail(reason: PauseReason, facts: Facts, campaign: Campaign, *, now: datetime) -> str:
    """Say what the reason rests on, with the figures or dates that decided it."""
    figures = figures_of(reason, facts)
    if figures is not None and figures.limit_micros is not None:
        return figures_detail(reason, figures, campaign.brand.currency)
    if reason == PauseReason.OUTSIDE_FLIGHT:
        return flight_detail(facts, campaign.brand.clock.day(now))
    if reason == PauseReason.OUTSIDE_SCHEDULE:
        return hours_detail(campaign, campaign.brand.clock.day(now))
    if reason == PauseReason.FEED_SILENT:
        return silence_detail(campaign)
    return hold_detail(reason, campaign)


def figures_detail(reason: PauseReason, figures: Figures, currency: str) -> str:
    """Say what was spent of what, and what of that was carried over."""
    told = {
        "reason": REASON_WORDS[reason],
        "spent": money(to_units(figures.spent_micros), currency),
        "budget": money(to_units(figures.limit_micros or 0), currency),
        "carried": money(to_units(abs(figures.carried_micros)), currency),
    }
    if not figures.budget_micros or not figures.carried_micros:
        return _("%(reason)s: %(spent)s of %(budget)s spent.") % told
    if figures.carried_micros > 0:
        text = _("%(reason)s: %(spent)s of %(budget)s spent, %(carried)s of that carried over.")
    else:
        text = _("%(reason)s: %(spent)s of %(budget)s spent, after %(carried)s overspent before.")
    return text % told


def flight_detail(facts: Facts, today: date) -> str:
    """Say which end of the flight the day lies beyond."""
    if facts.starts_on and today < facts.starts_on:
        return _("The flight starts on %(day)s.") % {"day": day_in_words(facts.starts_on)}
    ended: Any = facts.ends_on  # which the day lies beyond
    return _("The flight ended on %(day)s.") % {"day": day_in_words(ended)}


def hours_detail(campaign: Campaign, today: date) -> str:
    """Say which hours it is outside of: those of the date, if it has its own, or of the week."""
    excepted = exception_on(campaign, today)
    if excepted is None:
        return _("Schedule “%(name)s” is closed now: %(hours)s.") % {
            "name": campaign.schedule.name if campaign.schedule else "",
            "hours": campaign.schedule.hours if campaign.schedule else "",
        }
    told = {
        "of": campaign.schedule.name if excepted.schedule_id and campaign.schedule else "",
        "day": day_in_words(excepted.day),
        "name": f" ({excepted.name})" if excepted.name else "",
        "hours": format_quarters(bytes(excepted.quarters)),
    }
    if excepted.schedule_id:
        return _("Schedule “%(of)s” has other hours on %(day)s%(name)s: %(hours)s.") % told
    return _("The brand has other hours on %(day)s%(name)s: %(hours)s.") % told


def silence_detail(campaign: Campaign) -> str:
    """Say whose spend was not seen since when."""
    brand, account = campaign.brand, silent_accounts_of(campaign).first()
    since = account.silent_since if account else None
    if account is None or since is None:
        return f"{REASON_WORDS[PauseReason.FEED_SILENT]}."
    text = _("Spend from “%(account)s” was last read %(at)s, more than %(n)s minutes ago.")
    told = {"account": account.name, "at": local_time(since, brand.clock)}
    return text % {**told, "n": f"{brand.silent_after_minutes:,}"}


def hold_detail(reason: PauseReason, campaign: Campaign) -> str:
    """Say who holds it and why, as far as the history knows."""
    held = campaign.changes_here.select_related("by").order_by("-id")
    for change in held[:CHANGES_LOOKED_BACK]:
        if reason in change.reasons_after and reason not in change.reasons_before:
            who = change.by.get_username() if change.by else _("a person")
            told = {"reason": REASON_WORDS[reason], "who": who, "note": change.note}
            if change.note:
                return _("%(reason)s by %(who)s: “%(note)s”.") % told
            return _("%(reason)s by %(who)s.") % told
    return f"{REASON_WORDS[reason]}."


def paused_since(campaign: Campaign, *, now: datetime) -> datetime:
    """Return when it last stopped running, whichever reasons came and went since."""
    stops = campaign.changes.filter(at__lte=now, before=0).order_by("-id")
    return stops.values_list("at", flat=True).first() or now


def sentence(
    reasons: list[ReasonExplained],
    since: datetime,
    runs_again: datetime | None,
    clock: LocalClock,
) -> str:
    """Return the whole answer as an account manager would want to read it."""
    if not reasons:
        return _("Running: no reason to pause.")
    parts = [_("Paused since %(at)s.") % {"at": local_time(since, clock)}]
    parts += [reason.detail for reason in reasons]
    lasting = {each.reason for each in reasons if each.clears_at is None}
    if lasting == {PauseReason.FEED_SILENT}:
        parts.append(_("It may run again once its spend is read."))
    elif runs_again is None:
        parts.append(_("It stays paused until a person changes something."))
    else:
        again = {"at": local_time(runs_again, clock)}
        parts.append(_("Runs again %(at)s if nothing changes.") % again)
    return " ".join(parts)
