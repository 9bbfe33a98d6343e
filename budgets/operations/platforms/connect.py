"""Connecting an account: enter its credentials, test what they open, seal them anew."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from budgets.connectors.base import AccountFacts, Capability, Connector
from budgets.connectors.errors import ConnectorError
from budgets.connectors.registry import connector_named
from budgets.models import AccountExchange, LinkedCampaign, PlatformAccount
from budgets.models.platforms.sealing import CannotOpen, seal_anew
from budgets.operations.platforms.calling import login_of
from budgets.operations.reconcile.wanted import announce

MISSING_NAMED = 3


def enter_credentials(account: PlatformAccount, given: Mapping[str, str]) -> None:
    """Seal and keep the credentials, and have whatever waited for them tried at once."""
    with transaction.atomic():
        account.credentials = given
        account.save(update_fields=["sealed_credentials"])
        try_at_once(account)


def try_at_once(account: PlatformAccount) -> None:
    """Leave the account alone no longer: somebody says that it works again."""
    with transaction.atomic():
        AccountExchange.objects.filter(account=account).update(retry_at=None)
        announce([account.pk])


def connection_problems(account: PlatformAccount) -> list[str]:
    """Ask the platform, and return what is missing before the account can do its work.

    Sentences for the person who connects it; none where all is well. Makes calls to the platform.
    """
    try:
        connector = connector_named(account.connector)
        credentials = account.credentials
        missing = [
            field.label
            for field in connector.credential_fields
            if field.is_required and not credentials.get(field.name)
        ]
        if missing:
            return [_("Enter: %(missing)s.") % {"missing": ", ".join(missing)}]
        return problems_there(account, connector)
    except (ConnectorError, CannotOpen, LookupError) as error:
        return [str(error)]


def problems_there(account: PlatformAccount, connector: Connector) -> list[str]:
    login = login_of(account)
    problems = differences(account, connector.describe(login))
    links = dict(
        LinkedCampaign.objects.filter(account=account).values_list("external_id", "campaign__name")
    )
    if links and Capability.READ_STATUS in connector.capabilities:
        keys = list(links)
        size = connector.limits.read_size
        stands = {
            key
            for start in range(0, len(keys), size)
            for key in connector.read_status(login, keys[start : start + size])
        }
        problems += unknown_there([f"{links[key]} ({key})" for key in keys if key not in stands])
    return problems


def differences(account: PlatformAccount, there: AccountFacts) -> list[str]:
    """Return where the account is not what it was taken for: spend would be booked wrongly."""
    found = []
    if there.currency != account.currency:
        text = _("The account is in %(there)s, here it is in %(here)s. Correct the currency.")
        found.append(text % {"there": there.currency, "here": account.currency})
    if there.timezone != account.timezone:
        text = _("The account reports by %(there)s, here it says %(here)s. Correct the zone.")
        found.append(text % {"there": there.timezone, "here": account.timezone})
    return found


def unknown_there(names: list[str]) -> list[str]:
    if not names:
        return []
    text = ngettext(
        "The platform does not know %(n)s linked campaign: %(names)s.",
        "The platform does not know %(n)s linked campaigns: %(names)s.",
        len(names),
    )
    named = ", ".join(names[:MISSING_NAMED]) + ("…" if len(names) > MISSING_NAMED else "")
    return [text % {"n": len(names), "names": named}]


@dataclass(frozen=True, slots=True, kw_only=True)
class Resealed:
    """How many accounts' credentials were sealed anew, and those of which accounts could not be."""

    accounts: int
    lost: list[str]


def seal_all_anew(*, dry_run: bool = False) -> Resealed:
    """Seal all credentials with the first of our keys, so that the others can be retired."""
    accounts, lost = 0, []
    for account in PlatformAccount.objects.exclude(sealed_credentials="").order_by("pk"):
        try:
            sealed = seal_anew(account.sealed_credentials)
        except CannotOpen:
            lost.append(f"{account} ({account.external_id})")
            continue
        accounts += 1
        if not dry_run:
            # Credentials that were entered meanwhile are sealed with the first key already.
            stale = PlatformAccount.objects.filter(
                pk=account.pk, sealed_credentials=account.sealed_credentials
            )
            stale.update(sealed_credentials=sealed)
    return Resealed(accounts=accounts, lost=lost)
