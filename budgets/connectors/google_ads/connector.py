"""The connector to Google Ads, through its official client: an extra, imported when it is used."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
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
from budgets.rules.status import RunStatus

if TYPE_CHECKING:
    from budgets.connectors.google_ads.customer import Customer

MISSING = "The client of Google Ads is not installed: run script/bootstrap --google, and restart."


class GoogleAdsConnector(Connector):
    """Reads spend and statuses of one customer by GAQL, sets statuses and budgets in batches."""

    name = "google_ads"
    title = "Google Ads"
    capabilities = (
        Capability.DAY_TOTALS
        | Capability.SET_STATUS
        | Capability.READ_STATUS
        | Capability.LIST_CAMPAIGNS
        | Capability.SET_BUDGETS
    )
    limits = Limits(
        batch_size=1_000, read_size=10_000, calls_a_minute=60, timeout=timedelta(seconds=20)
    )
    credential_fields: tuple[CredentialField, ...] = (
        CredentialField(
            name="developer_token",
            label="Developer token",
            help="In the manager account: Admin → API Center.",
        ),
        CredentialField(
            name="client_id",
            label="OAuth client ID",
            help="Google Cloud console: APIs and services → Credentials.",
            is_secret=False,
        ),
        CredentialField(
            name="client_secret", label="OAuth client secret", help="Beside the client ID."
        ),
        CredentialField(
            name="refresh_token",
            label="Refresh token",
            help="Of a person who may edit the account; made once with that client.",
        ),
        CredentialField(
            name="login_customer_id",
            label="ID of the manager account",
            help="Where that person's access comes through a manager account (MCC). Else empty.",
            is_secret=False,
            is_required=False,
        ),
    )

    def describe(self, login: Login) -> AccountFacts:
        return customer(login).describe()

    def read_days(
        self, login: Login, campaigns: Sequence[str], *, first: date, last: date
    ) -> Iterable[ReportedDay]:
        return customer(login).days(campaigns, first=first, last=last)

    def set_status(self, login: Login, orders: Sequence[Order]) -> Sequence[Answer]:
        return customer(login).set_status(orders)

    def read_status(self, login: Login, campaigns: Sequence[str]) -> Mapping[str, RunStatus]:
        return customer(login).statuses(campaigns)

    def list_campaigns(self, login: Login) -> Iterable[ListedCampaign]:
        return customer(login).listed()

    def set_budgets(self, login: Login, orders: Sequence[BudgetOrder]) -> Sequence[Answer]:
        return customer(login).set_budgets(orders)


def customer(login: Login) -> "Customer":
    """Return the customer that a login opens. Raises `PermanentError` without the client."""
    try:
        from budgets.connectors.google_ads.customer import Customer  # noqa: PLC0415 - an extra
    except ModuleNotFoundError:
        raise PermanentError(MISSING) from None
    return Customer.of(login, timeout=GoogleAdsConnector.limits.timeout)
