"""Look: see what people did on the platform itself, and respect, report or reverse it.

A pause there is a person's: it becomes a hold, or is said, or is undone where the account says so,
and is never undone unseen. A start against a reason to pause is stopped again, and said.
"""

from collections.abc import Iterable
from datetime import datetime

from budgets.connectors.base import Capability
from budgets.models import LinkedCampaign
from budgets.models.platforms.linked_campaign import LinkedCampaignQuerySet
from budgets.models.platforms.platform_account import Outside
from budgets.operations.database import id_rows
from budgets.operations.holds import hold
from budgets.operations.platforms import links
from budgets.operations.platforms.calling import Line
from budgets.operations.reconcile.undecided import CannotDecide
from budgets.operations.reconcile.wanted import announce
from budgets.rules.status import RunStatus

UNKNOWN = "The platform does not know this campaign; is its ID right?"
REMOVED = "The campaign was removed on the platform."


def look(line: Line) -> None:
    """Compare every settled campaign of the account with what the platform says of it."""
    if Capability.READ_STATUS not in line.connector.capabilities:
        return
    keys = list(settled(line).values_list("external_id", flat=True))
    size = line.connector.limits.read_size
    for start in range(0, len(keys), size):
        compare(line, keys[start : start + size])


def settled(line: Line) -> LinkedCampaignQuerySet:
    """Return the campaigns that stood there as it was wanted when they were last heard of."""
    return LinkedCampaign.objects.filter(account=line.account).settled()


def compare(line: Line, keys: list[str]) -> None:
    asked_at = line.clock()
    with line.calling():
        stands = line.connector.read_status(line.login, keys)
    # Whatever was sent or confirmed meanwhile may be newer than the answer.
    rows = settled(line).filter(external_id__in=keys, confirmed_at__lte=asked_at)
    for link in rows.select_related("campaign__brand"):
        found = stands.get(link.external_id)
        if found is None or found is RunStatus.REMOVED:
            gone(link, is_removed=found is not None)
        elif found != link.confirmed or link.seen:
            differs(line, link, found, now=asked_at)


def gone(link: LinkedCampaign, *, is_removed: bool) -> None:
    """Say that a campaign is not there any more; one that must not run has what it needs."""
    if not link.is_given_up and link.wanted == RunStatus.RUNNING:
        links.give_up(link.pk, REMOVED if is_removed else UNKNOWN)


def differs(line: Line, link: LinkedCampaign, found: RunStatus, *, now: datetime) -> None:
    """Note what somebody made of a campaign, and do what the account says."""
    rows = LinkedCampaign.objects.filter(pk=link.pk, confirmed=link.confirmed, sent="")
    is_reported = line.account.outside == Outside.REPORT
    if is_reported and link.seen and found != link.seen:  # they took it back
        rows.update(**links.NOBODY_ELSE)
        link.seen = ""
    if found == link.confirmed or (is_reported and found == link.seen):
        return
    if found == link.wanted:
        rows.update(confirmed=found, confirmed_at=now)
        return
    if not rows.update(seen=found, seen_at=now) or is_reported:
        return
    if found is RunStatus.PAUSED and line.account.outside == Outside.RESPECT:
        hold_as_there(line, link, now=now)
    else:
        rows.update(confirmed=found)  # so that what is wanted is sent again
        announce([line.account.pk])


def hold_as_there(line: Line, link: LinkedCampaign, *, now: datetime, when: str = "") -> None:
    """Hold a campaign that a person paused on the platform, until a person lifts the hold."""
    note = f"Paused on {line.connector.title}{when}."
    try:
        hold(link.campaign, by=None, now=now, note=note, clock=line.clock)
    except CannotDecide as error:
        links.give_up(link.pk, error)
        return
    rows = LinkedCampaign.objects.filter(pk=link.pk, sent="")
    # The change tells who paused it; nothing else is left to say.
    rows.update(confirmed=RunStatus.PAUSED, confirmed_at=now, **links.NOBODY_ELSE)


def look_at_new(line: Line, rows: Iterable[LinkedCampaign]) -> None:
    """See how campaigns stand that were just linked and may run: a pause there is a person's."""
    new = {link.external_id: link for link in rows}
    keys, size = list(new), line.connector.limits.read_size
    for start in range(0, len(keys), size):
        chosen = keys[start : start + size]
        with line.calling():
            stands = line.connector.read_status(line.login, chosen)
        now = line.clock()
        running = [new[key].pk for key in chosen if stands.get(key) is RunStatus.RUNNING]
        LinkedCampaign.objects.filter(pk__in=id_rows(running), sent="").update(
            confirmed=RunStatus.RUNNING, confirmed_at=now
        )
        for key in chosen:
            if stands.get(key) is RunStatus.PAUSED:
                found_paused(line, new[key], now=now)


def found_paused(line: Line, link: LinkedCampaign, *, now: datetime) -> None:
    rows = LinkedCampaign.objects.filter(pk=link.pk, confirmed_at=None, sent="")
    rows.update(seen=RunStatus.PAUSED, seen_at=now)
    if line.account.outside == Outside.RESPECT:
        hold_as_there(line, link, now=now, when=" when it was linked")
    elif line.account.outside == Outside.ENFORCE:
        rows.update(confirmed=RunStatus.PAUSED, confirmed_at=now)
