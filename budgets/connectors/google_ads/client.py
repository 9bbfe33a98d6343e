"""The official client of Google Ads, opened once for each login, with a token that is in force."""

from collections.abc import Mapping
from datetime import timedelta
from functools import lru_cache, partial
from typing import Any

from django.conf import settings
from google.ads.googleads.client import GoogleAdsClient
from google.auth.exceptions import GoogleAuthError, RefreshError
from google.auth.transport.requests import Request
from google.oauth2.credentials import Credentials

from budgets.connectors.errors import CredentialsError, TemporaryError

API_VERSION = "v26"
CLIENTS_KEPT = 128
"""Opening one costs a handshake and a token: a stop should wait for neither."""

REQUIRED = {
    "developer_token": "the developer token",
    "client_id": "the OAuth client ID",
    "client_secret": "the OAuth client secret",
    "refresh_token": "the refresh token",
}


class OpenClient:
    """The client for one login. Its services are kept, each with the connection it speaks over."""

    def __init__(self, client: GoogleAdsClient) -> None:
        self.client = client
        self.services: dict[str, Any] = {}

    def service(self, name: str) -> Any:
        if name not in self.services:
            self.services[name] = self.client.get_service(name)
        return self.services[name]

    def new(self, name: str) -> Any:
        """Return an empty message of the API."""
        return self.client.get_type(name)


def opened(credentials: Mapping[str, str], *, timeout: timedelta) -> OpenClient:
    """Return the client for credentials; its token is in force. Raises `ConnectorError`."""
    missing = [told for name, told in REQUIRED.items() if not credentials.get(name)]
    if missing:
        raise CredentialsError(f"Enter {', '.join(missing)}.")
    there = kept(
        *(credentials[name] for name in REQUIRED),
        login_customer_id=only_digits(credentials.get("login_customer_id")),
        endpoint=settings.GOOGLE_ADS_ENDPOINT,
        token_url=settings.GOOGLE_TOKEN_URL,
    )
    if not there.client.credentials.valid:
        refresh(there.client.credentials, timeout=timeout)
    return there


@lru_cache(maxsize=CLIENTS_KEPT)
def kept(
    developer_token: str,
    client_id: str,
    client_secret: str,
    refresh_token: str,
    *,
    login_customer_id: str,
    endpoint: str,
    token_url: str,
) -> OpenClient:
    credentials = Credentials(
        None,
        refresh_token=refresh_token,
        client_id=client_id,
        client_secret=client_secret,
        token_uri=token_url,
    )
    return OpenClient(
        GoogleAdsClient(
            credentials,
            developer_token,
            endpoint=endpoint or None,
            login_customer_id=login_customer_id or None,
            version=API_VERSION,
            use_proto_plus=False,
        )
    )


def refresh(credentials: Credentials, *, timeout: timedelta) -> None:
    """Get a new access token; within a call it would look as if Google were not there."""
    try:
        credentials.refresh(partial(Request(), timeout=timeout.total_seconds()))
    except RefreshError as error:
        if error.retryable:
            raise TemporaryError("Google's sign-in did not answer as it should.") from None
        raise CredentialsError(
            "Google does not accept the refresh token: it was revoked, has expired, or belongs to "
            "another OAuth client. Make a new one and enter it."
        ) from None
    except GoogleAuthError:
        raise TemporaryError("Google's sign-in did not answer.") from None


def only_digits(text: str | None) -> str:
    """Return an ID as the API takes it: Google's pages show it with dashes."""
    return (text or "").replace("-", "").strip()
