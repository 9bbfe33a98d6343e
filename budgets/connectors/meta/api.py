"""The official client of Meta, and what its answers say of how much may still be called."""

from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from time import monotonic
from typing import Any

from django.conf import settings
from facebook_business.api import FacebookAdsApi
from facebook_business.session import FacebookSession

from budgets.connectors.errors import CredentialsError, RateLimited
from budgets.connectors.meta import usage

API_VERSION = "v26.0"

reading_waits: dict[str, float] = {}
"""By access token: until when, on the monotonic clock, what is left is kept for stops."""


def opened(credentials: Mapping[str, str], *, timeout: timedelta) -> FacebookAdsApi:
    """Return the client for credentials. Raises `CredentialsError` without any."""
    token = credentials.get("access_token")
    if not token:
        raise CredentialsError("Enter the access token.")
    session = FacebookSession(
        app_secret=credentials.get("app_secret") or None,
        access_token=token,
        timeout=timeout.total_seconds(),
    )
    session.GRAPH = settings.META_GRAPH_URL
    session.requests.hooks["response"].append(partial(note_usage, token))
    return FacebookAdsApi(session, api_version=API_VERSION)


def note_usage(token: str, response: Any, **_options: object) -> None:
    """Have reading wait where an answer says that nearly all of the quota is used up."""
    if usage.used_percent(response.headers) >= usage.NEARLY_ALL:
        wait = usage.wait(response.headers)
        reading_waits[token] = monotonic() + wait.total_seconds()


def leave_room(token: str) -> None:
    """Raise `RateLimited` where what is left is better kept for stops than read with."""
    left = reading_waits.get(token, 0.0) - monotonic()
    if left > 0:
        raise RateLimited(
            f"{usage.NEARLY_ALL} % of the calls that Meta takes are used up; the rest is kept for "
            "stops.",
            retry_after=timedelta(seconds=left),
        )
