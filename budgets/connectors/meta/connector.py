"""The connector to Meta: what people enter, and what may be asked at once."""

from datetime import timedelta
from decimal import Decimal

from budgets.connectors.base import CredentialField, Limits
from budgets.connectors.meta.money import smallest
from budgets.connectors.official import OfficialConnector

MOST_IN_A_BATCH = 50
"""As many calls Meta takes in one request."""


class MetaConnector(OfficialConnector):
    """Reads spend by insights, sets statuses and budgets by batch requests."""

    name = "meta"
    title = "Meta"
    account = "budgets.connectors.meta.ad_account.OpenAdAccount"
    extra = "--meta"
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

    def smallest_budget(self, currency: str) -> Decimal:
        return smallest(currency)
