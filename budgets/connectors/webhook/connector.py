"""The connector to a webhook: signed requests after Standard Webhooks, answers that confirm.

Specification: https://www.standardwebhooks.com
"""

from binascii import Error as NoBase64
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlencode
from uuid import uuid4

from django.conf import settings
from standardwebhooks import Webhook
from standardwebhooks.webhooks import EmptyWebhookSecretError

from budgets.connectors.base import (
    AccountFacts,
    Answer,
    Capability,
    Connector,
    CredentialField,
    Limits,
    Login,
    Order,
    ReportedDay,
)
from budgets.connectors.errors import CredentialsError
from budgets.connectors.webhook import messages
from budgets.connectors.webhook.network import Response, request

MOST_BYTES = 1_000_000
MOST_BYTES_OF_TOTALS = 50_000_000
TOTALS_WITHIN = timedelta(seconds=60)


class WebhookConnector(Connector):
    """Wanted statuses are posted to one address, totals are fetched from another."""

    name = "webhook"
    title = "Webhook"
    capabilities = Capability.DAY_TOTALS | Capability.SET_STATUS
    limits = Limits(batch_size=500, calls_a_minute=120, timeout=timedelta(seconds=10))
    credential_fields: tuple[CredentialField, ...] = (
        CredentialField(
            name="url",
            label="Address of the webhook",
            help="Stops and starts are posted there, over https://.",
            is_secret=False,
        ),
        CredentialField(
            name="secret",
            label="Signing secret",
            help="whsec_ and base64, the same on both sides, as Standard Webhooks has it.",
        ),
        CredentialField(
            name="totals_url",
            label="Address of the totals",
            help="Day totals are fetched from there, as JSON or CSV. Empty: spend comes otherwise.",
            is_secret=False,
            is_required=False,
        ),
    )

    def describe(self, login: Login) -> AccountFacts:
        body = messages.message(
            "connection.test", {"account": login.external_id}, at=datetime.now(UTC)
        )
        return messages.facts(self.post(login, body), login)

    def read_days(
        self, login: Login, campaigns: Sequence[str], *, first: date, last: date
    ) -> Iterable[ReportedDay]:
        url = login.credentials.get("totals_url", "")
        if not url or not campaigns:
            require(login)
            return []
        span = urlencode({"account": login.external_id, "first": first, "last": last})
        response = self.signed(
            login,
            "GET",
            f"{url}{'&' if '?' in url else '?'}{span}",
            b"",
            most_bytes=MOST_BYTES_OF_TOTALS,
            within=TOTALS_WITHIN,
        )
        wanted = set(campaigns)
        return [
            row
            for row in messages.reported_days(response)
            if row.campaign in wanted and first <= row.day <= last
        ]

    def set_status(self, login: Login, orders: Sequence[Order]) -> Sequence[Answer]:
        if not orders:
            return []
        body = messages.wanted(login, orders, at=datetime.now(UTC))
        return messages.answers(self.post(login, body), orders)

    def post(self, login: Login, body: bytes) -> Response:
        url = login.credentials.get("url", "")
        within = self.limits.timeout
        return self.signed(login, "POST", url, body, most_bytes=MOST_BYTES, within=within)

    def signed(
        self,
        login: Login,
        method: str,
        url: str,
        body: bytes,
        *,
        most_bytes: int,
        within: timedelta,
    ) -> Response:
        """Make a request that its receiver can prove to be ours, and of this minute."""
        return request(
            method,
            url,
            headers=headers(require(login), body),
            body=body,
            most_bytes=most_bytes,
            within=within,
            allowed=settings.WEBHOOK_NETWORKS,
        )


def require(login: Login) -> Webhook:
    """Return what signs with the account's secret. Raises `CredentialsError`."""
    if not login.credentials.get("url"):
        raise CredentialsError("Enter the address of the webhook.")
    try:
        return Webhook(login.credentials.get("secret", ""))
    except (EmptyWebhookSecretError, NoBase64, ValueError):
        raise CredentialsError("The signing secret is not whsec_ and base64.") from None


def headers(webhook: Webhook, body: bytes) -> dict[str, str]:
    """Return the headers of a message: each has an ID of its own, so that none counts twice."""
    message_id, now = f"msg_{uuid4().hex}", datetime.now(UTC)
    return {
        "content-type": "application/json",
        "accept": "application/json, text/csv",
        "user-agent": "ad-budget-manager",
        "webhook-id": message_id,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": webhook.sign(message_id, now, body.decode()),
    }
