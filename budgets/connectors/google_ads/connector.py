"""The connector to Google Ads: what people enter, and what may be asked at once."""

from datetime import timedelta

from budgets.connectors.base import CredentialField, Limits
from budgets.connectors.official import OfficialConnector


class GoogleAdsConnector(OfficialConnector):
    """Reads spend and statuses of one customer by GAQL, sets statuses and budgets in batches."""

    name = "google_ads"
    title = "Google Ads"
    account = "budgets.connectors.google_ads.customer.Customer"
    extra = "--google"
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
