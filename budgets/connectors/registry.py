"""Connectors by name: a new platform is one module and one line here."""

from collections.abc import Callable

from budgets.connectors.base import Connector
from budgets.connectors.google_ads import GoogleAdsConnector
from budgets.connectors.meta import MetaConnector
from budgets.connectors.mock import MockConnector
from budgets.connectors.webhook import WebhookConnector

CONNECTORS: dict[str, Callable[[], Connector]] = {
    "google_ads": GoogleAdsConnector,
    "meta": MetaConnector,
    "mock": MockConnector,
    "webhook": WebhookConnector,
}


def connector_named(name: str) -> Connector:
    """Return the connector of this name. Raises `LookupError`."""
    try:
        return CONNECTORS[name]()
    except KeyError:
        known = ", ".join(sorted(CONNECTORS))
        raise LookupError(f"There is no connector “{name}”; use one of: {known}.") from None
