"""Platform accounts in words: what works, what does not since when, and what that costs."""

from collections.abc import Iterator
from datetime import timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from budgets.admin.platforms.titles import platform_title
from budgets.models import Direction, Failure
from budgets.reports.platforms import AccountState, Delays
from budgets.reports.words import local_time, money

FAILURES = {
    Failure.TEMPORARY: gettext_lazy("does not answer as it should"),
    Failure.CREDENTIALS: gettext_lazy("refuses the credentials"),
    Failure.PERMANENT: gettext_lazy("refuses"),
    Failure.LIMITED: gettext_lazy("takes no more calls for now"),
}


def state_of(state: AccountState) -> tuple[str, str]:
    """Return the look and the words of an account's state: the first that applies."""
    account, failing = state.account, state.failing
    if account.is_on and failing:
        look = "forecast" if failing.failure == Failure.LIMITED else "budget"
        return look, f"{platform_title(account.connector)} {FAILURES[Failure(failing.failure)]}"
    states = (
        (not account.is_on, "", _("off")),
        (not account.sealed_credentials, "budget", _("no credentials yet")),
        (account.silent_since, "budget", _("no spend seen")),
        (state.given_up, "budget", _("an order was refused")),
        (state.uncovered, "forecast", _("spends uncovered")),
        (state.changed_there, "forecast", _("changed there")),
        (not state.campaigns, "", _("no campaigns linked")),
        (True, "running", _("works")),
    )
    return next((look, words) for applies, look, words in states if applies)


def trouble_in_words(state: AccountState) -> str:
    """Say what is wrong with an account since when, and what that costs; empty for nothing."""
    account = state.account
    whose = _("“%(account)s” (%(brand)s)") % {"account": account.name, "brand": account.brand}
    told = {"platform": platform_title(account.connector), "whose": whose}
    return " ".join(troubles(state, told))


def troubles(state: AccountState, told: dict[str, str]) -> Iterator[str]:
    """Yield sentences about an account; `told` are the platform, and whose account it is."""
    failing, clock = state.failing, state.account.brand.clock
    if failing and failing.failing_since:
        text = _("%(platform)s %(fails)s for %(whose)s since %(since)s: %(error)s")
        yield text % {
            **told,
            "fails": FAILURES[Failure(failing.failure)],
            "since": local_time(failing.failing_since, clock),
            "error": failing.error,
        }
        yield from costs(state)
    elif state.account.silent_since:
        text = _("No spend was read from %(platform)s for %(whose)s since %(at)s.")
        yield text % {**told, "at": local_time(state.account.silent_since, clock)}
    if state.given_up:
        yield ngettext(
            "%(platform)s refused an order for %(n)s campaign of %(whose)s.",
            "%(platform)s refused orders for %(n)s campaigns of %(whose)s.",
            state.given_up,
        ) % {**told, "n": state.given_up}
    if state.uncovered:
        yield ngettext(
            "%(n)s campaign of %(whose)s spends on %(platform)s and no budget covers it: "
            "%(spent)s this month.",
            "%(n)s campaigns of %(whose)s spend on %(platform)s and no budget covers them: "
            "%(spent)s this month.",
            state.uncovered,
        ) % {
            **told,
            "n": state.uncovered,
            "spent": money(state.uncovered_spent, state.account.currency),
        }
    if state.changed_there:
        yield ngettext(
            "Somebody changed %(n)s campaign of %(whose)s on %(platform)s.",
            "Somebody changed %(n)s campaigns of %(whose)s on %(platform)s.",
            state.changed_there,
        ) % {**told, "n": state.changed_there}


def costs(state: AccountState) -> Iterator[str]:
    """Yield what is not known, and not done, while an account fails."""
    fails_to_read = state.exchanges.get(Direction.SPEND)
    if fails_to_read and fails_to_read.failing_since:
        at = state.read_at and local_time(state.read_at, state.account.brand.clock)
        seen = _("Spend since %(at)s is not seen.") if at else _("No spend was ever seen.")
        yield seen % {"at": at}
    if state.unconfirmed:
        yield ngettext(
            "%(n)s campaign does not stand there as it was decided.",
            "%(n)s campaigns do not stand there as it was decided.",
            state.unconfirmed,
        ) % {"n": state.unconfirmed}


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
