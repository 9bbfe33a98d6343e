"""Linked campaigns in words: what was decided, told and confirmed, and what others did there."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from babel.dates import format_datetime, format_time
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from budgets.admin.platforms.budget_words import budget_in_words
from budgets.admin.platforms.titles import platform_title
from budgets.admin.render.cells import chip_cell
from budgets.models import LinkedCampaign
from budgets.models.platforms.platform_account import Outside
from budgets.reports.platforms import LATELY
from budgets.reports.words import locale
from budgets.rules.clock import LocalClock
from budgets.rules.status import RunStatus


def link_in_words(link: LinkedCampaign, *, clock: LocalClock, now: datetime) -> dict[str, Any]:
    """Say how a linked campaign stands, by the wall clock of its brand."""
    platform = platform_title(link.account.connector)
    told = {
        "platform": platform,
        "at": when(link.wanted_at, clock, now=now),
        "confirmed_at": when(link.confirmed_at, clock, now=now),
        "sent_at": when(link.sent_at, clock, now=now),
        "n": link.attempts,
    }
    is_stop = link.wanted == RunStatus.PAUSED
    words = _("Stopped here %(at)s") if is_stop else _("Started here %(at)s")
    if link.is_confirmed:
        end = _("confirmed by %(platform)s %(confirmed_at)s")
    elif not link.wanted:
        words, end = _("Linked"), _("%(platform)s has not been asked yet")
    elif link.is_given_up:
        end = _("refused by %(platform)s")
    elif link.sent:
        end = _("sent to %(platform)s %(sent_at)s, not confirmed yet (attempt %(n)s)")
    else:
        end = _("not yet confirmed by %(platform)s")
    said = [f"{words}, {end}." % told]
    if outside := outside_in_words(link, platform, clock=clock, now=now):
        said.append(outside)
    return {
        "words": " ".join(said),
        "is_bad": link.is_given_up,
        "error": link.error,
        "budget": budget_in_words(link, clock=clock, now=now),
    }


def outside_in_words(
    link: LinkedCampaign, platform: str, *, clock: LocalClock, now: datetime
) -> str:
    """Say what somebody made of the campaign on the platform, and what became of that."""
    is_reported = link.account.outside == Outside.REPORT
    if not link.seen_at or not (is_reported or now - link.seen_at < LATELY):
        return ""
    if link.seen == RunStatus.PAUSED:
        text = (
            _("Somebody paused it on %(platform)s, seen %(at)s; it stays paused there.")
            if is_reported
            else _("Somebody paused it on %(platform)s, seen %(at)s; it was started again.")
        )
    else:
        text = (
            _("Somebody started it on %(platform)s, seen %(at)s; it runs there.")
            if is_reported
            else _("Somebody started it on %(platform)s, seen %(at)s; it was stopped again.")
        )
    return text % {"platform": platform, "at": when(link.seen_at, clock, now=now)}


def when(at: datetime | None, clock: LocalClock, *, now: datetime) -> str:
    """Return a time to the second, with its day unless that is today."""
    if at is None:
        return ""
    local = clock.local(at)
    if local.date() == clock.local(now).date():
        return str(format_time(local, "HH:mm:ss", locale=locale()))
    return str(format_datetime(local, "EEE d MMM y, HH:mm:ss", locale=locale()))


def status_of_link(link: LinkedCampaign) -> tuple[str, str]:
    """Return the look and the words of a linked campaign's state."""
    if link.is_given_up:
        return "budget", _("refused")
    if not link.is_confirmed:
        return "forecast", _("not yet confirmed")
    return ("running", _("runs")) if link.confirmed == RunStatus.RUNNING else ("hold", _("paused"))


def links_cell(links: Sequence[LinkedCampaign]) -> SafeString | str:
    """Show how a campaign's platforms stand, the worst of them; nothing where it has none."""
    worst = max(links, key=lambda link: (link.is_given_up, not link.is_confirmed), default=None)
    if worst is None:
        return "–"
    look, words = status_of_link(worst)
    return chip_cell(look, words) if not worst.is_confirmed else _("confirmed")
