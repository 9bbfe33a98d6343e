"""Platform accounts and linked campaigns in words: what works, what was told and confirmed."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from babel.dates import format_datetime, format_time
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from budgets.admin.render.cells import chip_cell
from budgets.connectors.registry import CONNECTORS, connector_named
from budgets.models import Direction, Failure, LinkedCampaign, PlatformAccount
from budgets.reports.platforms import AccountState, Delays
from budgets.reports.words import local_time, locale
from budgets.rules.clock import LocalClock
from budgets.rules.status import RunStatus

FAILURES = {
    Failure.TEMPORARY: gettext_lazy("does not answer as it should"),
    Failure.CREDENTIALS: gettext_lazy("refuses the credentials"),
    Failure.PERMANENT: gettext_lazy("refuses"),
    Failure.LIMITED: gettext_lazy("takes no more calls for now"),
}


def platform_title(name: str) -> str:
    """Return what people call a platform; its name where we have no connector for it any more."""
    return connector_named(name).title if name in CONNECTORS else name


def platform_choices() -> list[tuple[str, str]]:
    return sorted((name, platform_title(name)) for name in CONNECTORS)


def state_of(state: AccountState) -> tuple[str, str]:
    """Return the look and the words of an account's state."""
    failing = state.failing
    if not state.account.is_on:
        return "", _("off")
    if failing:
        look = "forecast" if failing.failure == Failure.LIMITED else "budget"
        return (
            look,
            f"{platform_title(state.account.connector)} {FAILURES[Failure(failing.failure)]}",
        )
    if not state.account.sealed_credentials:
        return "budget", _("no credentials yet")
    if not state.campaigns:
        return "", _("no campaigns linked")
    if state.given_up:
        return "budget", _("an order was refused")
    return "running", _("works")


def trouble_in_words(state: AccountState) -> str:
    """Say what is wrong with an account since when, and what that costs."""
    account, failing = state.account, state.failing
    name = {"account": account.name, "brand": account.brand}
    platform = platform_title(account.connector)
    if failing is None or failing.failing_since is None:
        text = ngettext(
            "%(platform)s refused an order for %(n)s campaign of “%(account)s” (%(brand)s).",
            "%(platform)s refused orders for %(n)s campaigns of “%(account)s” (%(brand)s).",
            state.given_up,
        )
        return text % {"platform": platform, "n": state.given_up, **name}
    text = _("%(platform)s %(fails)s for “%(account)s” (%(brand)s) since %(since)s: %(error)s")
    told = {
        "platform": platform,
        "fails": FAILURES[Failure(failing.failure)],
        "since": local_time(failing.failing_since, account.brand.clock),
        "error": failing.error,
        **name,
    }
    return f"{text % told} {cost_in_words(state)}".strip()


def cost_in_words(state: AccountState) -> str:
    """Say what is not known, and not done, while an account fails."""
    clock, told = state.account.brand.clock, []
    fails_to_read = state.exchanges.get(Direction.SPEND)
    if fails_to_read and fails_to_read.failing_since:
        read_at = state.read_at
        told.append(
            _("Spend since %(at)s is not seen.") % {"at": local_time(read_at, clock)}
            if read_at
            else _("No spend was ever seen.")
        )
    if state.unconfirmed:
        text = ngettext(
            "%(n)s campaign does not stand there as it was decided.",
            "%(n)s campaigns do not stand there as it was decided.",
            state.unconfirmed,
        )
        told.append(text % {"n": state.unconfirmed})
    return " ".join(told)


def delays_in_words(found: Delays | None) -> str:
    if found is None:
        return _("No change was confirmed in the last 24 hours.")
    text = ngettext(
        "%(n)s change confirmed in the last 24 hours: %(median)s after the decision (median), "
        "99 %% within %(most)s.",
        "%(n)s changes confirmed in the last 24 hours: %(median)s after the decision (median), "
        "99 %% within %(most)s.",
        found.changes,
    )
    told = {"median": in_seconds(found.median), "most": in_seconds(found.most)}
    return text % {"n": f"{found.changes:,}", **told}


def in_seconds(length: timedelta) -> str:
    seconds = length.total_seconds()
    if seconds < 120:
        return _("%(n)s s") % {"n": f"{seconds:.1f}"}
    return _("%(n)s min") % {"n": f"{seconds / 60:,.0f}"}


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
    return {
        "words": f"{words}, {end}." % told,
        "is_bad": link.is_given_up,
        "is_waiting": not link.is_confirmed,
        "error": link.error,
        "account": link.account,
        "external_id": link.external_id,
        "link": link,
    }


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


def account_title(account: PlatformAccount) -> str:
    return f"{platform_title(account.connector)} · {account.external_id}"
