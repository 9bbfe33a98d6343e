"""The connector to Meta, through its official client: an extra, imported when it is used."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from budgets.connectors.base import (
    AccountFacts,
    Answer,
    BudgetOrder,
    Capability,
    Connector,
    CredentialField,
    Limits,
    ListedCampaign,
    Login,
    Order,
    ReportedDay,
)
from budgets.connectors.errors import PermanentError
from budgets.connectors.meta.money import smallest
from budgets.rules.status import RunStatus

if TYPE_CHECKING:
    from budgets.connectors.meta.ad_account import OpenAccount

MISSING = "The client of Meta is not installed: run script/bootstrap --meta, and restart."
MOST_IN_A_BATCH = 50
"""As many calls Meta takes in one request."""


class MetaConnector(Connector):
    """Reads spend by insights, sets statuses and budgets by batch requests."""

    name = "meta"
    title = "Meta"
    capabilities = (
        Capability.DAY_TOTALS
        | Capability.SET_STATUS
        | Capability.READ_STATUS
        | Capability.LIST_CAMPAIGNS
        | Capability.SET_BUDGETS
    )
    limits = Limits(
        batch_size=MOST_IN_A_BATCH,
        read_size=10_000,
        calls_a_minute=120,
        timeout=timedelta(seconds=20),
    )
    credential_fields: tuple[CredentialField, ...] = (
        CredentialField(
            name="access_token",
            label="Access token",
            help="Of a system user: Business settings → System users → Generate token.",
        ),
        CredentialField(
            name="app_secret",
            label="App secret",
            help="App dashboard → Settings → Basic, where the app asks for it with every call. "
            "Else empty.",
            is_required=False,
        ),
    )

    def describe(self, login: Login) -> AccountFacts:
        return account(login).describe()

    def read_days(
        self, login: Login, campaigns: Sequence[str], *, first: date, last: date
    ) -> Iterable[ReportedDay]:
        return account(login).days(campaigns, first=first, last=last)

    def set_status(self, login: Login, orders: Sequence[Order]) -> Sequence[Answer]:
        return account(login).set_status(orders)

    def read_status(self, login: Login, campaigns: Sequence[str]) -> Mapping[str, RunStatus]:
        return account(login).statuses(campaigns)

    def list_campaigns(self, login: Login) -> Iterable[ListedCampaign]:
        return account(login).listed()

    def set_budgets(self, login: Login, orders: Sequence[BudgetOrder]) -> Sequence[Answer]:
        return account(login).set_budgets(orders)

    def smallest_budget(self, currency: str) -> Decimal:
        return smallest(currency)


def account(login: Login) -> "OpenAccount":
    """Return the ad account that a login opens. Raises `PermanentError` without the client."""
    try:
        from budgets.connectors.meta.ad_account import OpenAccount  # noqa: PLC0415 - an extra
    except ModuleNotFoundError:
        raise PermanentError(MISSING) from None
    return OpenAccount.of(login, timeout=MetaConnector.limits.timeout)
